package dev.meshdojo.simulator.cluster.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.storage.PersistentMap;
import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.controller.object.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The pods of a state that were ready then. After the cluster went back they say so until the
 * kubelet has seen them; those that start anew are back when they are ready with other containers.
 */
final class RestoredPods {

    private static final String PODS = "pods";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final ResourceApi api;
    private final List<ObjectNode> expected;

    private RestoredPods(ResourceApi api, List<ObjectNode> expected) {
        this.api = api;
        this.expected = expected;
    }

    /** Call before the cluster goes back: pods that are there now go on. */
    static RestoredPods on(ResourceApi api, Snapshot snapshot) {
        Set<String> running = new HashSet<>();
        api.list("", PODS, "", "").items().stream()
                .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                .forEach(pod -> running.add(Meta.uid(pod)));
        return of(api, snapshot, running);
    }

    /** For a cluster that began with the state: every pod starts. */
    static RestoredPods all(ResourceApi api, Snapshot snapshot) {
        return of(api, snapshot, Set.of());
    }

    private static RestoredPods of(ResourceApi api, Snapshot snapshot, Set<String> running) {
        List<ObjectNode> expected = new ArrayList<>();
        PersistentMap<ObjectNode> pods =
                snapshot.image().buckets().getOrDefault(PODS, PersistentMap.empty());
        pods.forEachFrom(
                "",
                (_, pod) -> {
                    if (ready(pod) && !running.contains(Meta.uid(pod))) {
                        expected.add(pod);
                    }
                    return true;
                });
        return new RestoredPods(api, expected);
    }

    /**
     * Waits.
     *
     * @throws TimeoutException naming a pod that is not back
     */
    void await(Duration limit) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + limit.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        for (ObjectNode pod : expected) {
            while (!back(pod)) {
                boolean late = System.nanoTime() > deadline;
                if (late || never.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new TimeoutException(
                            "pod "
                                    + Meta.namespace(pod)
                                    + "/"
                                    + Meta.name(pod)
                                    + " is not ready again after "
                                    + limit.toSeconds()
                                    + " s; look with: kubectl describe pod");
                }
            }
        }
    }

    private boolean back(ObjectNode then) {
        ObjectNode now = api.find(new ResourceKey("", PODS, Meta.namespace(then), Meta.name(then)));
        return now == null
                || !Meta.uid(now).equals(Meta.uid(then))
                || (ready(now) && !container(now).equals(container(then)));
    }

    private static boolean ready(JsonNode pod) {
        for (JsonNode condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static String container(JsonNode pod) {
        return pod.at("/status/containerStatuses/0/containerID").asText();
    }
}
