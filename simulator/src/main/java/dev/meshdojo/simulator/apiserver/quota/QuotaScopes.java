package dev.meshdojo.simulator.apiserver.quota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.builtin.PodTotals;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which objects a quota's scopes let it count. Pure. */
public final class QuotaScopes {

    private QuotaScopes() {}

    /**
     * Whether all scopes of a quota fit an object; kinds other than pods and claims fit none.
     *
     * @param spec of the quota
     * @param kind of the object, such as {@code pods}
     */
    public static boolean fit(JsonNode spec, String kind, JsonNode object) {
        for (JsonNode scope : spec.path("scopes")) {
            if (!fits(scope.asText(), "Exists", Set.of(), kind, object)) {
                return false;
            }
        }
        for (JsonNode expression : spec.path("scopeSelector").path("matchExpressions")) {
            Set<String> values = new TreeSet<>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            if (!fits(
                    expression.path("scopeName").asText(),
                    expression.path("operator").asText(),
                    values,
                    kind,
                    object)) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(
            String scope, String operator, Set<String> values, String kind, JsonNode object) {
        JsonNode spec = object.path("spec");
        if (kind.equals("persistentvolumeclaims")) {
            return scope.equals("VolumeAttributesClass")
                    && selects(operator, values, attributesClasses(object));
        }
        if (!kind.equals("pods")) {
            return false;
        }
        return switch (scope) {
            case "Terminating" -> terminating(object);
            case "NotTerminating" -> !terminating(object);
            case "BestEffort" -> bestEffort(object);
            case "NotBestEffort" -> !bestEffort(object);
            case "PriorityClass" -> {
                String name = spec.path("priorityClassName").asText("");
                yield selects(operator, values, name.isEmpty() ? Set.of() : Set.of(name));
            }
            case "CrossNamespacePodAffinity" -> crossesNamespaces(spec.path("affinity"));
            default -> false;
        };
    }

    private static boolean selects(String operator, Set<String> values, Set<String> names) {
        return switch (operator) {
            case "Exists" -> !names.isEmpty();
            case "DoesNotExist" -> names.isEmpty();
            case "In" -> names.stream().anyMatch(values::contains);
            case "NotIn" ->
                    names.isEmpty() || names.stream().anyMatch(name -> !values.contains(name));
            default -> false;
        };
    }

    private static Set<String> attributesClasses(JsonNode claim) {
        Set<String> names = new TreeSet<>();
        for (String path :
                List.of(
                        "/spec/volumeAttributesClassName",
                        "/status/currentVolumeAttributesClassName",
                        "/status/modifyVolumeStatus/targetVolumeAttributesClassName")) {
            String name = claim.at(path).asText("");
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }

    /** Whether a pod ends by itself at some time. */
    static boolean terminating(JsonNode pod) {
        JsonNode deadline = pod.path("spec").path("activeDeadlineSeconds");
        return deadline.isNumber() && deadline.asLong() >= 0;
    }

    private static boolean bestEffort(JsonNode pod) {
        if (PodTotals.podLevel(pod)) {
            return false;
        }
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : pod.path("spec").path(list)) {
                for (String kind : List.of("requests", "limits")) {
                    var amounts = PodTotals.list(container, kind);
                    if (List.of("cpu", "memory").stream()
                            .anyMatch(
                                    name ->
                                            amounts.containsKey(name)
                                                    && !amounts.get(name).isZero())) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static boolean crossesNamespaces(JsonNode affinity) {
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            JsonNode terms = affinity.path(kind);
            for (JsonNode term : terms.path("requiredDuringSchedulingIgnoredDuringExecution")) {
                if (crosses(term)) {
                    return true;
                }
            }
            for (JsonNode weighted :
                    terms.path("preferredDuringSchedulingIgnoredDuringExecution")) {
                if (crosses(weighted.path("podAffinityTerm"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean crosses(JsonNode term) {
        return !term.path("namespaces").isEmpty() || term.path("namespaceSelector").isObject();
    }
}
