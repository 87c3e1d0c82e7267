package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoAddress;
import dev.meshdojo.simulator.golang.GoDuration;
import dev.meshdojo.simulator.golang.GoText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Rules for fields that many kinds have: ports, durations, labels, addresses, exportTo, selectors.
 * Pure.
 */
final class CommonRules {

    private static final long MILLISECOND = 1_000_000;
    private static final int LABEL_LENGTH = 63;
    private static final int PREFIX_LENGTH = 253;
    private static final String DNS_LABEL = "[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?";
    private static final String QUALIFIED_NAME = "(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final Pattern LABEL = Pattern.compile(DNS_LABEL);
    private static final Pattern WILDCARD_LABEL =
            Pattern.compile("(\\*|(\\*|\\*-)?" + DNS_LABEL + ")");
    private static final Pattern TAG_VALUE = Pattern.compile("(" + QUALIFIED_NAME + ")?");
    private static final Pattern TAG_KEY =
            Pattern.compile(
                    "(" + DNS_LABEL + "(?:\\." + DNS_LABEL + ")*/)?(" + QUALIFIED_NAME + ")");

    private CommonRules() {}

    /** RFC 1123, upper case allowed. */
    static boolean isDnsLabel(String text) {
        return text.length() <= LABEL_LENGTH && LABEL.matcher(text).matches();
    }

    /** A label that may begin with {@code *}. */
    static boolean isWildcardLabel(String text) {
        return text.length() <= LABEL_LENGTH && WILDCARD_LABEL.matcher(text).matches();
    }

    static Failure port(long port) {
        return port >= 1 && port <= 65535
                ? Failure.NONE
                : Failure.of("port number " + port + " must be in the range 1..65535");
    }

    /** A duration that is set, as far as the schema did not refuse it. */
    static Failure duration(Spec parent, String field) {
        if (!parent.has(field)) {
            return Failure.NONE;
        }
        GoDuration.Parsed parsed = GoDuration.parse(parent.text(field));
        if (!parsed.ok()) {
            return Failure.NONE;
        }
        if (parsed.nanos() < MILLISECOND) {
            return Failure.of("duration must be greater than 1ms");
        }
        return parsed.nanos() % MILLISECOND == 0
                ? Failure.NONE
                : Failure.of("only durations to ms precision are supported");
    }

    static Failure percent(long value) {
        return value >= 0 && value <= 100
                ? Failure.NONE
                : Failure.of("percentage " + value + " is not in range 0..100");
    }

    static Failure address(String text) {
        return GoAddress.isAddress(text) ? Failure.NONE : Failure.of(text + " is not a valid IP");
    }

    static Failure subnet(String text) {
        if (text.chars().filter(c -> c == '/').count() != 1) {
            return address(text);
        }
        return GoAddress.prefixError(text).isEmpty()
                ? Failure.NONE
                : Failure.of(text + " is not a valid CIDR block");
    }

    static Failure unixAddress(String path) {
        if (path.isEmpty()) {
            return Failure.of("unix address must not be empty");
        }
        if (path.startsWith("@") || (path.startsWith("/") && !path.endsWith("/"))) {
            return Failure.NONE;
        }
        return Failure.of(path + " is not an absolute path to a file");
    }

    static Failure portName(String name) {
        return isDnsLabel(name) ? Failure.NONE : Failure.of("invalid port name: " + name);
    }

    static Failure subsetName(String name) {
        if (name.isEmpty()) {
            return Failure.of("subset name cannot be empty");
        }
        return isDnsLabel(name) ? Failure.NONE : Failure.of("subset name is invalid: " + name);
    }

    static Failure labels(Map<String, String> labels) {
        Failure failure = Failure.NONE;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            failure = failure.and(labelKey(label.getKey()));
            if (!TAG_VALUE.matcher(label.getValue()).matches()) {
                failure =
                        failure.and(
                                Failure.listed(
                                        "invalid tag value: " + GoText.quote(label.getValue())));
            }
        }
        return failure;
    }

    private static Failure labelKey(String key) {
        var matcher = TAG_KEY.matcher(key);
        if (!matcher.matches()) {
            return Failure.listed("invalid tag key: " + GoText.quote(key));
        }
        if (matcher.group(1) != null && matcher.group(1).length() - 1 > PREFIX_LENGTH) {
            return Failure.listed(
                    "invalid tag key: " + GoText.quote(key) + " (DNS prefix is too long)");
        }
        return matcher.group(2).length() > LABEL_LENGTH
                ? Failure.listed("invalid tag key: " + GoText.quote(key) + " (name is too long)")
                : Failure.NONE;
    }

    /** What exporting means for a kind. */
    enum Exporting {
        ORDINARY,
        SERVICE_ENTRY,
        SELECTED_DESTINATION_RULE
    }

    static Failure exportTo(String namespace, List<String> exportTo, Exporting exporting) {
        Failure failure = Failure.NONE;
        Set<String> seen = new TreeSet<>();
        for (String entry : exportTo) {
            String key = entry.equals(".") ? namespace : entry;
            if (seen.contains(key)) {
                failure =
                        failure.and(
                                Failure.of(
                                        key.equals(entry)
                                                ? "duplicate entries in exportTo for entry " + entry
                                                : "duplicate entries in exportTo: . and current"
                                                        + " namespace "
                                                        + namespace));
                continue;
            }
            Failure invalid = visibility(key, exporting);
            if (invalid.isNone()) {
                seen.add(key);
            }
            failure = failure.and(invalid);
        }
        if (exporting == Exporting.SELECTED_DESTINATION_RULE && !seen.isEmpty()) {
            if (!seen.contains(namespace)) {
                failure =
                        failure.and(
                                Failure.of(
                                        "destination rule with workload selector cannot have exportTo"
                                                + " beyond current namespace"));
            } else if (seen.size() > 1) {
                failure =
                        failure.and(
                                Failure.of(
                                        "destination rule with workload selector cannot have multiple"
                                                + " entries in exportTo"));
            }
        }
        if (seen.contains("*") && exportTo.size() > 1) {
            failure =
                    failure.and(
                            Failure.of(
                                    "cannot have both public (*) and non-public exportTo values for a"
                                            + " resource"));
        }
        if (seen.contains("~") && exportTo.size() > 1) {
            failure =
                    failure.and(
                            Failure.of("cannot export service entry to no one (~) and someone"));
        }
        return failure;
    }

    private static Failure visibility(String key, Exporting exporting) {
        if (key.equals("~")) {
            return exporting == Exporting.SERVICE_ENTRY
                    ? Failure.NONE
                    : Failure.of(
                            "exportTo ~ (none) is not allowed for Istio configuration objects");
        }
        return key.equals("*") || isDnsLabel(key)
                ? Failure.NONE
                : Failure.of("only .,*, or a valid DNS 1123 label is allowed as exportTo entry");
    }

    /**
     * A selector's labels ({@code labels} or {@code matchLabels}); a selector without any is only
     * doubtful.
     */
    static Review selector(Spec selector, String field) {
        Review review = new Review();
        if (!selector.present()) {
            return review;
        }
        Map<String, String> labels = selector.textMap(field);
        labels.forEach(
                (key, value) -> {
                    String pair = GoText.quote(key + "=" + value);
                    if (key.isEmpty()) {
                        review.error("empty key is not supported in selector: " + pair);
                    }
                    if (key.contains("*") || value.contains("*")) {
                        review.error("wildcard is not supported in selector: " + pair);
                    }
                });
        if (labels.isEmpty()) {
            review.warn("workload selector specified without labels");
        }
        return review;
    }

    /** {@code selector}, {@code targetRef} and {@code targetRefs} of a policy. */
    static Review policyTargets(Spec spec) {
        Review review = new Review();
        List<Spec> references = spec.list("targetRefs");
        int set =
                (spec.has("selector") ? 1 : 0)
                        + (spec.has("targetRef") ? 1 : 0)
                        + (references.isEmpty() ? 0 : 1);
        if (set > 1) {
            review.error("only one of targetRefs or workloadSelector can be set");
        }
        review.add(selector(spec.get("selector"), "matchLabels"));
        if (spec.has("targetRef")) {
            review.error(targetReference(spec.get("targetRef")));
        }
        references.forEach(reference -> review.error(targetReference(reference)));
        return review;
    }

    private static Failure targetReference(Spec reference) {
        Failure failure = Failure.NONE;
        if (reference.text("name").isEmpty()) {
            failure = failure.and(Failure.of("targetRef name must be set"));
        }
        if (!reference.text("namespace").isEmpty()) {
            failure =
                    failure.and(
                            Failure.of(
                                    "targetRef namespace must not be set; cross namespace referencing is"
                                            + " not supported"));
        }
        String group = reference.text("group");
        String kind = reference.text("kind");
        boolean allowed =
                switch (kind) {
                    case "Service" -> group.isEmpty() || group.equals("core");
                    case "ServiceEntry" -> group.equals("networking.istio.io");
                    case "Gateway", "GatewayClass" -> group.equals("gateway.networking.k8s.io");
                    default -> false;
                };
        if (!allowed) {
            failure =
                    failure.and(
                            Failure.of(
                                    "targetRef must be to one of [core/v1/Service"
                                            + " networking.istio.io/v1/ServiceEntry"
                                            + " gateway.networking.k8s.io/v1/Gateway"
                                            + " gateway.networking.k8s.io/v1/GatewayClass] but was "
                                            + group
                                            + "/"
                                            + kind));
        }
        return failure;
    }
}
