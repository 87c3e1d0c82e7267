package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.builtin.validation.EventRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Events, which the core group and {@code events.k8s.io} show under different names. */
final class EventStrategy extends BuiltinStrategy {

    /** Core's names and those of {@code events.k8s.io}. */
    private static final Map<String, String> NAMES =
            Map.of(
                    "involvedObject", "regarding",
                    "message", "note",
                    "source", "deprecatedSource",
                    "firstTimestamp", "deprecatedFirstTimestamp",
                    "lastTimestamp", "deprecatedLastTimestamp",
                    "count", "deprecatedCount",
                    "reportingComponent", "reportingController");

    /** Core writes them always, the new group only with a value. */
    private static final Set<String> OMITTED = Set.of("reportingComponent", "reportingInstance");

    private final boolean core;

    EventStrategy(String group, String kind) {
        super(group, kind);
        this.core = group.isEmpty();
    }

    @Override
    public Map<String, Function<ObjectNode, String>> selectableFields() {
        return core ? super.selectableFields() : SelectableFields.ofNewEvents();
    }

    /** Both groups share one internal form, which is core's. */
    @Override
    public String refusalGroup(String group) {
        return "";
    }

    @Override
    public List<String> validateName(String name, boolean prefix) {
        return core ? Names.pathSegment(name, prefix) : Names.subdomain(name, prefix);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return EventRules.validate(object, core);
    }

    /** What is stored is core's form. */
    @Override
    public ObjectNode encode(ObjectNode object, ResourceType type) {
        if (core) {
            return super.encode(object, type);
        }
        ObjectNode stored = object.objectNode();
        object.properties()
                .forEach(field -> stored.set(coreName(field.getKey()), field.getValue()));
        stored.put("apiVersion", "v1");
        return stored;
    }

    private static String coreName(String name) {
        for (Map.Entry<String, String> pair : NAMES.entrySet()) {
            if (pair.getValue().equals(name)) {
                return pair.getKey();
            }
        }
        return name;
    }

    @Override
    public ObjectNode convert(ObjectNode object, String fromVersion, String toVersion) {
        if (core || !object.has("involvedObject")) {
            return object;
        }
        ObjectNode shown = object.objectNode();
        for (var field : object.properties()) {
            JsonNode value = field.getValue();
            if (OMITTED.contains(field.getKey()) && value.asText().isEmpty()) {
                continue;
            }
            shown.set(NAMES.getOrDefault(field.getKey(), field.getKey()), value);
        }
        return shown;
    }
}
