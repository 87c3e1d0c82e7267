package dev.meshdojo.simulator.pilot.route;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.model.Durations;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.ProxyHeaders;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a rule that sends requests on: destinations, rewrites, time limits, retries, mirrors.
 *
 * @param scope what the proxy sees of the mesh
 * @param service the VirtualService whose rule it is
 * @param port the server's port number as written in the Gateway
 */
record Forwarding(Scope scope, VirtualService service, int port) {

    void apply(Route.Builder out, JsonView rule, String headerAuthority) {
        RouteAction.Builder action = RouteAction.newBuilder();
        timeout(action, rule.duration("timeout"));
        if (gatewayApi()) {
            action.setClusterNotFoundResponseCode(
                    RouteAction.ClusterNotFoundResponseCode.INTERNAL_SERVER_ERROR);
        }
        if (rule.has("rewrite")) {
            action.setAppendXForwardedHost(ProxyHeaders.of(scope.mesh()).forwardedHost());
        }
        String authority = rewrite(action, out, rule.at("rewrite"), headerAuthority);
        if (!authority.isEmpty()) {
            action.setHostRewriteLiteral(authority);
        }
        mirrors(action, rule);
        List<JsonView> routes = rule.list("route");
        boolean consistentHash = false;
        if (routes.size() == 1) {
            consistentHash = single(action, out, routes.getFirst());
        } else {
            weighted(action, routes);
        }
        JsonView retries =
                rule.has("retries")
                        ? rule.at("retries")
                        : scope.mesh().view().at("defaultHttpRetryPolicy");
        RetryPolicy policy = RetryPolicies.of(retries, consistentHash);
        if (policy != null) {
            action.setRetryPolicy(policy);
        }
        out.setRoute(action);
    }

    private boolean gatewayApi() {
        return service.semantics() == VirtualService.Semantics.GATEWAY_API;
    }

    private static void timeout(RouteAction.Builder action, @Nullable Duration written) {
        Duration timeout = written == null ? Durations.ZERO : written;
        action.setTimeout(timeout);
        maxGrpcTimeout(action, timeout);
    }

    @SuppressWarnings("deprecation")
    private static void maxGrpcTimeout(RouteAction.Builder action, Duration timeout) {
        action.setMaxGrpcTimeout(timeout);
    }

    private String rewrite(
            RouteAction.Builder action, Route.Builder out, JsonView rewrite, String authority) {
        if (!rewrite.present()) {
            return authority;
        }
        JsonView regex = rewrite.at("uriRegexRewrite");
        String uri = rewrite.text("uri");
        if (regex.present()) {
            action.setRegexRewrite(substitution(regex.text("match"), regex.text("rewrite")));
        } else if (!uri.isEmpty()) {
            if (gatewayApi() && uri.equals("/")) {
                String prefix = out.getMatch().getPathSeparatedPrefix();
                action.setRegexRewrite(substitution("^" + quoteMeta(prefix) + "(/?)(.*)", "/\\2"));
            } else {
                action.setPrefixRewrite(uri);
            }
        }
        String written = rewrite.text("authority");
        return written.isEmpty() ? authority : written;
    }

    private static RegexMatchAndSubstitute substitution(String pattern, String rewrite) {
        return RegexMatchAndSubstitute.newBuilder()
                .setPattern(StringMatches.regex(pattern))
                .setSubstitution(rewrite)
                .build();
    }

    private static String quoteMeta(String text) {
        return Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]")
                .matcher(text)
                .replaceAll(
                        match -> "\\\\" + java.util.regex.Matcher.quoteReplacement(match.group()));
    }

    private void mirrors(RouteAction.Builder action, JsonView rule) {
        if (rule.has("mirror")) {
            FractionalPercent share;
            if (rule.has("mirrorPercentage")) {
                share = positive(rule.at("mirrorPercentage").number("value"));
            } else if (rule.has("mirrorPercent")) {
                int percent = rule.integer("mirrorPercent");
                share = percent > 0 ? RouteFilters.hundredths(percent) : null;
            } else {
                share = RouteFilters.hundredths(100);
            }
            mirror(action, rule.at("mirror"), share);
        }
        for (JsonView mirror : rule.list("mirrors")) {
            mirror(
                    action,
                    mirror.at("destination"),
                    mirror.has("percentage")
                            ? positive(mirror.at("percentage").number("value"))
                            : RouteFilters.hundredths(100));
        }
    }

    private static @Nullable FractionalPercent positive(double percent) {
        return percent > 0 ? RouteFilters.percent(percent) : null;
    }

    private void mirror(
            RouteAction.Builder action, JsonView destination, @Nullable FractionalPercent share) {
        if (share == null || !destination.present()) {
            return;
        }
        action.addRequestMirrorPolicies(
                RouteAction.RequestMirrorPolicy.newBuilder()
                        .setCluster(cluster(destination))
                        .setRuntimeFraction(
                                RuntimeFractionalPercent.newBuilder().setDefaultValue(share))
                        .setTraceSampled(BoolValue.of(false))
                        .setDisableShadowHostSuffixAppend(true));
    }

    private boolean single(RouteAction.Builder action, Route.Builder out, JsonView target) {
        JsonView destination = target.at("destination");
        action.setCluster(cluster(destination));
        if (target.has("headers")) {
            HeaderOperations headers = HeaderOperations.of(target.at("headers"));
            out.addAllRequestHeadersToAdd(headers.requestAdd())
                    .addAllRequestHeadersToRemove(headers.requestRemove())
                    .addAllResponseHeadersToAdd(headers.responseAdd())
                    .addAllResponseHeadersToRemove(headers.responseRemove());
            if (!headers.authority().isEmpty() && !action.hasHostRewriteLiteral()) {
                action.setHostRewriteLiteral(headers.authority());
            }
        }
        return hash(action, destination);
    }

    private void weighted(RouteAction.Builder action, List<JsonView> targets) {
        WeightedCluster.Builder clusters = action.getWeightedClustersBuilder();
        for (JsonView target : targets) {
            int weight = target.integer("weight");
            if (weight == 0) {
                continue;
            }
            JsonView destination = target.at("destination");
            WeightedCluster.ClusterWeight.Builder out =
                    clusters.addClustersBuilder()
                            .setName(cluster(destination))
                            .setWeight(UInt32Value.of(weight));
            if (target.has("headers")) {
                HeaderOperations headers = HeaderOperations.of(target.at("headers"));
                out.addAllRequestHeadersToAdd(headers.requestAdd())
                        .addAllRequestHeadersToRemove(headers.requestRemove())
                        .addAllResponseHeadersToAdd(headers.responseAdd())
                        .addAllResponseHeadersToRemove(headers.responseRemove());
                if (!headers.authority().isEmpty()) {
                    out.setHostRewriteLiteral(headers.authority());
                }
            }
            hash(action, destination);
        }
    }

    private boolean hash(RouteAction.Builder action, JsonView destination) {
        JsonView settings =
                HashPolicies.settings(scope.destinationRule(destination.text("host")), destination);
        RouteAction.HashPolicy policy = HashPolicies.of(settings);
        if (policy != null) {
            action.addHashPolicy(policy);
        }
        return settings.present();
    }

    private String cluster(JsonView destination) {
        return Destinations.clusterName(
                destination, scope.service(destination.text("host"), service.namespace()), port);
    }
}
