package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.util.ArrayList;
import java.util.List;

/** A pod's quality of service, from the resources of its containers. */
final class QosClass {

    private QosClass() {}

    static String of(ObjectNode pod) {
        List<ObjectNode> containers = new ArrayList<>(Fields.objects(pod, "spec", "containers"));
        containers.addAll(Fields.objects(pod, "spec", "initContainers"));
        boolean any = false;
        boolean guaranteed = true;
        for (ObjectNode container : containers) {
            JsonNode requests = Fields.at(container, "resources", "requests");
            JsonNode limits = Fields.at(container, "resources", "limits");
            any |= !requests.isEmpty() || !limits.isEmpty();
            for (String resource : List.of("cpu", "memory")) {
                String limit = Fields.text(limits, resource);
                String request = Fields.text(requests, resource);
                guaranteed &= !limit.isEmpty() && (request.isEmpty() || request.equals(limit));
            }
        }
        return guaranteed ? "Guaranteed" : any ? "Burstable" : "BestEffort";
    }
}
