package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The ControllerRevisions of a StatefulSet or DaemonSet: one for each template it had. Source:
 * Kubernetes' {@code pkg/controller/history}.
 */
final class Revisions {

    private static final Comparator<ObjectNode> ORDER =
            Comparator.<ObjectNode>comparingLong(r -> r.path("revision").asLong())
                    .thenComparing(Meta.BY_AGE);

    private final ControllerContext context;
    private final Informer informer;
    private final Ownership ownership;
    private final String hashLabel;
    private final Hashing hashing;

    /** How a revision's data becomes part of its name. */
    @FunctionalInterface
    interface Hashing {
        String hash(ObjectNode data, int collisions);
    }

    Revisions(ControllerContext context, String hashLabel, Hashing hashing) {
        this.context = context;
        this.informer = context.informer("apps", "controllerrevisions");
        this.ownership = new Ownership(context, "apps", "controllerrevisions");
        this.hashLabel = hashLabel;
        this.hashing = hashing;
    }

    /** The owner's revisions, oldest first. */
    List<ObjectNode> of(ObjectNode owner) {
        return ownership
                .claim(owner, LabelSelector.of(Fields.at(owner, "spec", "selector")))
                .stream()
                .sorted(ORDER)
                .toList();
    }

    /** The revision of the owner's present template, made or renumbered as needed. */
    ObjectNode current(ObjectNode owner, List<ObjectNode> all) {
        ObjectNode data = data(owner);
        long next = all.isEmpty() ? 1 : all.getLast().path("revision").asLong() + 1;
        for (ObjectNode revision : all.reversed()) {
            if (Fields.same(data, revision.path("data"))) {
                if (revision.path("revision").asLong() == next - 1) {
                    return revision;
                }
                ObjectNode renumbered = revision.deepCopy();
                renumbered.put("revision", next);
                return informer.observe(context.api().update(renumbered));
            }
        }
        return create(owner, data, next);
    }

    private ObjectNode create(ObjectNode owner, ObjectNode data, long number) {
        int collisions = Fields.number(owner, "status", "collisionCount");
        while (true) {
            String hash = hashing.hash(data, collisions);
            ObjectNode revision =
                    Fields.manifest(
                            "apps/v1",
                            "ControllerRevision",
                            Meta.namespace(owner),
                            Meta.name(owner) + "-" + hash);
            ObjectNode metadata = Fields.child(revision, "metadata");
            ObjectNode labels =
                    Fields.object(Fields.strings(owner, "spec", "template", "metadata", "labels"));
            labels.put(hashLabel, hash);
            metadata.set("labels", labels);
            JsonNode annotations = Fields.at(owner, "metadata", "annotations");
            if (!annotations.isEmpty()) {
                metadata.set("annotations", annotations.deepCopy());
            }
            Meta.control(revision, owner);
            revision.set("data", data);
            revision.put("revision", number);
            try {
                return informer.observe(context.api().create(revision));
            } catch (ApiException e) {
                if (!e.reason().equals("AlreadyExists")) {
                    throw e;
                }
                collisions++;
            }
        }
    }

    private static ObjectNode data(ObjectNode owner) {
        ObjectNode data = Fields.object();
        ObjectNode template = Fields.at(owner, "spec", "template").deepCopy();
        template.put("$patch", "replace");
        data.putObject("spec").set("template", template);
        return data;
    }

    /** The pod template that a revision holds. */
    static ObjectNode template(ObjectNode revision) {
        ObjectNode template = Fields.at(revision, "data", "spec", "template").deepCopy();
        template.remove("$patch");
        return template;
    }

    /** The hash that names a revision. */
    String hash(ObjectNode revision) {
        return Meta.labels(revision).getOrDefault(hashLabel, "");
    }

    /** Deletes revisions that nothing uses, beyond the history limit. */
    void prune(ObjectNode owner, List<ObjectNode> all, Set<String> used) {
        List<ObjectNode> unused =
                all.stream().filter(revision -> !used.contains(Meta.name(revision))).toList();
        int surplus = unused.size() - Fields.number(10, owner, "spec", "revisionHistoryLimit");
        for (int i = 0; i < surplus; i++) {
            ObjectNode revision = unused.get(i);
            context.api()
                    .delete(
                            new ResourceKey(
                                    "apps",
                                    "controllerrevisions",
                                    Meta.namespace(revision),
                                    Meta.name(revision)));
            informer.forget(revision);
        }
    }
}
