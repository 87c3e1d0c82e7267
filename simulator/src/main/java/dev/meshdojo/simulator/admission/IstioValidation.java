package dev.meshdojo.simulator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.admission.KindValidator.ObjectUnderReview;
import dev.meshdojo.simulator.golang.GoText;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What istiod's validating webhook says of an Istio object. Objects are expected to fit their
 * schema already: the webhook never sees others. Pure and thread-safe. Source: istiod's config
 * validation, in its words and order.
 */
public final class IstioValidation {

    private static final Set<String> GROUPS =
            Set.of(
                    "networking.istio.io",
                    "security.istio.io",
                    "telemetry.istio.io",
                    "extensions.istio.io");
    private static final Set<String> TRUE_FALSE =
            Set.of("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False");
    private static final String DRY_RUN = "istio.io/dry-run";
    private static final String ALWAYS_REJECT = "internal.istio.io/webhook-always-reject";
    private static final List<String> INTERNAL_ANNOTATIONS =
            List.of("internal.istio.io/parent-namespace", "internal.istio.io/parents");
    private static final Map<String, KindValidator> VALIDATORS =
            Map.ofEntries(
                    Map.entry("VirtualService", new VirtualServiceValidator()),
                    Map.entry("Gateway", new GatewayValidator()),
                    Map.entry("DestinationRule", new DestinationRuleValidator()),
                    Map.entry("ServiceEntry", new ServiceEntryValidator()),
                    Map.entry("Sidecar", new SidecarValidator()),
                    Map.entry("EnvoyFilter", new EnvoyFilterValidator()),
                    Map.entry(
                            "WorkloadEntry",
                            object -> WorkloadRules.entry(object.spec(), null, true)),
                    Map.entry("WorkloadGroup", object -> WorkloadRules.group(object.spec())),
                    Map.entry("ProxyConfig", IstioValidation::proxyConfig),
                    Map.entry("AuthorizationPolicy", new AuthorizationPolicyValidator()),
                    Map.entry("RequestAuthentication", new RequestAuthenticationValidator()),
                    Map.entry("PeerAuthentication", new PeerAuthenticationValidator()),
                    Map.entry("Telemetry", new TelemetryValidator()),
                    Map.entry("WasmPlugin", new WasmPluginValidator()));

    private IstioValidation() {}

    /** Whether the webhook is asked about objects of this API version. */
    public static boolean concerns(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash > 0 && GROUPS.contains(apiVersion.substring(0, slash));
    }

    /** Reviews an object; kinds that Istio does not know are admitted. */
    public static Verdict validate(JsonNode object) {
        KindValidator validator = VALIDATORS.get(object.path("kind").asText());
        if (validator == null || !concerns(object.path("apiVersion").asText())) {
            return Verdict.ADMITTED;
        }
        ObjectUnderReview reviewed = underReview(object);
        String decodeError = Decoding.error(object.path("spec"));
        if (!decodeError.isEmpty()) {
            return new Verdict("decode: " + decodeError, List.of());
        }
        String annotationError = annotations(object.path("kind").asText(), reviewed);
        if (!annotationError.isEmpty()) {
            return new Verdict(annotationError, List.of());
        }
        return validator.review(reviewed).verdict();
    }

    /**
     * What istiod says of one object.
     *
     * @param errors each error by itself, in order
     * @param warnings likewise
     */
    public record Findings(List<String> errors, List<String> warnings) {
        public Findings {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The errors and warnings of an object's spec one by one; none for kinds that Istio does not
     * know. Annotations are not looked at.
     */
    public static Findings findings(JsonNode object) {
        KindValidator validator = VALIDATORS.get(object.path("kind").asText());
        if (validator == null || !concerns(object.path("apiVersion").asText())) {
            return new Findings(List.of(), List.of());
        }
        Review review = validator.review(underReview(object));
        return new Findings(review.errors().texts(), review.warnings().texts());
    }

    private static ObjectUnderReview underReview(JsonNode object) {
        Spec metadata = new Spec(object.path("metadata"));
        return new ObjectUnderReview(
                metadata.text("name"),
                metadata.text("namespace"),
                metadata,
                new Spec(object).get("spec"));
    }

    private static Review proxyConfig(ObjectUnderReview object) {
        Review review = CommonRules.selector(object.spec().get("selector"), "matchLabels");
        if (object.spec().number("concurrency") < 0) {
            review.error("concurrency must be greater than or equal to 0");
        }
        return review;
    }

    private static String annotations(String kind, ObjectUnderReview object) {
        Map<String, String> annotations = object.metadata().textMap("annotations");
        String dryRun = annotations.get(DRY_RUN);
        if (dryRun != null) {
            String where = object.namespace() + "/" + object.name();
            if (!kind.equals("AuthorizationPolicy")) {
                return where
                        + " has unsupported annotation "
                        + DRY_RUN
                        + ", please remove the annotation";
            }
            String action = object.spec().text("action");
            if (action.equals("AUDIT") || action.equals("CUSTOM")) {
                return "the annotation "
                        + DRY_RUN
                        + " currently only supports action ALLOW/DENY, found action "
                        + action
                        + " in "
                        + where;
            }
            if (!TRUE_FALSE.contains(dryRun)) {
                return where
                        + " has annotation "
                        + DRY_RUN
                        + " with invalid value ("
                        + dryRun
                        + "): strconv.ParseBool: parsing "
                        + GoText.quote(dryRun)
                        + ": invalid syntax";
            }
        }
        if (annotations.containsKey(ALWAYS_REJECT)) {
            return GoText.quote(ALWAYS_REJECT) + " annotation found, rejecting";
        }
        for (String annotation : INTERNAL_ANNOTATIONS) {
            if (annotations.containsKey(annotation)) {
                return GoText.quote(annotation) + " annotation found, this may not be set by users";
            }
        }
        return "";
    }
}
