package dev.meshdojo.simulator.pilot.security;

import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Turns one rule of an AuthorizationPolicy into an Envoy RBAC policy. Conditions that cannot be
 * judged on a TCP connection make an ALLOW rule vanish and are dropped from any other, which widens
 * it.
 *
 * @param namespace the policy's namespace, for service accounts without one
 * @param domains names of the mesh's trust domain
 * @param tcp whether the rule guards a TCP connection
 * @param strict whether a condition that cannot be judged makes the whole rule vanish
 */
record RuleTranslator(String namespace, TrustDomains domains, boolean tcp, boolean strict) {

    /** A condition that this place cannot judge. */
    private static final class NotJudged extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotJudged(String key) {
            super(key, null, false, false);
        }
    }

    /** The policy, or null when it has no meaning here. */
    @Nullable Policy translate(JsonView rule) {
        try {
            Policy.Builder out = Policy.newBuilder();
            List<JsonView> operations = rule.list("to");
            if (operations.isEmpty()) {
                out.addPermissions(permission(JsonView.ABSENT, rule));
            }
            for (JsonView to : operations) {
                out.addPermissions(permission(to.at("operation"), rule));
            }
            List<JsonView> sources = rule.list("from");
            if (sources.isEmpty()) {
                out.addPrincipals(principal(JsonView.ABSENT, rule));
            }
            for (JsonView from : sources) {
                out.addPrincipals(principal(from.at("source"), rule));
            }
            return out.build();
        } catch (NotJudged e) {
            return null;
        }
    }

    private Permission permission(JsonView operation, JsonView rule) {
        List<Permission> all = new ArrayList<>();
        permissions(all, operation, "hosts", "notHosts", this::host);
        permissions(all, operation, "methods", "notMethods", this::method);
        permissions(all, operation, "paths", "notPaths", this::path);
        permissions(all, operation, "ports", "notPorts", RuleMatchers::port);
        for (JsonView when : rule.list("when")) {
            Function<String, Permission> leaf = permissionKey(when.text("key"));
            if (leaf != null) {
                permissions(all, when, "values", "notValues", leaf);
            }
        }
        return RuleMatchers.allPermissions(all);
    }

    private @Nullable Function<String, Permission> permissionKey(String key) {
        if (key.startsWith("experimental.envoy.filters.")) {
            return value -> envoyFilter(key, value);
        }
        return switch (key) {
            case "destination.ip" ->
                    value ->
                            Permission.newBuilder()
                                    .setDestinationIp(RuleMatchers.cidr(value))
                                    .build();
            case "destination.port" -> RuleMatchers::port;
            case "connection.sni" ->
                    value ->
                            Permission.newBuilder()
                                    .setRequestedServerName(RuleMatchers.text(value))
                                    .build();
            default -> null;
        };
    }

    private void permissions(
            List<Permission> out,
            JsonView from,
            String positive,
            String negative,
            Function<String, Permission> leaf) {
        List<Permission> any = leaves(from.texts(positive), leaf);
        if (!any.isEmpty()) {
            out.add(RuleMatchers.anyOfPermissions(any));
        }
        List<Permission> none = leaves(from.texts(negative), leaf);
        if (!none.isEmpty()) {
            out.add(RuleMatchers.not(RuleMatchers.anyOfPermissions(none)));
        }
    }

    private Principal principal(JsonView source, JsonView rule) {
        List<Principal> all = new ArrayList<>();
        principals(
                all,
                source,
                "principals",
                "notPrincipals",
                domains::principals,
                RuleTranslator::peer);
        lists(all, source, "requestPrincipals", "notRequestPrincipals", this::requestPrincipals);
        principals(all, source, "serviceAccounts", "notServiceAccounts", this::serviceAccount);
        principals(
                all,
                source,
                "trustDomains",
                "notTrustDomains",
                domains::domains,
                RuleTranslator::trustDomain);
        principals(all, source, "namespaces", "notNamespaces", RuleTranslator::namespaceOf);
        principals(all, source, "remoteIpBlocks", "notRemoteIpBlocks", RuleTranslator::remoteIp);
        principals(all, source, "ipBlocks", "notIpBlocks", RuleTranslator::directIp);
        for (JsonView when : rule.list("when")) {
            condition(all, when);
        }
        return RuleMatchers.allPrincipals(all);
    }

    private void condition(List<Principal> all, JsonView when) {
        String key = when.text("key");
        if (key.startsWith("request.headers")) {
            principals(all, when, "values", "notValues", value -> header(key, value));
            return;
        }
        if (key.startsWith("request.auth.claims")) {
            List<String> path = JwtClaims.nested(key.substring("request.auth.claims".length()));
            lists(all, when, "values", "notValues", values -> claims(path, values));
            return;
        }
        switch (key) {
            case "source.ip" ->
                    principals(all, when, "values", "notValues", RuleTranslator::directIp);
            case "remote.ip" ->
                    principals(all, when, "values", "notValues", RuleTranslator::remoteIp);
            case "source.namespace" ->
                    principals(all, when, "values", "notValues", RuleTranslator::namespaceOf);
            case "source.trustDomain" ->
                    principals(
                            all,
                            when,
                            "values",
                            "notValues",
                            domains::domains,
                            RuleTranslator::trustDomain);
            case "source.serviceAccount" ->
                    principals(all, when, "values", "notValues", this::serviceAccount);
            case "source.principal" ->
                    principals(
                            all,
                            when,
                            "values",
                            "notValues",
                            domains::principals,
                            RuleTranslator::peer);
            case "request.auth.principal" ->
                    lists(all, when, "values", "notValues", this::requestPrincipals);
            case "request.auth.audiences" ->
                    lists(
                            all,
                            when,
                            "values",
                            "notValues",
                            values -> claims(List.of("aud"), values));
            case "request.auth.presenter" ->
                    lists(
                            all,
                            when,
                            "values",
                            "notValues",
                            values -> claims(List.of("azp"), values));
            default -> {}
        }
    }

    private void principals(
            List<Principal> out,
            JsonView from,
            String positive,
            String negative,
            Function<String, Principal> leaf) {
        principals(out, from, positive, negative, UnaryOperator.identity(), leaf);
    }

    /** Like the other, with values that mean others too. */
    private void principals(
            List<Principal> out,
            JsonView from,
            String positive,
            String negative,
            UnaryOperator<List<String>> meaning,
            Function<String, Principal> leaf) {
        List<Principal> any = leaves(meaning.apply(from.texts(positive)), leaf);
        if (!any.isEmpty()) {
            out.add(RuleMatchers.anyOfPrincipals(any));
        }
        List<Principal> none = leaves(meaning.apply(from.texts(negative)), leaf);
        if (!none.isEmpty()) {
            out.add(RuleMatchers.not(RuleMatchers.anyOfPrincipals(none)));
        }
    }

    /** Like {@link #principals}, for matchers that take all values at once. */
    private void lists(
            List<Principal> out,
            JsonView from,
            String positive,
            String negative,
            Function<List<String>, Principal> leaf) {
        List<String> any = from.texts(positive);
        if (!any.isEmpty()) {
            out.addAll(leaves(List.of(any), leaf));
        }
        List<String> none = from.texts(negative);
        if (!none.isEmpty()) {
            leaves(List.of(none), leaf).forEach(id -> out.add(RuleMatchers.not(id)));
        }
    }

    private <V, T> List<T> leaves(List<V> values, Function<V, T> leaf) {
        List<T> out = new ArrayList<>(values.size());
        for (V value : values) {
            try {
                out.add(leaf.apply(value));
            } catch (NotJudged | NumberFormatException e) {
                if (strict) {
                    throw new NotJudged(value.toString());
                }
            }
        }
        return out;
    }

    private void httpOnly(String key) {
        if (tcp) {
            throw new NotJudged(key);
        }
    }

    private Permission host(String value) {
        httpOnly("hosts");
        return Permission.newBuilder()
                .setHeader(RuleMatchers.header(":authority", value, true))
                .build();
    }

    private Permission method(String value) {
        httpOnly("methods");
        return Permission.newBuilder()
                .setHeader(RuleMatchers.header(":method", value, false))
                .build();
    }

    private Permission path(String value) {
        httpOnly("paths");
        return RuleMatchers.path(value);
    }

    private Principal header(String key, String value) {
        httpOnly(key);
        String name = key.substring("request.headers".length());
        if (!name.startsWith("[") || !name.endsWith("]")) {
            throw new NotJudged(key);
        }
        return Principal.newBuilder()
                .setHeader(RuleMatchers.header(name.substring(1, name.length() - 1), value, false))
                .build();
    }

    private Principal claims(List<String> path, List<String> values) {
        httpOnly("claims");
        return metadata(JwtClaims.list(path, RuleMatchers.anyOf(values)));
    }

    private Principal requestPrincipals(List<String> values) {
        httpOnly("requestPrincipals");
        List<Principal> any = new ArrayList<>();
        for (String value : values) {
            any.add(requestPrincipal(value));
        }
        return any.size() == 1 ? any.getFirst() : RuleMatchers.anyOfPrincipals(any);
    }

    private static Principal requestPrincipal(String value) {
        int slash = value.lastIndexOf('/');
        String issuer = slash < 0 ? value : value.substring(0, slash);
        String subject = slash < 0 ? "" : value.substring(slash + 1);
        StringMatcher any = RuleMatchers.text("*");
        StringMatcher issuerMatch = exact(issuer);
        StringMatcher subjectMatch = exact(subject);
        if (value.equals("*")) {
            issuerMatch = any;
            subjectMatch = any;
        } else if (value.startsWith("*")) {
            issuerMatch = slash < 0 ? any : RuleMatchers.text(issuer);
            subjectMatch = slash < 0 ? RuleMatchers.text(value) : exact(subject);
        } else if (value.endsWith("*")) {
            issuerMatch = slash < 0 ? RuleMatchers.text(value) : exact(issuer);
            subjectMatch = slash < 0 ? any : RuleMatchers.text(subject);
        }
        return RuleMatchers.allPrincipals(
                List.of(
                        metadata(JwtClaims.text("iss", issuerMatch)),
                        metadata(JwtClaims.text("sub", subjectMatch))));
    }

    private static StringMatcher exact(String text) {
        return StringMatcher.newBuilder().setExact(text).build();
    }

    @SuppressWarnings("deprecation") // what Istio writes
    private static Principal metadata(MetadataMatcher matcher) {
        return Principal.newBuilder().setMetadata(matcher).build();
    }

    private static Principal peer(String value) {
        return RuleMatchers.peer(RuleMatchers.text(value, "spiffe://", false));
    }

    private static Principal namespaceOf(String value) {
        StringBuilder pattern = new StringBuilder();
        String[] parts = value.split("\\*", -1);
        for (int i = 0; i < parts.length; i++) {
            pattern.append(i > 0 ? ".*" : "").append(RuleMatchers.quote(parts[i]));
        }
        return RuleMatchers.peer(RuleMatchers.regex(".*/ns/" + pattern + "/.*"));
    }

    private Principal serviceAccount(String value) {
        int slash = value.indexOf('/');
        String owner = slash < 0 ? namespace : value.substring(0, slash);
        String account = value.substring(slash + 1);
        return RuleMatchers.peer(
                RuleMatchers.regex(
                        String.format(
                                Locale.ROOT,
                                "spiffe://.+/ns/%s/(.+/|)sa/%s(/.+)?",
                                RuleMatchers.quote(owner),
                                RuleMatchers.quote(account))));
    }

    private static Principal trustDomain(String value) {
        int star = value.indexOf('*');
        if (value.equals("*") || star < 0) {
            String prefix = value.equals("*") ? "spiffe://" : "spiffe://" + value + "/";
            return RuleMatchers.peer(StringMatcher.newBuilder().setPrefix(prefix).build());
        }
        return RuleMatchers.peer(
                RuleMatchers.regex(
                        "spiffe://"
                                + RuleMatchers.quote(value.substring(0, star))
                                + "[^/]*"
                                + RuleMatchers.quote(value.substring(star + 1))
                                + "/.*"));
    }

    private static Principal directIp(String value) {
        return Principal.newBuilder().setDirectRemoteIp(RuleMatchers.cidr(value)).build();
    }

    private static Principal remoteIp(String value) {
        return Principal.newBuilder().setRemoteIp(RuleMatchers.cidr(value)).build();
    }

    @SuppressWarnings("deprecation") // what Istio writes
    private static Permission envoyFilter(String key, String value) {
        String path = key.substring("experimental.".length());
        int bracket = path.indexOf('[');
        if (bracket < 0 || !path.endsWith("]")) {
            throw new NotJudged(key);
        }
        MetadataMatcher.Builder out =
                MetadataMatcher.newBuilder().setFilter(path.substring(0, bracket));
        out.addPathBuilder().setKey(path.substring(bracket + 1, path.length() - 1));
        if (value.startsWith("[") && value.endsWith("]")) {
            out.getValueBuilder()
                    .getListMatchBuilder()
                    .setOneOf(
                            ValueMatcher.newBuilder()
                                    .setStringMatch(
                                            RuleMatchers.text(
                                                    value.substring(1, value.length() - 1))));
        } else {
            out.getValueBuilder().setStringMatch(RuleMatchers.text(value));
        }
        return Permission.newBuilder().setMetadata(out).build();
    }
}
