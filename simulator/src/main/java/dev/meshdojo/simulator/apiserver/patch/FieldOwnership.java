package dev.meshdojo.simulator.apiserver.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.patch.ManagedFields.Manager;
import dev.meshdojo.simulator.apiserver.patch.ManagedFields.Owned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Server-side apply and the book-keeping of field owners that every other write does, after the
 * rules of Kubernetes' structured-merge-diff.
 *
 * @param schema of the objects
 * @param manager who writes
 * @param apiVersion of the request
 * @param subresource empty for the object itself
 * @param time of the write, RFC 3339
 * @param unowned top-level fields that this kind of write cannot set, so nobody owns them by it
 */
public record FieldOwnership(
        Schema schema,
        String manager,
        String apiVersion,
        String subresource,
        String time,
        List<String> unowned) {

    public FieldOwnership {
        unowned = List.copyOf(unowned);
    }

    private static final List<String> UNMANAGED_METADATA =
            List.of(
                    "name",
                    "namespace",
                    "creationTimestamp",
                    "selfLink",
                    "uid",
                    "clusterName",
                    "generation",
                    "managedFields",
                    "resourceVersion");

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper SORTED =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    /** Applies that change nothing and own nothing still have to be told from conflicts. */
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";

    /**
     * Records who changed what in an ordinary write. Objects that exist without owners stay without
     * them until somebody applies. What cannot be told apart, such as list elements without their
     * keys, leaves the object without owners: validation refuses it in its own words.
     *
     * @param before the live object, or the empty one of the kind for creations
     * @param after the new object; gets its {@code managedFields}
     */
    public void recordUpdate(ObjectNode before, ObjectNode after) {
        ManagedFields managed = ManagedFields.of(requested(before, after) ? after : before);
        boolean exists = before.path("metadata").hasNonNull("uid");
        if (exists && managed.owners().isEmpty()) {
            managed.writeTo(after);
            return;
        }
        TypedValues.Comparison change;
        try {
            change = TypedValues.compare(content(before), content(after), schema);
        } catch (IllegalArgumentException e) {
            ((ObjectNode) after.path("metadata")).remove("managedFields");
            return;
        }
        Manager self = Manager.updater(manager, apiVersion, subresource);
        managed.takeFromOthers(self, change.written().union(change.removed()));
        Owned mine = managed.get(self);
        FieldSet owned = mine == null ? FieldSet.EMPTY : mine.fields();
        FieldSet now = strip(owned.difference(change.removed()).union(change.written()));
        if (mine == null || !now.equals(owned) || !strip(change.written()).isEmpty()) {
            managed.put(self, new Owned(now, apiVersion, time));
        }
        managed.removeEmpty();
        managed.cap();
        managed.writeTo(after);
    }

    /** Whether the request itself says who owns what. */
    private static boolean requested(ObjectNode before, ObjectNode after) {
        JsonNode wanted = after.path("metadata").path("managedFields");
        if (wanted.isArray() && wanted.size() == 1 && wanted.get(0).isEmpty()) {
            return true;
        }
        return wanted.isArray()
                && !wanted.isEmpty()
                && !wanted.equals(before.path("metadata").path("managedFields"));
    }

    /**
     * Applies a configuration.
     *
     * @param live the live object, or the empty one of the kind
     * @param isNew whether there is no live object
     * @param config what is applied; without managedFields
     * @param force whether fields of others are taken over
     * @return the new object with its {@code managedFields}
     * @throws ApiException 409 when others own fields with other values and {@code force} is not
     *     set
     */
    public ObjectNode apply(ObjectNode live, boolean isNew, ObjectNode config, boolean force) {
        ManagedFields managed = ManagedFields.of(live);
        if (!isNew && managed.owners().isEmpty()) {
            managed.put(
                    Manager.updater(BEFORE_FIRST_APPLY, apiVersion, ""),
                    new Owned(strip(TypedValues.fields(content(live), schema)), apiVersion, time));
        }
        Manager self = Manager.applier(manager, subresource);
        Owned last = managed.get(self);
        ObjectNode applied = content(config);
        FieldSet wanted = strip(TypedValues.fields(applied, schema));
        ObjectNode base = content(live);
        JsonNode merged = TypedValues.merge(base, applied, schema);
        boolean same = last != null && last.fields().equals(wanted);
        managed.put(self, new Owned(wanted, apiVersion, same && last != null ? last.time() : time));
        if (last != null) {
            merged = prune(merged, last.fields(), managed);
        }
        TypedValues.Comparison change = TypedValues.compare(base, merged, schema);
        FieldSet written = change.written();
        if (!force) {
            checkConflicts(managed, self, written.difference(lastApplied(live, base)));
        }
        managed.takeFromOthers(self, written.union(change.removed()));
        managed.removeEmpty();
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.setAll((ObjectNode) merged);
        restoreIdentity(result, live, config);
        if (isKubectl() && annotations(live).has(LAST_APPLIED)) {
            result.withObject("/metadata/annotations").put(LAST_APPLIED, text(config));
        }
        managed.writeTo(result);
        return result;
    }

    private boolean isKubectl() {
        return manager.equals("kubectl");
    }

    private static JsonNode annotations(ObjectNode object) {
        return object.path("metadata").path("annotations");
    }

    /** kubectl may change what it applied itself before it applied by the server. */
    private FieldSet lastApplied(ObjectNode live, ObjectNode base) {
        String text = annotations(live).path(LAST_APPLIED).asText("");
        if (!isKubectl() || text.isEmpty()) {
            return FieldSet.EMPTY;
        }
        try {
            if (!(JSON.readTree(text) instanceof ObjectNode last)) {
                return FieldSet.EMPTY;
            }
            ObjectNode applied = content(last);
            TypedValues.Comparison drift = TypedValues.compare(applied, base, schema);
            return TypedValues.fields(applied, schema)
                    .difference(drift.written())
                    .difference(drift.removed());
        } catch (JsonProcessingException | IllegalArgumentException _) {
            return FieldSet.EMPTY;
        }
    }

    private static String text(ObjectNode config) {
        try {
            return SORTED.writeValueAsString(SORTED.treeToValue(config, Object.class)) + "\n";
        } catch (JsonProcessingException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What the applier named before and names no longer goes, unless somebody owns it. */
    private JsonNode prune(JsonNode merged, FieldSet last, ManagedFields managed) {
        FieldSet kept = FieldSet.EMPTY;
        for (Owned owned : managed.owners().values()) {
            kept = kept.union(owned.fields());
        }
        FieldSet gone = last.withNamedFields().difference(kept.withNamedFields());
        return TypedValues.remove(merged, gone, schema);
    }

    private static void restoreIdentity(ObjectNode result, ObjectNode live, ObjectNode config) {
        ObjectNode metadata =
                result.get("metadata") instanceof ObjectNode object
                        ? object
                        : result.putObject("metadata");
        for (String field : UNMANAGED_METADATA) {
            JsonNode value = live.path("metadata").get(field);
            JsonNode named = config.path("metadata").get(field);
            JsonNode chosen = named != null && !field.equals("managedFields") ? named : value;
            if (chosen != null && !chosen.isNull()) {
                metadata.set(field, chosen);
            }
        }
        result.set("apiVersion", config.path("apiVersion"));
        result.set("kind", config.path("kind"));
    }

    private static void checkConflicts(ManagedFields managed, Manager self, FieldSet written) {
        Map<String, List<String>> conflicts = new TreeMap<>();
        int count = 0;
        for (Map.Entry<Manager, Owned> owner : managed.owners().entrySet()) {
            if (owner.getKey().equals(self)) {
                continue;
            }
            List<String> paths = owner.getValue().fields().intersection(written).paths();
            if (!paths.isEmpty()) {
                conflicts
                        .computeIfAbsent(owner.getKey().print(), _ -> new ArrayList<>())
                        .addAll(paths);
                count += paths.size();
            }
        }
        if (count > 0) {
            throw conflict(conflicts, count);
        }
    }

    private static ApiException conflict(Map<String, List<String>> conflicts, int count) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        ArrayNode causes = details.putArray("causes");
        List<String> lines = new ArrayList<>();
        conflicts.forEach(
                (owner, paths) -> {
                    if (count == 1) {
                        lines.add("conflict with " + owner + ": " + paths.getFirst());
                    } else {
                        lines.add("conflicts with " + owner + ":");
                        paths.forEach(path -> lines.add("- " + path));
                    }
                    for (String path : paths) {
                        causes.addObject()
                                .put("reason", "FieldManagerConflict")
                                .put("message", "conflict with " + owner)
                                .put("field", path);
                    }
                });
        return Statuses.failure(
                409,
                "Conflict",
                "Apply failed with "
                        + count
                        + (count == 1 ? " conflict: " : " conflicts: ")
                        + String.join("\n", lines),
                details);
    }

    /**
     * Checks an applied configuration against the schema.
     *
     * @return what is wrong, or null
     */
    public @Nullable String problem(ObjectNode config) {
        List<String> problems = TypedValues.check(config, schema);
        if (problems.isEmpty()) {
            return null;
        }
        return problems.size() == 1
                ? problems.getFirst()
                : "errors:\n  " + String.join("\n  ", problems);
    }

    /** The object without what nobody manages. */
    private static ObjectNode content(ObjectNode object) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        copy.setAll(object);
        copy.remove(List.of("apiVersion", "kind"));
        if (object.get("metadata") instanceof ObjectNode metadata) {
            ObjectNode kept = JsonNodeFactory.instance.objectNode();
            kept.setAll(metadata);
            kept.remove(UNMANAGED_METADATA);
            copy.set("metadata", kept);
        }
        return copy;
    }

    private FieldSet strip(FieldSet fields) {
        FieldSet kept = fields.withoutMember(PathElements.field("metadata"));
        for (String field : unowned) {
            kept = kept.without(PathElements.field(field));
        }
        return kept;
    }
}
