package dev.meshdojo.simulator.pilot.security;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.route.StringMatches;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.type.matcher.v3.OrMatcher;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.List;
import java.util.regex.Pattern;

/** The leaves of authorization rules as Envoy's RBAC matchers. */
final class RuleMatchers {

    private static final Pattern TEMPLATE = Pattern.compile("\\{\\*\\*?}");

    private RuleMatchers() {}

    static StringMatcher text(String value) {
        return text(value, "", false);
    }

    /**
     * A matcher for Istio's value syntax: {@code *} any non-empty text, {@code *suffix}, {@code
     * prefix*}, exact.
     */
    static StringMatcher text(String value, String prefix, boolean ignoreCase) {
        StringMatcher.Builder out = StringMatcher.newBuilder().setIgnoreCase(ignoreCase);
        if (value.equals("*")) {
            return StringMatcher.newBuilder().setSafeRegex(StringMatches.regex(".+")).build();
        }
        if (value.startsWith("*")) {
            String suffix = value.substring(1);
            return prefix.isEmpty()
                    ? out.setSuffix(suffix).build()
                    : regex(prefix + ".*" + quote(suffix));
        }
        if (value.endsWith("*")) {
            return out.setPrefix(prefix + value.substring(0, value.length() - 1)).build();
        }
        return out.setExact(prefix + value).build();
    }

    static StringMatcher regex(String pattern) {
        return StringMatcher.newBuilder().setSafeRegex(StringMatches.regex(pattern)).build();
    }

    static ValueMatcher anyOf(List<String> values) {
        List<ValueMatcher> matchers =
                values.stream()
                        .map(value -> ValueMatcher.newBuilder().setStringMatch(text(value)).build())
                        .toList();
        return matchers.size() == 1
                ? matchers.getFirst()
                : ValueMatcher.newBuilder()
                        .setOrMatch(OrMatcher.newBuilder().addAllValueMatchers(matchers))
                        .build();
    }

    static HeaderMatcher header(String name, String value, boolean ignoreCase) {
        HeaderMatcher.Builder out = HeaderMatcher.newBuilder().setName(name);
        return value.equals("*")
                ? out.setPresentMatch(true).build()
                : out.setStringMatch(text(value, "", ignoreCase)).build();
    }

    static Permission path(String value) {
        if (TEMPLATE.matcher(value).find()) {
            String template = value.replace("{**}", "**").replace("{*}", "*");
            return Permission.newBuilder()
                    .setUriTemplate(
                            TypedExtensionConfig.newBuilder()
                                    .setName("uri-template")
                                    .setTypedConfig(
                                            Any.pack(
                                                    UriTemplateMatchConfig.newBuilder()
                                                            .setPathTemplate(template)
                                                            .build())))
                    .build();
        }
        return Permission.newBuilder()
                .setUrlPath(PathMatcher.newBuilder().setPath(text(value)))
                .build();
    }

    static Permission port(String value) {
        return Permission.newBuilder().setDestinationPort(Integer.parseInt(value)).build();
    }

    static CidrRange cidr(String value) {
        int slash = value.indexOf('/');
        String address = slash < 0 ? value : value.substring(0, slash);
        int length =
                slash < 0
                        ? (address.contains(":") ? 128 : 32)
                        : Integer.parseInt(value.substring(slash + 1));
        return CidrRange.newBuilder()
                .setAddressPrefix(address)
                .setPrefixLen(UInt32Value.of(length))
                .build();
    }

    static Principal peer(StringMatcher name) {
        return Principal.newBuilder()
                .setAuthenticated(Principal.Authenticated.newBuilder().setPrincipalName(name))
                .build();
    }

    static Permission anyOfPermissions(List<Permission> rules) {
        return Permission.newBuilder()
                .setOrRules(Permission.Set.newBuilder().addAllRules(rules))
                .build();
    }

    static Permission not(Permission rule) {
        return Permission.newBuilder().setNotRule(rule).build();
    }

    static Permission allPermissions(List<Permission> rules) {
        Permission.Set.Builder set = Permission.Set.newBuilder().addAllRules(rules);
        if (rules.isEmpty()) {
            set.addRules(Permission.newBuilder().setAny(true));
        }
        return Permission.newBuilder().setAndRules(set).build();
    }

    static Principal anyOfPrincipals(List<Principal> ids) {
        return Principal.newBuilder().setOrIds(Principal.Set.newBuilder().addAllIds(ids)).build();
    }

    static Principal not(Principal id) {
        return Principal.newBuilder().setNotId(id).build();
    }

    static Principal allPrincipals(List<Principal> ids) {
        Principal.Set.Builder set = Principal.Set.newBuilder().addAllIds(ids);
        if (ids.isEmpty()) {
            set.addIds(Principal.newBuilder().setAny(true));
        }
        return Principal.newBuilder().setAndIds(set).build();
    }

    static String quote(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("\\.+*?()|[]{}^$".indexOf(c) >= 0) {
                out.append('\\');
            }
            out.append(c);
        }
        return out.toString();
    }
}
