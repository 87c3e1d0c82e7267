package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiServerExtension;
import dev.meshdojo.simulator.apiserver.ExtensionPoints;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.authorization.PolicyAuthorizer;
import dev.meshdojo.simulator.apiserver.policy.PolicyEvaluation.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Enforces every ValidatingAdmissionPolicy that a binding puts in force. Source: {@code
 * k8s.io/apiserver/pkg/admission/plugin/policy/validating}. Thread-safe.
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
            for (ObjectNode policy : api.list(GROUP, POLICIES, "", "").items()) {
                List<ObjectNode> own =
                        bindings.stream()
                                .filter(
                                        binding ->
                                                binding.at("/spec/policyName")
                                                        .equals(policy.at("/metadata/name")))
                                .toList();
                ResourceType type =
                        own.isEmpty() ? null : matcher.matches(policy.at("/spec/matchConstraints"));
                if (type != null) {
                    VersionedRequest versioned = VersionedRequest.of(request, type, registry);
                    new Enforcement(this, matcher, versioned, policy, denials).enforce(own);
                }
            }
            if (!denials.isEmpty()) {
                throw refusal(request, denials.getFirst());
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

    /** One policy on one request. */
    private record Enforcement(
            Plugin plugin,
            RuleMatcher matcher,
            VersionedRequest versioned,
            ObjectNode policy,
            List<Denial> denials) {

        void enforce(List<ObjectNode> bindings) {
            JsonNode spec = policy.path("spec");
            try {
                PolicyParameters parameters =
                        PolicyParameters.of(spec, plugin.api, plugin.registry);
                for (ObjectNode binding : bindings) {
                    if (matcher.matches(binding.at("/spec/matchResources")) != null) {
                        enforce(binding, parameters);
                    }
                }
            } catch (PolicyParameters.Unusable e) {
                unusable(at(), "failed to configure policy: " + e.why());
            }
        }

        private void enforce(ObjectNode binding, PolicyParameters parameters) {
            AdmissionRequest request = versioned.request();
            String at = at() + " with binding '" + binding.at("/metadata/name").asText() + "'";
            try {
                for (Optional<ObjectNode> each :
                        parameters.collect(binding.at("/spec/paramRef"), request.namespace())) {
                    var values =
                            PolicyEvaluation.values(
                                    versioned,
                                    matcher.namespace(),
                                    each.orElse(null),
                                    new PolicyAuthorizer(plugin.api, request.user()));
                    PolicyEvaluation.evaluate(policy.path("spec"), values)
                            .forEach(finding -> act(binding, at, finding));
                }
            } catch (PolicyParameters.Unusable e) {
                unusable(at, "failed to configure binding: " + e.why());
            }
        }

        private String at() {
            return "ValidatingAdmissionPolicy '" + policy.at("/metadata/name").asText() + "'";
        }

        private void unusable(String at, String why) {
            if (!policy.at("/spec/failurePolicy").asText().equals("Ignore")) {
                denials.add(new Denial(at + " denied request: " + why, "Invalid"));
            }
        }

        private void act(ObjectNode binding, String at, Finding finding) {
            if (finding.always()) {
                deny(at, finding);
                return;
            }
            for (JsonNode action : binding.at("/spec/validationActions")) {
                switch (action.asText()) {
                    case "Deny" -> deny(at, finding);
                    case "Warn" ->
                            versioned
                                    .request()
                                    .warn("Validation failed for " + at + ": " + finding.message());
                    default -> {}
                }
            }
        }

        private void deny(String at, Finding finding) {
            denials.add(new Denial(at + " denied request: " + finding.message(), finding.reason()));
        }
    }
}
