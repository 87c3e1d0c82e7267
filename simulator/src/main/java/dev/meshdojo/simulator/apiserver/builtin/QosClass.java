package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A pod's quality of service, from its containers' requests and limits. */
final class QosClass {

    private QosClass() {}

    static String of(JsonNode pod) {
        boolean any = false;
        boolean guaranteed = true;
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : pod.path("spec").path(list)) {
                JsonNode limits = container.path("resources").path("limits");
                JsonNode requests = container.path("resources").path("requests");
                for (String resource : List.of("cpu", "memory")) {
                    JsonNode limit = limits.path(resource);
                    JsonNode request = requests.path(resource);
                    any |= !limit.isMissingNode() || !request.isMissingNode();
                    guaranteed &=
                            !limit.isMissingNode()
                                    && (request.isMissingNode()
                                            || Quantities.value(request.asText())
                                                            .compareTo(
                                                                    Quantities.value(
                                                                            limit.asText()))
                                                    == 0);
                }
            }
        }
        return any ? (guaranteed ? "Guaranteed" : "Burstable") : "BestEffort";
    }
}
