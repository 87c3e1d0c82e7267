package dev.meshdojo.simulator.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who owns which fields of an object: {@code metadata.managedFields}. */
final class ManagedFields {

    private static final int MAX_UPDATE_MANAGERS = 10;
    private static final String ANCIENT = "ancient-changes";

    private static final Comparator<Map.Entry<Manager, Owned>> ORDER =
            Comparator.<Map.Entry<Manager, Owned>, String>comparing(
                            entry -> entry.getKey().operation())
                    .thenComparing(entry -> entry.getValue().time())
                    .thenComparing(entry -> entry.getKey().name())
                    .thenComparing(entry -> entry.getValue().apiVersion())
                    .thenComparing(entry -> entry.getKey().subresource());

    private final Map<Manager, Owned> owners = new LinkedHashMap<>();

    /**
     * An owner.
     *
     * @param name the field manager
     * @param operation {@code Apply} or {@code Update}
     * @param apiVersion for updates; empty for applies, which count once over all versions
     * @param subresource empty for the object itself
     */
    record Manager(String name, String operation, String apiVersion, String subresource) {
        static Manager applier(String name, String subresource) {
            return new Manager(name, "Apply", "", subresource);
        }

        static Manager updater(String name, String apiVersion, String subresource) {
            return new Manager(name, "Update", apiVersion, subresource);
        }

        boolean applies() {
            return operation.equals("Apply");
        }

        /** As conflict messages name it. */
        String print() {
            StringBuilder text = new StringBuilder("\"").append(name).append('"');
            if (!subresource.isEmpty()) {
                text.append(" with subresource \"").append(subresource).append('"');
            }
            if (!applies()) {
                text.append(" using ").append(apiVersion);
            }
            return text.toString();
        }
    }

    /**
     * What an owner owns.
     *
     * @param fields paths
     * @param apiVersion that the paths are of
     * @param time of the last change, RFC 3339
     */
    record Owned(FieldSet fields, String apiVersion, String time) {}

    /** Reads an object's owners. */
    static ManagedFields of(JsonNode object) {
        ManagedFields managed = new ManagedFields();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            String operation = entry.path("operation").asText();
            String apiVersion = entry.path("apiVersion").asText();
            if (operation.isEmpty()) {
                continue;
            }
            managed.owners.put(
                    new Manager(
                            entry.path("manager").asText(),
                            operation,
                            operation.equals("Apply") ? "" : apiVersion,
                            entry.path("subresource").asText("")),
                    new Owned(
                            FieldSet.parseRoot(entry.path("fieldsV1")),
                            apiVersion,
                            entry.path("time").asText("")));
        }
        return managed;
    }

    Map<Manager, Owned> owners() {
        return owners;
    }

    @Nullable Owned get(Manager manager) {
        return owners.get(manager);
    }

    void put(Manager manager, Owned owned) {
        owners.put(manager, owned);
    }

    /** Takes fields from everybody but one. */
    void takeFromOthers(Manager keeper, FieldSet fields) {
        for (Manager manager : List.copyOf(owners.keySet())) {
            Owned owned = owners.get(manager);
            if (!manager.equals(keeper) && owned != null) {
                FieldSet left = owned.fields().difference(fields);
                if (left.isEmpty()) {
                    owners.remove(manager);
                } else if (!left.equals(owned.fields())) {
                    owners.put(manager, new Owned(left, owned.apiVersion(), owned.time()));
                }
            }
        }
    }

    void removeEmpty() {
        owners.values().removeIf(owned -> owned.fields().isEmpty());
    }

    /** Joins the oldest updaters when there are too many. */
    void cap() {
        List<Map.Entry<Manager, Owned>> updaters =
                new ArrayList<>(
                        owners.entrySet().stream()
                                .filter(entry -> !entry.getKey().applies())
                                .sorted(ORDER)
                                .toList());
        while (updaters.size() > MAX_UPDATE_MANAGERS) {
            Map.Entry<Manager, Owned> oldest = updaters.removeFirst();
            Map.Entry<Manager, Owned> next = updaters.removeFirst();
            owners.remove(oldest.getKey());
            owners.remove(next.getKey());
            Manager bucket = Manager.updater(ANCIENT, next.getValue().apiVersion(), "");
            Owned joined =
                    new Owned(
                            oldest.getValue().fields().union(next.getValue().fields()),
                            next.getValue().apiVersion(),
                            next.getValue().time());
            owners.put(bucket, joined);
            updaters.addFirst(Map.entry(bucket, joined));
        }
    }

    /** Writes them into an object, or removes the field when nobody owns anything. */
    void writeTo(ObjectNode object) {
        if (!(object.get("metadata") instanceof ObjectNode metadata)) {
            return;
        }
        if (owners.isEmpty()) {
            metadata.remove("managedFields");
            return;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        owners.entrySet().stream()
                .sorted(ORDER)
                .forEach(
                        entry -> {
                            ObjectNode json = list.addObject();
                            json.put("manager", entry.getKey().name());
                            json.put("operation", entry.getKey().operation());
                            json.put("apiVersion", entry.getValue().apiVersion());
                            json.put("time", entry.getValue().time());
                            json.put("fieldsType", "FieldsV1");
                            json.set("fieldsV1", entry.getValue().fields().toJson());
                            if (!entry.getKey().subresource().isEmpty()) {
                                json.put("subresource", entry.getKey().subresource());
                            }
                        });
        metadata.set("managedFields", list);
    }
}
