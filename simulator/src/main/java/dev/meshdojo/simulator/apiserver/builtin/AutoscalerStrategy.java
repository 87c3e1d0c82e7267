package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.List;

/** Autoscalers: v1 knows CPU only, v2 any metric. */
final class AutoscalerStrategy extends BuiltinStrategy {

    AutoscalerStrategy(String group, String kind) {
        super(group, kind);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return super.validate(newest(object));
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return super.validateUpdate(newest(object), newest(old));
    }

    /** Rules are those of the newest version. */
    private ObjectNode newest(ObjectNode object) {
        return object.path("apiVersion").asText().endsWith("/v1")
                ? convert(object.deepCopy(), "v1", "v2")
                : object;
    }

    @Override
    public ObjectNode convert(ObjectNode object, String fromVersion, String toVersion) {
        if (!(object.get("spec") instanceof ObjectNode from)) {
            return object;
        }
        ObjectNode spec = from.objectNode();
        spec.setAll(from);
        object.set("spec", spec);
        if (fromVersion.equals("v1") && toVersion.equals("v2")) {
            JsonNode target = spec.remove("targetCPUUtilizationPercentage");
            ArrayNode metrics = spec.putArray("metrics");
            ObjectNode resource = metrics.addObject().put("type", "Resource").putObject("resource");
            resource.put("name", "cpu");
            resource.putObject("target")
                    .put("type", "Utilization")
                    .put("averageUtilization", target == null ? 80 : target.asInt());
        } else if (fromVersion.equals("v2") && toVersion.equals("v1")) {
            for (JsonNode metric : spec.path("metrics")) {
                JsonNode resource = metric.path("resource");
                JsonNode percent = resource.path("target").path("averageUtilization");
                if (resource.path("name").asText().equals("cpu") && percent.isNumber()) {
                    spec.set("targetCPUUtilizationPercentage", percent);
                }
            }
            spec.remove("metrics");
            spec.remove("behavior");
            if (object.get("status") instanceof ObjectNode before) {
                ObjectNode status = before.objectNode();
                status.setAll(before);
                status.remove("currentMetrics");
                status.remove("conditions");
                object.set("status", status);
            }
        }
        return object;
    }
}
