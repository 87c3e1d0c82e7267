package dev.meshdojo.simulator.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.ApiServerExtension;
import dev.meshdojo.simulator.apiserver.ApiServerOptions;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.service.AddressPool;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An API server with controllers and a stand-in for the kubelet that sets scheduled pods running at
 * once: an image with {@code missing} never starts, a command with {@code exit 1} fails, one that
 * is not {@code sleep} succeeds when the pod need not run for ever.
 */
public final class TestCluster implements AutoCloseable {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final System.Logger LOG = System.getLogger(TestCluster.class.getName());

    private final ApiServer server;
    private final ControllerSet controllers;
    private final AtomicInteger addresses = new AtomicInteger(1);
    private final Thread kubelet;

    private TestCluster(
            @Nullable AddressPool pool, Clock clock, List<ApiServerExtension> extensions) {
        List<ApiServerExtension> all = new ArrayList<>();
        all.add(new ClusterControllers(clock, 1));
        all.addAll(extensions);
        this.server =
                ApiServer.start(
                        new ApiServerOptions(0, "test", "default", clock, 10_000, null, all));
        new FreshCluster(server::api, clock, 6443, "ca").create();
        edit(
                new ResourceKey("", "nodes", "", FreshCluster.NODE),
                node -> Fields.child(node, "spec").remove("taints"));
        this.controllers =
                ControllerSet.start(
                        new ControllerOptions(
                                "test", server::api, clock, "PEM", (a, s) -> "token", null, pool));
        this.kubelet = Thread.ofVirtual().name("test-kubelet").start(this::runPods);
    }

    public static TestCluster start() {
        return new TestCluster(null, Clock.systemUTC(), List.of());
    }

    public static TestCluster start(Clock clock) {
        return new TestCluster(null, clock, List.of());
    }

    public static TestCluster withPool(AddressPool pool) {
        return new TestCluster(pool, Clock.systemUTC(), List.of());
    }

    public static TestCluster with(ApiServerExtension... extensions) {
        return new TestCluster(null, Clock.systemUTC(), List.of(extensions));
    }

    public ResourceApi api() {
        return server.api("test");
    }

    public String kubeconfig() {
        return server.kubeconfig();
    }

    public ControllerSet controllers() {
        return controllers;
    }

    public static ObjectNode parse(String yaml) {
        try {
            return (ObjectNode) YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    public ObjectNode create(String yaml) {
        return api().create(parse(yaml));
    }

    public static ResourceKey key(String group, String plural, String name) {
        return new ResourceKey(group, plural, "default", name);
    }

    /** Waits until an object is as wanted; says what was last seen when it never is. */
    public ObjectNode await(ResourceKey key, Predicate<ObjectNode> condition) {
        try {
            Awaitility.await(key.toString())
                    .atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> api().find(key), o -> o != null && condition.test(o));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "pods: " + list("", "pods", "") + "\nlast seen: " + api().find(key), e);
        }
        return api().get(key);
    }

    public void awaitGone(ResourceKey key) {
        Awaitility.await(key.toString())
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> api().find(key) == null);
    }

    public ObjectNode edit(ResourceKey key, java.util.function.Consumer<ObjectNode> change) {
        ObjectNode stored =
                api().edit(
                                key,
                                copy -> {
                                    if (copy != null) {
                                        change.accept(copy);
                                    }
                                    return copy;
                                });
        if (stored == null) {
            throw new IllegalStateException("no " + key);
        }
        return stored;
    }

    public List<ObjectNode> list(String group, String plural, String selector) {
        return api().list(group, plural, "default", selector).items();
    }

    /** {@code type reason source message} of the events about one object, in order of writing. */
    public List<String> events(String kind, String name) {
        return api().list("", "events", "", "").items().stream()
                .filter(event -> Fields.text(event, "involvedObject", "kind").equals(kind))
                .filter(event -> Fields.text(event, "involvedObject", "name").equals(name))
                .sorted(java.util.Comparator.comparingLong(Meta::revision))
                .map(
                        event ->
                                String.join(
                                        " ",
                                        Fields.text(event, "type"),
                                        Fields.text(event, "reason"),
                                        Fields.text(event, "reportingComponent"),
                                        Fields.text(event, "message")))
                .toList();
    }

    private void runPods() {
        ResourceApi api = server.api("kubelet");
        ResourceApi.ObjectList list = api.list("", "pods", "", "");
        list.items().forEach(pod -> run(api, pod));
        try (ResourceApi.EventStream events = api.watch("", "pods", "", list.resourceVersion())) {
            for (var event = events.next(); event != null; event = events.next()) {
                if (event.type() != ResourceApi.EventType.DELETED) {
                    run(api, event.object());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(ResourceApi api, ObjectNode pod) {
        if (Meta.deleting(pod)) {
            api.deleteNow(
                    new ResourceKey("", "pods", Meta.namespace(pod), Meta.name(pod)),
                    Meta.uid(pod));
            return;
        }
        String image = Fields.text(pod.path("spec").path("containers").path(0), "image");
        if (!Pods.scheduled(pod)
                || image.contains("missing")
                || Fields.has(pod, "status", "podIP")) {
            return;
        }
        try {
            api.editStatus(
                    new ResourceKey("", "pods", Meta.namespace(pod), Meta.name(pod)),
                    copy -> copy == null ? null : running(copy));
        } catch (ApiException e) {
            LOG.log(System.Logger.Level.WARNING, "the kubelet could not write a status", e);
        }
    }

    private ObjectNode running(ObjectNode pod) {
        ObjectNode status = Fields.child(pod, "status");
        String command = pod.path("spec").path("containers").path(0).path("command").toString();
        boolean forever = Fields.text(pod, "spec", "restartPolicy").equals("Always");
        status.put("podIP", "10.244.0." + addresses.incrementAndGet());
        if (forever
                || pod.path("spec").path("restartPolicy").isMissingNode()
                || command.contains("sleep")) {
            status.put("phase", "Running");
            Conditions.set(status, "Ready", "True", "", "", Clock.systemUTC().instant());
        } else {
            boolean fails = command.contains("exit 1");
            status.put("phase", fails ? "Failed" : "Succeeded");
            status.putArray("containerStatuses")
                    .addObject()
                    .put("name", text(pod.path("spec").path("containers").path(0), "name"))
                    .putObject("state")
                    .putObject("terminated")
                    .put("exitCode", fails ? 1 : 0)
                    .put("finishedAt", Meta.time(Clock.systemUTC().instant()));
        }
        return pod;
    }

    /** A node's text at a path, for assertions. */
    public static String text(JsonNode node, String... path) {
        return Fields.text(node, path);
    }

    @Override
    public void close() {
        kubelet.interrupt();
        controllers.close();
        server.close();
    }
}
