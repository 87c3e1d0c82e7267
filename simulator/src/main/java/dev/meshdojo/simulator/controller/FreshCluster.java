package dev.meshdojo.simulator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.rbac.BootstrapPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Makes what a new cluster has before anyone uses it: namespaces, one node, the service {@code
 * kubernetes}, roles, priority classes. Works again over a cluster that has them.
 */
public final class FreshCluster {

    /** The name of the one node. */
    public static final String NODE = "lab-node";

    /** The address of the one node. */
    public static final String NODE_ADDRESS = "192.168.49.2";

    private static final String RESOURCE = "/dev/meshdojo/simulator/controller/fresh-cluster.yaml";

    private final Function<String, ResourceApi> api;
    private final InstantSource clock;
    private final int port;
    private final String caPem;

    /**
     * For one API server.
     *
     * @param api the verbs under a field manager's name
     * @param port the API server's, for the endpoints of the service {@code kubernetes}
     * @param caPem the API server's CA
     */
    public FreshCluster(
            Function<String, ResourceApi> api, InstantSource clock, int port, String caPem) {
        this.api = api;
        this.clock = clock;
        this.port = port;
        this.caPem = caPem;
    }

    /** Creates all that is missing. */
    public void create() {
        Instant now = clock.instant();
        String text =
                read().replace("${now}", Meta.time(now))
                        .replace("${micros}", Meta.time(now).replace("Z", ".000000Z"))
                        .replace("${date}", Meta.time(now).substring(0, 10))
                        .replace("${ca}", caPem.replace("\n", "\\n"))
                        .replace("${port}", Integer.toString(port))
                        .replace("${address}", NODE_ADDRESS)
                        .replace("${node}", NODE);
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        try (var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            while (documents.hasNext()) {
                if (documents.next() instanceof ObjectNode object) {
                    ensure(object);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE, e);
        }
        BootstrapPolicy.objects().forEach(this::ensure);
    }

    private static String read() {
        try (InputStream in = FreshCluster.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + RESOURCE);
            }
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE, e);
        }
    }

    private void ensure(ObjectNode object) {
        String manager = object.path("kind").asText().equals("Node") ? "kubelet" : "kube-apiserver";
        ResourceApi verbs = api.apply(manager);
        JsonNode status = object.get("status");
        try {
            verbs.create(object);
        } catch (ApiException e) {
            if (!e.reason().equals("AlreadyExists")) {
                throw e;
            }
            if (namesServer(object)) {
                verbs.edit(key(object), live -> live == null ? null : withPorts(live, object));
            }
            return;
        }
        if (status != null) {
            verbs.editStatus(
                    key(object),
                    copy -> {
                        if (copy == null) {
                            return null;
                        }
                        copy.set("status", status);
                        return copy;
                    });
        }
    }

    /** Where the API server answers changes from start to start. */
    private static boolean namesServer(ObjectNode object) {
        return Meta.name(object).equals("kubernetes") && Meta.namespace(object).equals("default");
    }

    private static ObjectNode withPorts(ObjectNode live, ObjectNode wanted) {
        for (String field : List.of("subsets", "ports")) {
            if (wanted.has(field)) {
                live.set(field, wanted.get(field));
            }
        }
        if (wanted.path("spec").has("ports")) {
            Fields.child(live, "spec").set("ports", wanted.path("spec").get("ports"));
        }
        return live;
    }

    private static ResourceKey key(ObjectNode object) {
        String apiVersion = Fields.text(object, "apiVersion");
        int slash = apiVersion.indexOf('/');
        String kind = Fields.text(object, "kind").toLowerCase(Locale.ROOT);
        String plural = kind.endsWith("s") ? kind : kind + "s";
        return new ResourceKey(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                plural,
                Meta.namespace(object),
                Meta.name(object));
    }
}
