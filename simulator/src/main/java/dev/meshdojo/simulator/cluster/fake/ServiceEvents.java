package dev.meshdojo.simulator.cluster.fake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.network.ExposedPort;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Events on Services about where their ports answer on this host. */
final class ServiceEvents {

    private ServiceEvents() {}

    static void portMoved(ResourceApi api, ExposedPort port) {
        ObjectNode service =
                api.find(new ResourceKey("", "services", port.namespace(), port.service()));
        if (service == null) {
            return;
        }
        String message =
                "Port "
                        + port.port()
                        + " ("
                        + port.clusterAddress().getHostString()
                        + ":"
                        + port.clusterAddress().getPort()
                        + ") is reached from this host at "
                        + port.hostAddress().getAddress().getHostAddress()
                        + ":"
                        + port.hostAddress().getPort();
        try {
            api.create(event(service, message));
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 403) {
                throw e;
            }
        }
    }

    private static ObjectNode event(ObjectNode service, String message) {
        String name = service.path("metadata").path("name").asText();
        String namespace = service.path("metadata").path("namespace").asText();
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("name", name + "." + Long.toHexString(System.nanoTime()))
                .put("namespace", namespace);
        event.putObject("involvedObject")
                .put("apiVersion", "v1")
                .put("kind", "Service")
                .put("name", name)
                .put("namespace", namespace)
                .put("uid", service.path("metadata").path("uid").asText());
        event.put("type", "Normal").put("reason", "MappedToHostPort").put("message", message);
        event.putObject("source").put("component", "meshdojo");
        event.put("firstTimestamp", now).put("lastTimestamp", now).put("count", 1);
        event.put("reportingComponent", "meshdojo").put("reportingInstance", "");
        return event;
    }
}
