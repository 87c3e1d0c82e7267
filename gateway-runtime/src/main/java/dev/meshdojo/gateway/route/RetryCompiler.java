package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.HeaderMatch;
import dev.meshdojo.gateway.route.match.SafeRegex;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.UnbuiltFields;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Compiles retry and hash policies. */
final class RetryCompiler {

    private static final String PREVIOUS_HOSTS =
            "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate";
    private static final Set<String> PREDICATE_NAMES =
            Set.of("envoy.retry_host_predicates.previous_hosts");

    private RetryCompiler() {}

    static RetryPolicy compile(RouteAction action, VirtualHost host) {
        if (action.hasRetryPolicy()) {
            return policy(action.getRetryPolicy());
        }
        return host.hasRetryPolicy() ? policy(host.getRetryPolicy()) : RetryPolicy.NONE;
    }

    private static RetryPolicy policy(io.envoyproxy.envoy.config.route.v3.RetryPolicy proto) {
        UnbuiltFields.refuse(
                proto, "retry_policy", "retry_options_predicates", "rate_limited_retry_back_off");
        boolean avoidPrevious = false;
        for (var predicate : proto.getRetryHostPredicateList()) {
            String url = predicate.getTypedConfig().getTypeUrl();
            String type = url.substring(url.lastIndexOf('/') + 1);
            if (!type.equals(PREVIOUS_HOSTS) && !PREDICATE_NAMES.contains(predicate.getName())) {
                throw new InvalidConfigException(
                        "Didn't find a registered implementation for '"
                                + predicate.getName()
                                + "' with type URL: '"
                                + type
                                + "'");
            }
            avoidPrevious = true;
        }
        Duration base = Duration.ofMillis(25);
        Duration max = base.multipliedBy(10);
        if (proto.hasRetryBackOff()) {
            base = millis(ActionCompiler.duration(proto.getRetryBackOff().getBaseInterval()));
            max = base.multipliedBy(10);
            if (proto.getRetryBackOff().hasMaxInterval()) {
                max = millis(ActionCompiler.duration(proto.getRetryBackOff().getMaxInterval()));
                if (max.compareTo(base) < 0) {
                    throw new InvalidConfigException(
                            "retry_policy.max_interval must greater than or equal to the"
                                    + " base_interval");
                }
            }
        }
        return new RetryPolicy(
                RetryOn.parse(proto.getRetryOn()),
                proto.hasNumRetries() ? proto.getNumRetries().getValue() : 1,
                proto.hasPerTryTimeout() ? ActionCompiler.positive(proto.getPerTryTimeout()) : null,
                proto.hasPerTryIdleTimeout()
                        ? ActionCompiler.positive(proto.getPerTryIdleTimeout())
                        : null,
                avoidPrevious,
                (int) Math.max(1, proto.getHostSelectionRetryMaxAttempts()),
                Set.copyOf(proto.getRetriableStatusCodesList()),
                base,
                max,
                HeaderMatch.compileAll(proto.getRetriableHeadersList()),
                HeaderMatch.compileAll(proto.getRetriableRequestHeadersList()));
    }

    private static Duration millis(Duration duration) {
        return duration.toMillis() < 1 ? Duration.ofMillis(1) : duration;
    }

    static List<HashPolicy> hashPolicies(List<RouteAction.HashPolicy> protos) {
        List<HashPolicy> policies = new ArrayList<>();
        for (RouteAction.HashPolicy proto : protos) {
            policies.add(hashPolicy(proto));
        }
        return policies;
    }

    private static HashPolicy hashPolicy(RouteAction.HashPolicy proto) {
        boolean terminal = proto.getTerminal();
        return switch (proto.getPolicySpecifierCase()) {
            case HEADER ->
                    new HashPolicy.Header(
                            proto.getHeader().getHeaderName().toLowerCase(Locale.ROOT),
                            proto.getHeader().hasRegexRewrite()
                                    ? SafeRegex.compile(proto.getHeader().getRegexRewrite())
                                    : null,
                            terminal);
            case COOKIE -> cookie(proto.getCookie(), terminal);
            case CONNECTION_PROPERTIES -> new HashPolicy.SourceIp(terminal);
            case QUERY_PARAMETER ->
                    new HashPolicy.QueryParameter(proto.getQueryParameter().getName(), terminal);
            case FILTER_STATE ->
                    throw new InvalidConfigException(
                            "hash_policy.filter_state: this proxy has no filter state; hash on a"
                                    + " header instead");
            case POLICYSPECIFIER_NOT_SET ->
                    throw new InvalidConfigException("Unsupported hash policy 0");
        };
    }

    private static HashPolicy cookie(RouteAction.HashPolicy.Cookie proto, boolean terminal) {
        Map<String, String> attributes = new LinkedHashMap<>();
        proto.getAttributesList()
                .forEach(attribute -> attributes.put(attribute.getName(), attribute.getValue()));
        return new HashPolicy.Cookie(
                proto.getName(),
                proto.hasTtl() ? ActionCompiler.duration(proto.getTtl()) : null,
                proto.getPath(),
                attributes,
                terminal);
    }
}
