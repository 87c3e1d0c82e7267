package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.Statuses;
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
        boolean pod = request.isFor("", "pods", List.of(AdmissionRequest.Operation.CREATE));
        boolean claim =
                request.isFor(
                        "",
                        "persistentvolumeclaims",
                        List.of(
                                AdmissionRequest.Operation.CREATE,
                                AdmissionRequest.Operation.UPDATE));
        if (object == null || (!pod && !claim)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        for (ObjectNode range : ranges(request)) {
            for (JsonNode limit : range.path("spec").path("limits")) {
                LimitBounds bounds = new LimitBounds(limit, problems);
                switch (limit.path("type").asText()) {
                    case "Container" -> {
                        if (pod) {
                            object.path("spec").path("containers").forEach(bounds::container);
                            object.path("spec").path("initContainers").forEach(bounds::container);
                        }
                    }
                    case "Pod" -> {
                        if (pod) {
                            bounds.pod(object);
                        }
                    }
                    case "PersistentVolumeClaim" -> {
                        if (claim) {
                            bounds.claim(object);
                        }
                    }
                    default -> {}
                }
            }
        }
        if (!problems.isEmpty()) {
            throw Statuses.forbidden(
                    "",
                    request.type().plural(),
                    request.name(),
                    problems.size() == 1
                            ? problems.getFirst()
                            : "[" + String.join(", ", problems) + "]");
        }
    }

    private List<ObjectNode> ranges(AdmissionRequest request) {
        return request.namespace().isEmpty()
                ? List.of()
                : api.list("", "limitranges", request.namespace(), "").items();
    }
}
