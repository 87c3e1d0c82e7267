package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Rules for AuthorizationPolicy. */
final class AuthorizationPolicyValidator implements KindValidator {

    private static final String DENIES_TCP =
            "configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to"
                    + " the use of only HTTP attributes in a DENY rule; it is recommended to explicitly"
                    + " specify the port";

    /** Fields of a source in the order istiod checks them for bad values. */
    private static final Map<String, BiFunction<String, List<String>, Failure>> SOURCE_FIELDS =
            new LinkedHashMap<>();

    static {
        for (String prefix : new String[] {"", "not"}) {
            Stream.of("principals", "requestPrincipals", "namespaces")
                    .forEach(
                            field ->
                                    SOURCE_FIELDS.put(named(prefix, field), SourceRules::notEmpty));
            SOURCE_FIELDS.put(named(prefix, "serviceAccounts"), SourceRules::serviceAccounts);
            SOURCE_FIELDS.put(named(prefix, "trustDomains"), SourceRules::trustDomains);
            Stream.of("ipBlocks", "remoteIpBlocks")
                    .forEach(
                            field ->
                                    SOURCE_FIELDS.put(named(prefix, field), SourceRules::notEmpty));
        }
    }

    private static final List<String> OPERATION_FIELDS =
            List.of(
                    "ports",
                    "methods",
                    "paths",
                    "hosts",
                    "notPorts",
                    "notMethods",
                    "notPaths",
                    "notHosts");

    /** Source fields that make sense on a TCP port. */
    private static final List<String> TCP_SOURCE_FIELDS =
            List.of(
                    "notPrincipals",
                    "principals",
                    "ipBlocks",
                    "notIpBlocks",
                    "namespaces",
                    "notNamespaces",
                    "remoteIpBlocks",
                    "notRemoteIpBlocks",
                    "serviceAccounts",
                    "notServiceAccounts");

    /**
     * Source fields that an external authorizer cannot be asked about, in the order istiod names
     * them.
     */
    private static final List<String> NOT_FOR_CUSTOM =
            List.of(
                    "namespaces",
                    "notNamespaces",
                    "serviceAccounts",
                    "notServiceAccounts",
                    "trustDomains",
                    "notTrustDomains",
                    "principals",
                    "notPrincipals",
                    "requestPrincipals",
                    "notRequestPrincipals");

    @Override
    public Review review(ObjectUnderReview object) {
        Spec spec = object.spec();
        Review targets = CommonRules.policyTargets(spec);
        String action = spec.text("action").isEmpty() ? "ALLOW" : spec.text("action");
        List<Spec> rules = spec.list("rules");
        Failure failure = targets.errors();
        if (action.equals("CUSTOM")) {
            failure = failure.and(custom(spec, rules));
        } else if (spec.has("provider")) {
            failure =
                    failure.and(
                            Failure.of(
                                    "`provider` must not be with non CUSTOM action, found "
                                            + action));
        }
        if (action.equals("DENY") && rules.isEmpty()) {
            failure = failure.and(meaningless("DENY"));
        }
        Review review = new Review();
        review.add(warningsOf(spec));
        for (int i = 0; i < rules.size(); i++) {
            failure = failure.and(rule(rules.get(i), i));
            if (action.equals("DENY") && deniesTcp(rules.get(i))) {
                review.warn(DENIES_TCP);
            }
        }
        review.error(
                failure.prefixed(
                        "invalid policy " + object.name() + "." + object.namespace() + ":"));
        return review;
    }

    private static Review warningsOf(Spec spec) {
        Review warnings = new Review();
        if (spec.has("selector") && spec.get("selector").map("matchLabels").isEmpty()) {
            warnings.warn("workload selector specified without labels");
        }
        return warnings;
    }

    private static Failure meaningless(String action) {
        return Failure.of(
                action
                        + " action without `rules` is meaningless as it will never be triggered, add an"
                        + " empty rule `{}` if you want it be triggered for every request");
    }

    private static Failure custom(Spec spec, List<Spec> rules) {
        Failure failure = Failure.NONE;
        if (rules.isEmpty()) {
            failure = meaningless("CUSTOM");
        } else if (spec.get("provider").text("name").isEmpty()) {
            failure = Failure.of("`provider.name` must not be empty");
        }
        for (Spec rule : rules) {
            for (Spec from : rule.list("from")) {
                for (String field : NOT_FOR_CUSTOM) {
                    if (!from.get("source").texts(field).isEmpty()) {
                        failure = failure.and(notWithCustom("From." + capitalized(field)));
                    }
                }
            }
            for (Spec when : rule.list("when")) {
                String key = when.text("key");
                switch (key) {
                    case "source.namespace",
                            "source.serviceAccount",
                            "source.trustDomain",
                            "source.principal" ->
                            failure = failure.and(notWithCustom(key));
                    default -> {
                        if (key.startsWith("request.auth.")) {
                            failure = failure.and(notWithCustom(key));
                        }
                    }
                }
            }
        }
        return failure;
    }

    private static Failure notWithCustom(String name) {
        return Failure.of(name + " is currently not supported with CUSTOM action");
    }

    private static Failure rule(Spec rule, int index) {
        Failure failure = Failure.NONE;
        String found = ", found at rule " + index;
        for (Spec from : rule.list("from")) {
            failure =
                    failure.and(
                            from.has("source")
                                    ? source(from.get("source"), found)
                                    : Failure.of("`from.source` must not be nil" + found));
        }
        for (Spec to : rule.list("to")) {
            failure =
                    failure.and(
                            to.has("operation")
                                    ? operation(to.get("operation"), found)
                                    : Failure.of("`to.operation` must not be nil" + found));
        }
        for (Spec condition : rule.list("when")) {
            failure = failure.and(condition(condition));
        }
        return failure;
    }

    private static Failure source(Spec source, String found) {
        Failure failure = Failure.NONE;
        boolean identities =
                Stream.of("principals", "notPrincipals", "namespaces", "notNamespaces")
                        .anyMatch(field -> !source.texts(field).isEmpty());
        boolean accounts =
                Stream.of("serviceAccounts", "notServiceAccounts")
                        .anyMatch(field -> !source.texts(field).isEmpty());
        if (identities && accounts) {
            failure =
                    Failure.of("cannot set serviceAccounts with namespaces or principals" + found);
        }
        if (SOURCE_FIELDS.keySet().stream().allMatch(field -> source.texts(field).isEmpty())) {
            failure = failure.and(Failure.of("`from.source` must not be empty" + found));
        }
        for (String field :
                new String[] {"ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks"}) {
            failure = failure.and(SourceRules.addresses(source.texts(field)));
        }
        for (var field : SOURCE_FIELDS.entrySet()) {
            failure =
                    failure.and(
                            field.getValue()
                                    .apply(
                                            capitalized(field.getKey()),
                                            source.texts(field.getKey())));
        }
        return failure;
    }

    private static Failure operation(Spec operation, String found) {
        Failure failure = Failure.NONE;
        if (OPERATION_FIELDS.stream().allMatch(field -> operation.texts(field).isEmpty())) {
            failure = Failure.of("`to.operation` must not be empty" + found);
        }
        failure =
                failure.and(SourceRules.ports(operation.texts("ports")))
                        .and(SourceRules.ports(operation.texts("notPorts")));
        for (String field : OPERATION_FIELDS) {
            failure = failure.and(SourceRules.notEmpty(capitalized(field), operation.texts(field)));
        }
        return failure.and(SourceRules.pathTemplates("Paths", operation.texts("paths")))
                .and(SourceRules.pathTemplates("NotPaths", operation.texts("notPaths")));
    }

    private static Failure condition(Spec condition) {
        String key = condition.text("key");
        if (key.isEmpty()) {
            return Failure.of("`key` must not be empty");
        }
        List<String> values = condition.texts("values");
        List<String> notValues = condition.texts("notValues");
        if (values.isEmpty() && notValues.isEmpty()) {
            return Failure.of("at least one of `values` or `notValues` must be set for key " + key);
        }
        return attribute("value", key, values).and(attribute("notValue", key, notValues));
    }

    private static Failure attribute(String field, String key, List<String> values) {
        Failure failure = SourceRules.attribute(key, values);
        return failure.isNone()
                ? failure
                : Failure.of("invalid `" + field + "` for `key` " + key + ": " + failure.print());
    }

    private static boolean deniesTcp(Spec rule) {
        List<Spec> sources = rule.list("from").stream().filter(from -> from.has("source")).toList();
        List<Spec> operations = rule.list("to").stream().filter(to -> to.has("operation")).toList();
        boolean tcpSource =
                sources.stream()
                        .anyMatch(
                                from ->
                                        TCP_SOURCE_FIELDS.stream()
                                                .anyMatch(
                                                        field ->
                                                                !from.get("source")
                                                                        .texts(field)
                                                                        .isEmpty()));
        boolean tcpOperation =
                operations.stream()
                        .map(to -> to.get("operation"))
                        .anyMatch(
                                operation ->
                                        !operation.texts("ports").isEmpty()
                                                || !operation.texts("notPorts").isEmpty());
        return operations.isEmpty() ? !sources.isEmpty() && !tcpSource : !tcpOperation;
    }

    private static String named(String prefix, String field) {
        return prefix.isEmpty() ? field : prefix + capitalized(field);
    }

    private static String capitalized(String field) {
        return Character.toUpperCase(field.charAt(0)) + field.substring(1);
    }
}
