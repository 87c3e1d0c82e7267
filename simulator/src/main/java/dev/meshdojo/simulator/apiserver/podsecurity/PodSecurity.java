package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.AdmissionRequest.Operation;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds pods to the level that their namespace's labels name, and warns about workloads whose pods
 * would not keep it. Without labels everything is allowed, as in a cluster without a configuration
 * for this plugin. Thread-safe.
 */
public final class PodSecurity implements AdmissionPlugin {

    private static final int MOST_PODS = 3000;
    private static final Set<String> OTHER_SUBRESOURCES =
            Set.of(
                    "exec",
                    "attach",
                    "binding",
                    "eviction",
                    "log",
                    "portforward",
                    "proxy",
                    "status");

    /** Where kinds that make pods hold their template. */
    private static final Map<String, String> TEMPLATES =
            Map.of(
                    "replicationcontrollers", "/spec/template",
                    "podtemplates", "/template",
                    "replicasets.apps", "/spec/template",
                    "deployments.apps", "/spec/template",
                    "statefulsets.apps", "/spec/template",
                    "daemonsets.apps", "/spec/template",
                    "jobs.batch", "/spec/template",
                    "cronjobs.batch", "/spec/jobTemplate/spec/template");

    private final ResourceApi api;

    /**
     * @param api where namespaces and pods are read
     */
    public PodSecurity(ResourceApi api) {
        this.api = api;
    }

    @Override
    public String name() {
        return "PodSecurity";
    }

    @Override
    public void validate(AdmissionRequest request) {
        ObjectNode object = request.object();
        if (object == null
                || (request.operation() != Operation.CREATE
                        && request.operation() != Operation.UPDATE)) {
            return;
        }
        String resource = request.type().groupResource();
        String template = TEMPLATES.get(resource);
        if (resource.equals("namespaces")) {
            namespace(request, object);
        } else if (resource.equals("pods")) {
            pod(request, object);
        } else if (template != null
                && request.subresource().isEmpty()
                && object.at(template).isObject()) {
            evaluate(request, PodView.of(object.at(template)), false);
        }
    }

    private void namespace(AdmissionRequest request, ObjectNode namespace) {
        if (!request.subresource().isEmpty()) {
            return;
        }
        NamespacePolicy policy = NamespacePolicy.of(namespace);
        ObjectNode stored = request.oldObject();
        NamespacePolicy before = stored == null ? null : NamespacePolicy.of(stored);
        if (!policy.errors().isEmpty()
                && (before == null || !before.errors().equals(policy.errors()))) {
            throw Statuses.invalid("", "Namespace", request.name(), policy.errors());
        }
        LevelVersion enforced = policy.enforce();
        if (before == null
                || enforced.equals(before.enforce())
                || enforced.level() == Level.PRIVILEGED
                || (enforced.minor() == before.enforce().minor()
                        && enforced.level().compareTo(before.enforce().level()) < 0)) {
            return;
        }
        warnOfPods(request, enforced);
    }

    /** Pods stay as they are when the level grows, but whoever raises it is told. */
    private void warnOfPods(AdmissionRequest request, LevelVersion enforced) {
        List<ObjectNode> pods = prioritized(api.list("", "pods", request.name(), "").items());
        List<ObjectNode> checked = pods.subList(0, Math.min(pods.size(), MOST_PODS));
        if (checked.size() < pods.size()) {
            request.warn(
                    "new PodSecurity enforce level only checked against the first "
                            + checked.size()
                            + " of "
                            + pods.size()
                            + " existing pods");
        }
        Map<String, SortedSet<String>> violators = new TreeMap<>();
        for (ObjectNode pod : checked) {
            List<Violation> violations = Controls.violations(enforced, PodView.of(pod));
            if (!violations.isEmpty()) {
                violators
                        .computeIfAbsent(Violation.reasons(violations), _ -> new TreeSet<>())
                        .add(pod.path("metadata").path("name").asText());
            }
        }
        if (violators.isEmpty()) {
            return;
        }
        request.warn(
                "existing pods in namespace \""
                        + request.name()
                        + "\" violate the new PodSecurity enforce level \""
                        + enforced
                        + "\"");
        violators.entrySet().stream()
                .map(entry -> named(entry.getValue()) + ": " + entry.getKey())
                .sorted()
                .forEach(request::warn);
    }

    /** One pod of each controller before its other ones. */
    private static List<ObjectNode> prioritized(List<ObjectNode> pods) {
        List<ObjectNode> first = new ArrayList<>();
        List<ObjectNode> others = new ArrayList<>();
        Set<String> controllers = new HashSet<>();
        for (ObjectNode pod : pods) {
            String controller = "";
            for (JsonNode owner : pod.path("metadata").path("ownerReferences")) {
                if (owner.path("controller").asBoolean()) {
                    controller = owner.path("uid").asText();
                }
            }
            (controller.isEmpty() || controllers.add(controller) ? first : others).add(pod);
        }
        first.addAll(others);
        return first;
    }

    private static String named(SortedSet<String> pods) {
        return switch (pods.size()) {
            case 1 -> pods.first();
            case 2 -> pods.first() + " (and 1 other pod)";
            default -> pods.first() + " (and " + (pods.size() - 1) + " other pods)";
        };
    }

    private void pod(AdmissionRequest request, ObjectNode pod) {
        ObjectNode before = request.oldObject();
        if (OTHER_SUBRESOURCES.contains(request.subresource())
                || (before != null && sameImages(pod, before))) {
            return;
        }
        evaluate(request, PodView.of(pod), true);
    }

    /**
     * Of what controls look at, only containers for debugging come later; images change as well.
     */
    private static boolean sameImages(JsonNode pod, JsonNode before) {
        for (String list : List.of("containers", "initContainers")) {
            JsonNode now = pod.path("spec").path(list);
            JsonNode then = before.path("spec").path(list);
            if (now.size() != then.size()) {
                return false;
            }
            for (int i = 0; i < now.size(); i++) {
                if (!sameImage(now.get(i), then.get(i))) {
                    return false;
                }
            }
        }
        for (JsonNode now : pod.path("spec").path("ephemeralContainers")) {
            JsonNode then = named(before.path("spec").path("ephemeralContainers"), now);
            if (then == null || !sameImage(now, then)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable JsonNode named(JsonNode containers, JsonNode wanted) {
        for (JsonNode container : containers) {
            if (container.path("name").equals(wanted.path("name"))) {
                return container;
            }
        }
        return null;
    }

    private static boolean sameImage(JsonNode one, JsonNode other) {
        return one.path("image").asText().equals(other.path("image").asText());
    }

    private void evaluate(AdmissionRequest request, PodView pod, boolean enforced) {
        ObjectNode namespace = api.find(new ResourceKey("", "namespaces", "", request.namespace()));
        NamespacePolicy policy =
                NamespacePolicy.of(namespace == null ? MissingNode.getInstance() : namespace);
        if (enforced) {
            List<Violation> violations = Controls.violations(policy.enforce(), pod);
            if (!violations.isEmpty()) {
                throw Statuses.forbidden(
                        "",
                        "pods",
                        request.name(),
                        "violates PodSecurity \""
                                + policy.enforce()
                                + "\": "
                                + Violation.details(violations));
            }
        }
        List<Violation> violations = Controls.violations(policy.warn(), pod);
        if (!violations.isEmpty()) {
            request.warn(
                    "would violate PodSecurity \""
                            + policy.warn()
                            + "\": "
                            + Violation.details(violations));
        }
    }
}
