package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.ApiServerOptions;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.stream.PodStreamsExtension;
import dev.meshdojo.simulator.apiserver.surface.KubernetesSurface;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** An API server and a node, for tests. */
public final class NodeUnderTest implements AutoCloseable {

    private static final YAMLMapper YAML = new YAMLMapper();

    public final ApiServer server;
    public final ResourceApi api;
    public final LoopbackNetwork network;
    public final Kubelet kubelet;

    public NodeUnderTest(KubeletOptions options) {
        network = new LoopbackNetwork(new Random(1), Clock.systemUTC(), port -> {});
        PodStreamsExtension streams = new PodStreamsExtension();
        server =
                ApiServer.start(
                        ApiServerOptions.defaults()
                                .with(streams)
                                .with(new KubernetesSurface(Clock.systemUTC(), "127.0.0.1:0")));
        api = server.api("test");
        create(
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: default}}");
        kubelet =
                new Kubelet(
                        server.api("kubelet"),
                        network,
                        network.eventLoops(),
                        new ImageCatalogue(container -> () -> {}, container -> 0),
                        options);
        streams.connect(kubelet.streams());
        network.follow(api);
        kubelet.start();
    }

    public ObjectNode create(String yaml) {
        try {
            return api.create((ObjectNode) YAML.readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a pod that fits and returns it. */
    public ObjectNode awaitPod(String name, Predicate<ObjectNode> fits) {
        ResourceKey key = new ResourceKey("", "pods", "default", name);
        return Awaitility.await("pod " + name)
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> {
                            ObjectNode pod = api.find(key);
                            return pod == null ? Fields.object() : pod;
                        },
                        pod -> pod.has("kind") && fits.test(pod));
    }

    public ObjectNode awaitPhase(String name, String phase) {
        return awaitPod(name, pod -> Fields.text(pod, "status", "phase").equals(phase));
    }

    public ObjectNode awaitReady(String name) {
        return awaitPod(
                name,
                pod -> dev.meshdojo.simulator.controller.object.Conditions.holds(pod, "Ready"));
    }

    public List<String> events() {
        return api.list("", "events", "default", "").items().stream()
                .map(event -> Fields.text(event, "reason") + ": " + Fields.text(event, "message"))
                .toList();
    }

    @Override
    public void close() {
        kubelet.close();
        network.close();
        server.close();
    }
}
