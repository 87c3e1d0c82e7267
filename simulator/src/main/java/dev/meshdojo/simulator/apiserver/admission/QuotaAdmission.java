package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** ResourceQuotas: refuses what would use more of a namespace than is allowed. */
public final class QuotaAdmission implements AdmissionPlugin {

    private static final List<String> COMPUTE = List.of("cpu", "memory", "ephemeral-storage");

    private final ResourceApi api;

    public QuotaAdmission(ResourceApi api) {
        this.api = api;
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    @Override
    public void validate(AdmissionRequest request) {
        ObjectNode object = request.object();
        if (object == null
                || request.namespace().isEmpty()
                || !request.subresource().isEmpty()
                || request.operation() != AdmissionRequest.Operation.CREATE) {
            return;
        }
        for (ObjectNode quota : api.list("", "resourcequotas", request.namespace(), "").items()) {
            check(request, object, quota);
        }
    }

    private void check(AdmissionRequest request, ObjectNode object, ObjectNode quota) {
        List<String> requested = new ArrayList<>();
        List<String> used = new ArrayList<>();
        List<String> limited = new ArrayList<>();
        List<String> unspecified = new ArrayList<>();
        TreeMap<String, JsonNode> hard = new TreeMap<>();
        quota.path("spec")
                .path("hard")
                .properties()
                .forEach(entry -> hard.put(entry.getKey(), entry.getValue()));
        for (Map.Entry<String, JsonNode> bound : hard.entrySet()) {
            String resource = bound.getKey();
            BigDecimal more = usage(request, resource, object);
            if (more == null) {
                continue;
            }
            String missing = missing(request, resource, object);
            if (!missing.isEmpty()) {
                unspecified.add(resource + " for: " + missing);
                continue;
            }
            BigDecimal now = BigDecimal.ZERO;
            for (ObjectNode other :
                    api.list(
                                    request.type().group(),
                                    request.type().plural(),
                                    request.namespace(),
                                    "")
                            .items()) {
                BigDecimal each = ended(other) ? null : usage(request, resource, other);
                now = each == null ? now : now.add(each);
            }
            if (more.signum() > 0
                    && now.add(more).compareTo(Quantities.value(bound.getValue().asText())) > 0) {
                requested.add(resource + "=" + PodUsage.print(resource, more));
                used.add(resource + "=" + PodUsage.print(resource, now));
                limited.add(resource + "=" + bound.getValue().asText());
            }
        }
        String name = quota.path("metadata").path("name").asText();
        if (!unspecified.isEmpty()) {
            throw refuse(
                    request,
                    object,
                    "failed quota: " + name + ": must specify " + String.join("; ", unspecified));
        }
        if (!requested.isEmpty()) {
            throw refuse(
                    request,
                    object,
                    "exceeded quota: "
                            + name
                            + ", requested: "
                            + String.join(",", requested)
                            + ", used: "
                            + String.join(",", used)
                            + ", limited: "
                            + String.join(",", limited));
        }
    }

    private static RuntimeException refuse(
            AdmissionRequest request, ObjectNode object, String why) {
        return Statuses.forbidden(
                request.type().group(),
                request.type().plural(),
                object.path("metadata").path("name").asText(),
                why);
    }

    private static boolean ended(JsonNode object) {
        String phase = object.path("status").path("phase").asText();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** How much of a quota's resource an object uses; null when the quota is not about its kind. */
    private static @Nullable BigDecimal usage(
            AdmissionRequest request, String resource, JsonNode object) {
        String plural = request.type().plural();
        boolean core = request.type().group().isEmpty();
        if (resource.equals("count/" + request.type().groupResource())
                || (core && resource.equals(plural))) {
            return BigDecimal.ONE;
        }
        JsonNode spec = object.path("spec");
        if (core && plural.equals("services")) {
            String type = spec.path("type").asText();
            return switch (resource) {
                case "services.loadbalancers" -> count(type.equals("LoadBalancer") ? 1 : 0);
                case "services.nodeports" ->
                        count(
                                type.equals("NodePort") || type.equals("LoadBalancer")
                                        ? spec.path("ports").size()
                                        : 0);
                default -> null;
            };
        }
        if (core
                && plural.equals("persistentvolumeclaims")
                && resource.equals("requests.storage")) {
            return Quantities.value(
                    spec.path("resources").path("requests").path("storage").asText("0"));
        }
        if (!core || !plural.equals("pods")) {
            return null;
        }
        String[] path = compute(resource);
        return path == null
                ? null
                : Quantities.value(PodUsage.sum(object).path(path[0]).path(path[1]).asText("0"));
    }

    private static BigDecimal count(int number) {
        return BigDecimal.valueOf(number);
    }

    private static String @Nullable [] compute(String resource) {
        int dot = resource.indexOf('.');
        String kind = dot < 0 ? "requests" : resource.substring(0, dot);
        String name = dot < 0 ? resource : resource.substring(dot + 1);
        return COMPUTE.contains(name) && (kind.equals("requests") || kind.equals("limits"))
                ? new String[] {kind, name}
                : null;
    }

    /** The containers that leave open what the quota limits. */
    private static String missing(AdmissionRequest request, String resource, JsonNode object) {
        String[] path = request.type().plural().equals("pods") ? compute(resource) : null;
        if (path == null) {
            return "";
        }
        List<String> names = new ArrayList<>();
        for (JsonNode container : object.path("spec").path("containers")) {
            if (!container.path("resources").path(path[0]).has(path[1])) {
                names.add(container.path("name").asText());
            }
        }
        return String.join(",", names);
    }
}
