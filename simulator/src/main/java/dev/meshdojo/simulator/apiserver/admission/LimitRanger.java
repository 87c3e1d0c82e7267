package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** LimitRanges: defaults of containers' requests and limits, and their bounds. */
public final class LimitRanger implements AdmissionPlugin {

    private final ResourceApi api;

    public LimitRanger(ResourceApi api) {
        this.api = api;
    }

    @Override
    public String name() {
        return "LimitRanger";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        ObjectNode pod = request.object();
        if (!request.isFor("", "pods", List.of(AdmissionRequest.Operation.CREATE)) || pod == null) {
            return;
        }
        for (ObjectNode range : ranges(request)) {
            Map<String, JsonNode> requests = defaults(range, "defaultRequest");
            Map<String, JsonNode> limits = defaults(range, "default");
            List<String> notes = new ArrayList<>();
            for (String list : List.of("containers", "initContainers")) {
                for (JsonNode container : pod.path("spec").path(list)) {
                    String suffix =
                            (list.equals("containers") ? "container " : "init container ")
                                    + container.path("name").asText();
                    note(notes, fill(container, "requests", requests), " request for " + suffix);
                    note(notes, fill(container, "limits", limits), " limit for " + suffix);
                }
            }
            if (!notes.isEmpty()) {
                pod.withObject("/metadata/annotations")
                        .put(
                                "kubernetes.io/limit-ranger",
                                "LimitRanger plugin set: " + String.join("; ", notes));
            }
        }
    }

    private static void note(List<String> notes, SortedSet<String> names, String what) {
        if (!names.isEmpty()) {
            notes.add(String.join(", ", names) + what);
        }
    }

    private static SortedSet<String> fill(
            JsonNode container, String kind, Map<String, JsonNode> values) {
        TreeSet<String> filled = new TreeSet<>();
        values.forEach(
                (resource, value) -> {
                    if (!container.path("resources").path(kind).has(resource)) {
                        ((ObjectNode) container)
                                .withObject("/resources/" + kind)
                                .set(resource, value);
                        filled.add(resource);
                    }
                });
        return filled;
    }

    private static Map<String, JsonNode> defaults(ObjectNode range, String kind) {
        Map<String, JsonNode> values = new TreeMap<>();
        for (JsonNode limit : range.path("spec").path("limits")) {
            if (limit.path("type").asText().equals("Container")) {
                limit.path(kind)
                        .properties()
                        .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
            }
        }
        return values;
    }

    @Override
    public void validate(AdmissionRequest request) {
        ObjectNode object = request.object();
        if (object == null
                || !request.subresource().isEmpty()
                || !request.type().group().isEmpty()
                || request.operation() != AdmissionRequest.Operation.CREATE) {
            return;
        }
        boolean pod = request.type().plural().equals("pods");
        if (!pod && !request.type().plural().equals("persistentvolumeclaims")) {
            return;
        }
        List<String> problems = new ArrayList<>();
        for (ObjectNode range : ranges(request)) {
            for (JsonNode limit : range.path("spec").path("limits")) {
                String type = limit.path("type").asText();
                if (pod && type.equals("Container")) {
                    for (JsonNode container : object.path("spec").path("containers")) {
                        bounds(problems, limit, type, container.path("resources"));
                    }
                } else if (pod && type.equals("Pod")) {
                    bounds(problems, limit, type, PodUsage.sum(object));
                } else if (!pod && type.equals("PersistentVolumeClaim")) {
                    bounds(problems, limit, type, object.path("spec").path("resources"));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw Statuses.forbidden(
                    "",
                    request.type().plural(),
                    object.path("metadata").path("name").asText(),
                    problems.size() == 1
                            ? problems.getFirst()
                            : "[" + String.join(", ", problems) + "]");
        }
    }

    private static void bounds(
            List<String> problems, JsonNode limit, String type, JsonNode resources) {
        limit.path("min")
                .properties()
                .forEach(
                        entry -> {
                            JsonNode request = resources.path("requests").path(entry.getKey());
                            String bound = "minimum " + entry.getKey() + " usage per " + type;
                            if (request.isMissingNode()) {
                                problems.add(
                                        bound
                                                + " is "
                                                + entry.getValue().asText()
                                                + ".  No request is specified");
                            } else if (value(request).compareTo(value(entry.getValue())) < 0) {
                                problems.add(
                                        bound
                                                + " is "
                                                + entry.getValue().asText()
                                                + ", but request is "
                                                + Quantities.canonical(request.asText()));
                            }
                        });
        limit.path("max")
                .properties()
                .forEach(
                        entry -> {
                            boolean claim = type.equals("PersistentVolumeClaim");
                            JsonNode used =
                                    resources
                                            .path(claim ? "requests" : "limits")
                                            .path(entry.getKey());
                            String bound = "maximum " + entry.getKey() + " usage per " + type;
                            if (used.isMissingNode()) {
                                problems.add(
                                        bound
                                                + " is "
                                                + entry.getValue().asText()
                                                + ".  No limit is specified");
                            } else if (value(used).compareTo(value(entry.getValue())) > 0) {
                                problems.add(
                                        bound
                                                + " is "
                                                + entry.getValue().asText()
                                                + ", but "
                                                + (claim ? "request" : "limit")
                                                + " is "
                                                + Quantities.canonical(used.asText()));
                            }
                        });
        limit.path("maxLimitRequestRatio")
                .properties()
                .forEach(
                        entry ->
                                ratio(problems, type, entry.getKey(), entry.getValue(), resources));
    }

    private static void ratio(
            List<String> problems, String type, String name, JsonNode most, JsonNode resources) {
        BigDecimal request = value(resources.path("requests").path(name));
        BigDecimal limit = value(resources.path("limits").path(name));
        String bound = name + " max limit to request ratio per " + type + " is " + most.asText();
        if (request.signum() == 0) {
            problems.add(bound + ", but no request is specified or request is 0");
        } else if (limit.signum() == 0) {
            problems.add(bound + ", but no limit is specified or limit is 0");
        } else {
            BigDecimal ratio = limit.divide(request, 6, RoundingMode.HALF_EVEN);
            if (ratio.compareTo(value(most)) > 0) {
                problems.add(bound + ", but provided ratio is " + ratio.toPlainString());
            }
        }
    }

    private static BigDecimal value(JsonNode quantity) {
        return Quantities.value(quantity.asText("0"));
    }

    private List<ObjectNode> ranges(AdmissionRequest request) {
        return request.namespace().isEmpty()
                ? List.of()
                : api.list("", "limitranges", request.namespace(), "").items();
    }
}
