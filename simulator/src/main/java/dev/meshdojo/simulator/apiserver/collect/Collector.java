package dev.meshdojo.simulator.apiserver.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi.EventType;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.UserInfo;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.DeleteOperation;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import dev.meshdojo.simulator.apiserver.operation.UpdateOperation;
import dev.meshdojo.simulator.apiserver.storage.StoreEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what lost its owners, finishes foreground and orphaning deletions, and empties namespaces
 * that end. One virtual thread; woken by the store's changes.
 */
public final class Collector implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Collector.class.getName());
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";

    private final ApiCore core;
    private final DeleteOperation delete;
    private final UpdateOperation update;
    private final OwnerGraph graph = new OwnerGraph();
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final ReentrantLock working = new ReentrantLock();
    private final Thread thread;

    private sealed interface Task {}

    /** An owner is gone, or terminates and waits for its dependents. */
    private record Owner(String uid) implements Task {}

    /** An object that names owners was written. */
    private record Dependent(String uid) implements Task {}

    private record Namespace(String name) implements Task {}

    /** Starts to follow a store. */
    public Collector(ApiCore core) {
        this.core = core;
        this.delete = new DeleteOperation(core);
        this.update = new UpdateOperation(core);
        core.store().onCommit(this::committed);
        core.store()
                .image()
                .buckets()
                .forEach(
                        (bucket, objects) ->
                                objects.forEachFrom(
                                        "",
                                        (key, object) -> {
                                            stored(bucket, key, object);
                                            return true;
                                        }));
        this.thread = Thread.ofVirtual().name("garbage-collector").start(this::run);
    }

    /**
     * Changes the store while nothing is collected, so that the order in which owners and
     * dependents are written does not matter.
     */
    public void paused(Runnable change) {
        working.lock();
        try {
            change.run();
        } finally {
            working.unlock();
        }
    }

    /** Runs under the store's write lock: only takes notes. */
    private void committed(String bucket, StoreEvent event) {
        ObjectNode object = event.object();
        if (event.type() == EventType.DELETED) {
            String uid = Meta.uid(object);
            String namespace = Meta.namespace(object);
            JsonNode owners = object.path("metadata").path("ownerReferences");
            graph.remove(uid);
            tasks.add(new Owner(uid));
            for (JsonNode owner : owners) {
                tasks.add(new Owner(owner.path("uid").asText()));
            }
            if (!namespace.isEmpty()) {
                tasks.add(new Namespace(namespace));
            }
            return;
        }
        stored(bucket, event.key(), object);
    }

    private void stored(String bucket, String key, ObjectNode object) {
        String uid = Meta.uid(object);
        graph.put(bucket, key, object);
        if (!object.path("metadata").path("ownerReferences").isEmpty()) {
            tasks.add(new Dependent(uid));
        }
        if (Meta.deleting(object)) {
            tasks.add(
                    bucket.equals("namespaces")
                            ? new Namespace(Meta.name(object))
                            : new Owner(uid));
        }
    }

    private void run() {
        try {
            while (true) {
                Task task = tasks.take();
                working.lockInterruptibly();
                try {
                    switch (task) {
                        case Owner owner -> owner(owner.uid());
                        case Dependent dependent -> dependent(dependent.uid());
                        case Namespace namespace -> namespace(namespace.name());
                    }
                } catch (ApiException e) {
                    LOG.log(Level.DEBUG, () -> task + ": " + e.getMessage());
                } catch (RuntimeException e) {
                    LOG.log(Level.WARNING, () -> task + " failed", e);
                } finally {
                    working.unlock();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void owner(String uid) {
        OwnerGraph.Node node = graph.find(uid);
        if (node == null) {
            graph.dependentsOf(uid).forEach(this::dependent);
            return;
        }
        ObjectNode object = core.store().find(node.bucket(), node.key());
        if (object == null || !Meta.deleting(object)) {
            return;
        }
        List<String> finalizers = Meta.finalizers(object);
        if (finalizers.contains(ORPHAN)) {
            graph.dependentsOf(uid).forEach(dependent -> release(dependent, uid));
            dropFinalizer(node, ORPHAN);
        } else if (finalizers.contains(FOREGROUND)) {
            boolean blocked = false;
            for (String dependent : graph.dependentsOf(uid)) {
                blocked |= deleteDependent(dependent, uid);
            }
            if (!blocked) {
                dropFinalizer(node, FOREGROUND);
            }
        }
    }

    /** Whether the dependent still holds up its owner's deletion. */
    private boolean deleteDependent(String uid, String owner) {
        OwnerGraph.Node node = graph.find(uid);
        ObjectNode object = node == null ? null : core.store().find(node.bucket(), node.key());
        if (node == null || object == null) {
            return false;
        }
        boolean blocks = false;
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            blocks |=
                    reference.path("uid").asText().equals(owner)
                            && reference.path("blockOwnerDeletion").asBoolean();
        }
        if (!Meta.deleting(object)) {
            String policy = graph.dependentsOf(uid).isEmpty() ? "Background" : "Foreground";
            delete(node, policy, uid);
        }
        return blocks && graph.exists(uid);
    }

    private void dependent(String uid) {
        OwnerGraph.Node node = graph.find(uid);
        if (node == null
                || node.owners().isEmpty()
                || node.owners().stream().allMatch(graph::exists)) {
            return;
        }
        if (node.owners().stream().anyMatch(graph::exists)) {
            node.owners().stream()
                    .filter(owner -> !graph.exists(owner))
                    .forEach(owner -> release(uid, owner));
            return;
        }
        ObjectNode object = core.store().find(node.bucket(), node.key());
        if (object != null && !Meta.deleting(object)) {
            delete(node, null, uid);
        }
    }

    private void delete(OwnerGraph.Node node, @Nullable String policy, String uid) {
        RequestScope scope = scope(node);
        if (scope == null) {
            return;
        }
        try {
            delete.delete(
                    scope, nameOf(node), new DeleteOperation.Options(null, policy, uid, null));
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 409) {
                throw e;
            }
        }
    }

    private void release(String uid, String owner) {
        OwnerGraph.Node node = graph.find(uid);
        if (node == null) {
            return;
        }
        edit(
                node,
                live -> {
                    ObjectNode copy = live.deepCopy();
                    ObjectNode metadata = Meta.of(copy);
                    ArrayNode left = copy.arrayNode();
                    for (JsonNode reference : metadata.path("ownerReferences")) {
                        if (!reference.path("uid").asText().equals(owner)) {
                            left.add(reference);
                        }
                    }
                    if (left.isEmpty()) {
                        metadata.remove("ownerReferences");
                    } else {
                        metadata.set("ownerReferences", left);
                    }
                    return copy;
                });
    }

    private void dropFinalizer(OwnerGraph.Node node, String finalizer) {
        edit(
                node,
                live -> {
                    ObjectNode copy = live.deepCopy();
                    List<String> left = Meta.finalizers(copy);
                    left.remove(finalizer);
                    Meta.finalizers(copy, left);
                    return copy;
                });
    }

    private void edit(OwnerGraph.Node node, Function<ObjectNode, @Nullable ObjectNode> change) {
        RequestScope scope = scope(node);
        if (scope == null) {
            return;
        }
        try {
            update.update(scope, nameOf(node), change);
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    /** Deletes what is in a terminating namespace; ends it when nothing is left. */
    private void namespace(String name) {
        ObjectNode namespace = core.store().find("namespaces", Meta.key("", name));
        if (namespace == null || !Meta.deleting(namespace)) {
            return;
        }
        boolean empty = true;
        for (ResourceDefinition definition : List.copyOf(core.registry().all())) {
            if (!definition.namespaced() || !definition.allows("delete")) {
                continue;
            }
            List<ObjectNode> found = new ArrayList<>();
            core.store()
                    .snapshot(definition.bucket())
                    .objects()
                    .forEachFrom(
                            name + "/",
                            (key, object) -> key.startsWith(name + "/") && found.add(object));
            for (ObjectNode object : found) {
                empty = false;
                if (!Meta.deleting(object)) {
                    delete(
                            new OwnerGraph.Node(
                                    definition.bucket(),
                                    Meta.key(name, Meta.name(object)),
                                    List.of()),
                            null,
                            Meta.uid(object));
                }
            }
        }
        OwnerGraph.Node node = new OwnerGraph.Node("namespaces", Meta.key("", name), List.of());
        RequestScope scope = scope(node);
        if (!empty) {
            if (scope != null) {
                report(scope, name);
            }
            return;
        }
        if (scope != null) {
            update.update(
                    scope.withSubresource("finalize"),
                    name,
                    live -> {
                        ObjectNode copy = live.deepCopy();
                        if (copy.get("spec") instanceof ObjectNode spec) {
                            spec.remove("finalizers");
                        }
                        return copy;
                    });
        }
    }

    private void report(RequestScope scope, String name) {
        NamespaceContent content = NamespaceContent.of(core, name);
        if (content.isEmpty()) {
            return;
        }
        update.update(
                scope.withSubresource("status"),
                name,
                live -> content.reportIn(live.deepCopy(), Meta.now(core.clock())));
    }

    private static String nameOf(OwnerGraph.Node node) {
        return node.key().substring(node.key().indexOf('/') + 1);
    }

    private @Nullable RequestScope scope(OwnerGraph.Node node) {
        int dot = node.bucket().indexOf('.');
        ResourceDefinition definition =
                dot < 0
                        ? core.registry().find("", node.bucket())
                        : core.registry()
                                .find(
                                        node.bucket().substring(dot + 1),
                                        node.bucket().substring(0, dot));
        return definition == null
                ? null
                : new RequestScope(
                        definition,
                        definition.storageVersion(),
                        node.key().substring(0, node.key().indexOf('/')),
                        "",
                        UserInfo.controlPlane("generic-garbage-collector"),
                        "kube-controller-manager",
                        false,
                        _ -> {});
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
