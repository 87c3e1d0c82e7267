package dev.meshdojo.simulator.apiserver.surface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The objects that kube-apiserver itself makes in a fresh cluster: priority classes, the usual
 * cluster roles and bindings, the service range, and the service {@code default/kubernetes} with
 * its endpoints.
 */
final class BootstrapObjects {

    private static final String RESOURCE = "bootstrap.yaml";

    private static final class Parsed {
        static final List<ObjectNode> OBJECTS = read();
    }

    private BootstrapObjects() {}

    /**
     * Creates what is not there yet.
     *
     * @param address the server's address inside the cluster, HOST:PORT
     */
    static void create(ResourceApi api, String address) {
        int colon = address.lastIndexOf(':');
        for (ObjectNode template : Parsed.OBJECTS) {
            ObjectNode object = template.deepCopy();
            fillIn(
                    object,
                    address.substring(0, colon),
                    Integer.parseInt(address.substring(colon + 1)));
            try {
                api.create(object);
            } catch (ApiException e) {
                if (e.code() != 409) {
                    throw e;
                }
            }
        }
    }

    private static void fillIn(ObjectNode object, String host, int port) {
        switch (object.path("kind").asText()) {
            case "Service" ->
                    ((ObjectNode) object.path("spec").path("ports").path(0))
                            .put("targetPort", port);
            case "Endpoints" -> {
                JsonNode subset = object.path("subsets").path(0);
                ((ObjectNode) subset.path("addresses").path(0)).put("ip", host);
                ((ObjectNode) subset.path("ports").path(0)).put("port", port);
            }
            case "EndpointSlice" -> {
                ((ObjectNode) object.path("endpoints").path(0)).putArray("addresses").add(host);
                ((ObjectNode) object.path("ports").path(0)).put("port", port);
            }
            default -> {}
        }
    }

    private static List<ObjectNode> read() {
        InputStream in = BootstrapObjects.class.getResourceAsStream(RESOURCE);
        if (in == null) {
            throw new IllegalStateException(
                    "the class path lacks " + RESOURCE + " beside " + BootstrapObjects.class);
        }
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        List<ObjectNode> objects = new ArrayList<>();
        try (in) {
            yaml.readerFor(ObjectNode.class)
                    .<ObjectNode>readValues(in)
                    .forEachRemaining(objects::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(objects);
    }
}
