package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiServerExtension;
import dev.meshdojo.simulator.apiserver.ExtensionPoints;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.util.ArrayList;
import java.util.List;

/**
 * Enforces every ValidatingAdmissionPolicy that a binding puts in force. Policies with a {@code
 * paramKind} see no parameters. Thread-safe.
 */
public final class PolicyAdmission implements ApiServerExtension {

    private static final String GROUP = "admissionregistration.k8s.io";
    private static final String POLICIES = "validatingadmissionpolicies";
    private static final String BINDINGS = "validatingadmissionpolicybindings";

    private final List<ObjectNode> preinstalled;

    /**
     * @param preinstalled policies and bindings that the cluster comes with
     */
    public PolicyAdmission(List<ObjectNode> preinstalled) {
        this.preinstalled = List.copyOf(preinstalled);
    }

    @Override
    public void install(ExtensionPoints points) {
        ResourceApi api = points.api("kube-apiserver");
        if (!points.restored()) {
            preinstalled.forEach(api::create);
        }
        points.admission(new Plugin(api, points.registry()));
    }

    private record Plugin(ResourceApi api, ResourceRegistry registry) implements AdmissionPlugin {

        @Override
        public String name() {
            return "ValidatingAdmissionPolicy";
        }

        @Override
        public void validate(AdmissionRequest request) {
            if (RuleMatcher.exempt(request)) {
                return;
            }
            List<ObjectNode> bindings = api.list(GROUP, BINDINGS, "", "").items();
            if (bindings.isEmpty()) {
                return;
            }
            RuleMatcher matcher = RuleMatcher.of(request, api, registry);
            List<Denial> denials = new ArrayList<>();
            for (ObjectNode binding : bindings) {
                JsonNode spec = binding.path("spec");
                ObjectNode policy =
                        api.find(
                                new ResourceKey(
                                        GROUP, POLICIES, "", spec.path("policyName").asText()));
                ResourceType type =
                        policy == null
                                ? null
                                : matcher.matches(policy.at("/spec/matchConstraints"));
                if (policy == null
                        || type == null
                        || matcher.matches(spec.path("matchResources")) == null) {
                    continue;
                }
                for (Finding finding :
                        PolicyEvaluation.evaluate(
                                policy.path("spec"),
                                VersionedRequest.of(request, type, registry),
                                matcher.namespace())) {
                    act(request, policy, binding, finding, denials);
                }
            }
            if (!denials.isEmpty()) {
                throw refusal(request, denials.getFirst());
            }
        }

        private static void act(
                AdmissionRequest request,
                ObjectNode policy,
                ObjectNode binding,
                Finding finding,
                List<Denial> denials) {
            String at =
                    "ValidatingAdmissionPolicy '"
                            + policy.at("/metadata/name").asText()
                            + "' with binding '"
                            + binding.at("/metadata/name").asText()
                            + "'";
            for (JsonNode action : binding.at("/spec/validationActions")) {
                switch (action.asText()) {
                    case "Deny" ->
                            denials.add(
                                    new Denial(
                                            at + " denied request: " + finding.message(),
                                            finding.reason()));
                    case "Warn" ->
                            request.warn("Validation failed for " + at + ": " + finding.message());
                    default -> {}
                }
            }
        }

        /** As forbidden by admission, but with the policy's own reason. */
        private static ApiException refusal(AdmissionRequest request, Denial denial) {
            ApiException forbidden =
                    Statuses.forbidden(
                            request.type().group(),
                            request.type().plural(),
                            request.name(),
                            denial.message());
            ObjectNode details = forbidden.status().withObject("/details");
            details.withArray("/causes").addObject().put("message", denial.message());
            int code =
                    switch (denial.reason()) {
                        case "Unauthorized" -> 401;
                        case "Forbidden" -> 403;
                        case "RequestEntityTooLarge" -> 413;
                        default -> 422;
                    };
            return Statuses.failure(
                    code, denial.reason(), String.valueOf(forbidden.getMessage()), details);
        }
    }

    private record Denial(String message, String reason) {}

    /**
     * What a policy has against a request.
     *
     * @param message what a person reads
     * @param reason Kubernetes' machine-readable reason
     */
    record Finding(String message, String reason) {}
}
