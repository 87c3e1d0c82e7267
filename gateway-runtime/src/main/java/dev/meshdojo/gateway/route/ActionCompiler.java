package dev.meshdojo.gateway.route;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.route.match.PathMatch;
import dev.meshdojo.gateway.route.match.SafeRegex;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.UnbuiltFields;
import dev.meshdojo.gateway.stream.WireText;
import dev.meshdojo.gateway.stream.format.HeaderOperations;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles what routes of one virtual host do. */
final class ActionCompiler {

    private static final long MAX_TOTAL_WEIGHT = 0xffff_ffffL;
    private static final int DEFAULT_MAX_BODY = 4096;
    private static final java.time.Duration DEFAULT_TIMEOUT = java.time.Duration.ofSeconds(15);

    private final RouteConfiguration table;
    private final VirtualHost host;
    private final FilterConfigs filters;

    ActionCompiler(RouteConfiguration table, VirtualHost host, FilterConfigs filters) {
        this.table = table;
        this.host = host;
        this.filters = filters;
    }

    RouteAction compile(io.envoyproxy.envoy.config.route.v3.Route route, PathMatch path) {
        return switch (route.getActionCase()) {
            case ROUTE -> forward(route.getName(), route.getRoute(), path);
            case REDIRECT -> redirect(route.getRedirect(), path);
            case DIRECT_RESPONSE -> directResponse(route.getDirectResponse());
            case FILTER_ACTION, NON_FORWARDING_ACTION -> new RouteAction.None();
            case ACTION_NOT_SET ->
                    throw new InvalidConfigException(
                            "Proto constraint validation failed (RouteValidationError.Action: value"
                                    + " is required)");
        };
    }

    private RouteAction redirect(RedirectAction action, PathMatch path) {
        int status =
                switch (action.getResponseCode()) {
                    case FOUND -> 302;
                    case SEE_OTHER -> 303;
                    case TEMPORARY_REDIRECT -> 307;
                    case PERMANENT_REDIRECT -> 308;
                    case MOVED_PERMANENTLY, UNRECOGNIZED -> 301;
                };
        String scheme = action.getHttpsRedirect() ? "https" : nonEmpty(action.getSchemeRedirect());
        PathRewrite rewrite = null;
        if (!action.getPrefixRewrite().isEmpty()) {
            rewrite = new PathRewrite.Prefix(path, WireText.of(action.getPrefixRewrite()));
        } else if (action.hasRegexRewrite()) {
            rewrite = new PathRewrite.Regex(SafeRegex.compile(action.getRegexRewrite()));
        }
        return new RouteAction.Redirect(
                status,
                new RedirectRule(
                        scheme,
                        nonEmpty(action.getHostRedirect()),
                        action.getPortRedirect(),
                        nonEmpty(action.getPathRedirect()),
                        rewrite,
                        action.getStripQuery(),
                        false));
    }

    private RouteAction directResponse(DirectResponseAction action) {
        int limit =
                table.hasMaxDirectResponseBodySizeBytes()
                        ? table.getMaxDirectResponseBodySizeBytes().getValue()
                        : DEFAULT_MAX_BODY;
        byte[] body = null;
        if (action.hasBody()) {
            body = bytes(action.getBody()).toByteArray();
            if (body.length > Integer.toUnsignedLong(limit)) {
                throw new InvalidConfigException(
                        "response body size is "
                                + body.length
                                + " bytes; maximum is "
                                + Integer.toUnsignedString(limit));
            }
        }
        return new RouteAction.DirectResponse(action.getStatus(), body);
    }

    private static ByteString bytes(DataSource source) {
        return switch (source.getSpecifierCase()) {
            case INLINE_BYTES -> source.getInlineBytes();
            case INLINE_STRING -> source.getInlineStringBytes();
            case FILENAME, ENVIRONMENT_VARIABLE, SPECIFIER_NOT_SET ->
                    throw new InvalidConfigException(
                            "direct_response.body: only inline_string and inline_bytes are read"
                                    + " here");
        };
    }

    private RouteAction forward(
            String routeName,
            io.envoyproxy.envoy.config.route.v3.RouteAction action,
            PathMatch path) {
        UnbuiltFields.refuse(
                action,
                "route " + routeName,
                "hedge_policy",
                "internal_redirect_policy",
                "internal_redirect_action",
                "retry_policy_typed_config");
        return new ForwardAction(
                clusters(routeName, action),
                switch (action.getClusterNotFoundResponseCode()) {
                    case NOT_FOUND -> 404;
                    case INTERNAL_SERVER_ERROR -> 500;
                    case SERVICE_UNAVAILABLE, UNRECOGNIZED -> 503;
                },
                timeout(action),
                action.hasIdleTimeout() ? duration(action.getIdleTimeout()) : null,
                action.getMaxStreamDuration().hasMaxStreamDuration()
                        ? duration(action.getMaxStreamDuration().getMaxStreamDuration())
                        : null,
                action.getMaxStreamDuration().hasGrpcTimeoutHeaderMax()
                        ? duration(action.getMaxStreamDuration().getGrpcTimeoutHeaderMax())
                        : null,
                grpcTimeoutMax(action),
                RetryCompiler.compile(action, host),
                RetryCompiler.hashPolicies(action.getHashPolicyList()),
                mirrors(action),
                upgrades(action),
                pathRewrite(action, path),
                hostRewrite(action),
                action.getAppendXForwardedHost(),
                action.getPriority() == RoutingPriority.HIGH);
    }

    /** A maximal stream duration, even if empty, takes the place of the timeout. */
    private static java.time.@Nullable Duration timeout(
            io.envoyproxy.envoy.config.route.v3.RouteAction action) {
        if (action.hasMaxStreamDuration()) {
            return null;
        }
        return action.hasTimeout() ? positive(action.getTimeout()) : DEFAULT_TIMEOUT;
    }

    @SuppressWarnings("deprecation") // Istio still sends max_grpc_timeout.
    private static java.time.@Nullable Duration grpcTimeoutMax(
            io.envoyproxy.envoy.config.route.v3.RouteAction action) {
        return action.hasMaxGrpcTimeout() && !action.hasMaxStreamDuration()
                ? duration(action.getMaxGrpcTimeout())
                : null;
    }

    private ClusterChoice clusters(
            String routeName, io.envoyproxy.envoy.config.route.v3.RouteAction action) {
        return switch (action.getClusterSpecifierCase()) {
            case CLUSTER ->
                    new ClusterChoice.Single(
                            new ClusterTarget(
                                    action.getCluster(),
                                    false,
                                    0,
                                    null,
                                    HeaderOperations.NONE,
                                    HeaderOperations.NONE,
                                    Map.of(),
                                    action.hasMetadataMatch() ? action.getMetadataMatch() : null));
            case CLUSTER_HEADER ->
                    new ClusterChoice.FromHeader(
                            action.getClusterHeader().toLowerCase(Locale.ROOT));
            case WEIGHTED_CLUSTERS -> weighted(routeName, action.getWeightedClusters());
            case CLUSTER_SPECIFIER_PLUGIN ->
                    throw new InvalidConfigException(
                            "Unknown cluster specifier plugin name: "
                                    + action.getClusterSpecifierPlugin()
                                    + " is used in the route");
            case INLINE_CLUSTER_SPECIFIER_PLUGIN ->
                    throw PathCompiler.unregistered(
                            action.getInlineClusterSpecifierPlugin().getExtension());
            case CLUSTERSPECIFIER_NOT_SET ->
                    throw new InvalidConfigException(
                            "Proto constraint validation failed (RouteActionValidationError."
                                    + "ClusterSpecifier: value is required)");
        };
    }

    private ClusterChoice weighted(String routeName, WeightedCluster weighted) {
        List<ClusterTarget> targets = new ArrayList<>();
        long total = 0;
        for (var cluster : weighted.getClustersList()) {
            if (!cluster.getName().isEmpty() && !cluster.getClusterHeader().isEmpty()) {
                throw new InvalidConfigException(
                        "Only one of name or cluster_header can be specified");
            }
            if (cluster.getName().isEmpty()) {
                throw new InvalidConfigException(
                        cluster.getClusterHeader().isEmpty()
                                ? "At least one of name or cluster_header need to be specified"
                                : "weighted_clusters.cluster_header is not supported here; name the"
                                        + " cluster");
            }
            long weight = Integer.toUnsignedLong(cluster.getWeight().getValue());
            total += weight;
            if (total > MAX_TOTAL_WEIGHT) {
                throw new InvalidConfigException(
                        "The sum of weights of all weighted clusters of route "
                                + routeName
                                + " exceeds "
                                + MAX_TOTAL_WEIGHT);
            }
            targets.add(
                    new ClusterTarget(
                            cluster.getName(),
                            true,
                            weight,
                            nonEmpty(cluster.getHostRewriteLiteral()),
                            HeaderOperations.compile(
                                    cluster.getRequestHeadersToAddList(),
                                    cluster.getRequestHeadersToRemoveList()),
                            HeaderOperations.compile(
                                    cluster.getResponseHeadersToAddList(),
                                    cluster.getResponseHeadersToRemoveList()),
                            TableCompiler.filterConfigs(
                                    filters, Map.of(), cluster.getTypedPerFilterConfigMap()),
                            cluster.hasMetadataMatch() ? cluster.getMetadataMatch() : null));
        }
        if (total == 0) {
            throw new InvalidConfigException(
                    "Sum of weights in the weighted_cluster must be greater than 0.");
        }
        String header = nonEmpty(weighted.getHeaderName().toLowerCase(Locale.ROOT));
        return new ClusterChoice.Weighted(targets, total, header);
    }

    private List<Mirror> mirrors(io.envoyproxy.envoy.config.route.v3.RouteAction action) {
        var policies = action.getRequestMirrorPoliciesList();
        if (policies.isEmpty()) {
            policies = host.getRequestMirrorPoliciesList();
        }
        if (policies.isEmpty()) {
            policies = table.getRequestMirrorPoliciesList();
        }
        List<Mirror> mirrors = new ArrayList<>();
        for (var policy : policies) {
            if (policy.getCluster().isEmpty() == policy.getClusterHeader().isEmpty()) {
                throw new InvalidConfigException(
                        "Exactly one of cluster or cluster_header in request mirror policy need to"
                                + " be specified");
            }
            mirrors.add(
                    new Mirror(
                            policy.getCluster(),
                            nonEmpty(policy.getClusterHeader().toLowerCase(Locale.ROOT)),
                            policy.hasRuntimeFraction()
                                    ? Fraction.of(policy.getRuntimeFraction())
                                    : Fraction.ALL,
                            !policy.getDisableShadowHostSuffixAppend()));
        }
        return mirrors;
    }

    private static Map<String, Boolean> upgrades(
            io.envoyproxy.envoy.config.route.v3.RouteAction action) {
        Map<String, Boolean> upgrades = new LinkedHashMap<>();
        for (var upgrade : action.getUpgradeConfigsList()) {
            boolean enabled = !upgrade.hasEnabled() || upgrade.getEnabled().getValue();
            String type = upgrade.getUpgradeType().toLowerCase(Locale.ROOT);
            if (upgrades.putIfAbsent(type, enabled) != null) {
                throw new InvalidConfigException("Duplicate upgrade " + upgrade.getUpgradeType());
            }
            if (upgrade.hasConnectConfig() && !type.equals("connect")) {
                throw new InvalidConfigException(
                        "Non-CONNECT upgrade type "
                                + upgrade.getUpgradeType()
                                + " has ConnectConfig");
            }
        }
        return upgrades;
    }

    private static @Nullable PathRewrite pathRewrite(
            io.envoyproxy.envoy.config.route.v3.RouteAction action, PathMatch path) {
        int given =
                (action.getPrefixRewrite().isEmpty() ? 0 : 1)
                        + (action.hasRegexRewrite() ? 1 : 0)
                        + (action.hasPathRewritePolicy() ? 1 : 0);
        if (given > 1) {
            throw new InvalidConfigException(
                    "Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy");
        }
        if (!action.getPrefixRewrite().isEmpty()) {
            return new PathRewrite.Prefix(path, WireText.of(action.getPrefixRewrite()));
        }
        if (action.hasRegexRewrite()) {
            return new PathRewrite.Regex(SafeRegex.compile(action.getRegexRewrite()));
        }
        return action.hasPathRewritePolicy() ? templateRewrite(action, path) : null;
    }

    private static PathRewrite templateRewrite(
            io.envoyproxy.envoy.config.route.v3.RouteAction action, PathMatch path) {
        var policy = action.getPathRewritePolicy();
        if (!policy.getTypedConfig().is(UriTemplateRewriteConfig.class)) {
            throw PathCompiler.unregistered(policy);
        }
        if (!(path instanceof PathMatch.Template(var template))) {
            throw new InvalidConfigException(
                    "unable to use "
                            + policy.getName()
                            + " extension without "
                            + "envoy.path.match.uri_template.uri_template_matcher extension");
        }
        try {
            return new PathRewrite.Template(
                    template,
                    policy.getTypedConfig()
                            .unpack(UriTemplateRewriteConfig.class)
                            .getPathTemplateRewrite());
        } catch (InvalidProtocolBufferException e) {
            throw PathCompiler.unregistered(policy);
        }
    }

    private static @Nullable HostRewrite hostRewrite(
            io.envoyproxy.envoy.config.route.v3.RouteAction action) {
        return switch (action.getHostRewriteSpecifierCase()) {
            case HOST_REWRITE_LITERAL ->
                    action.getHostRewriteLiteral().isEmpty()
                            ? null
                            : new HostRewrite.Literal(WireText.of(action.getHostRewriteLiteral()));
            case AUTO_HOST_REWRITE ->
                    action.getAutoHostRewrite().getValue() ? new HostRewrite.FromUpstream() : null;
            case HOST_REWRITE_HEADER ->
                    new HostRewrite.FromHeader(
                            action.getHostRewriteHeader().toLowerCase(Locale.ROOT));
            case HOST_REWRITE_PATH_REGEX ->
                    new HostRewrite.FromPath(SafeRegex.compile(action.getHostRewritePathRegex()));
            case HOSTREWRITESPECIFIER_NOT_SET -> null;
        };
    }

    static java.time.Duration duration(Duration proto) {
        if (proto.getSeconds() < 0 || proto.getNanos() < 0) {
            throw new InvalidConfigException(
                    "Invalid duration: Expected positive duration: " + Durations.toString(proto));
        }
        return java.time.Duration.ofSeconds(proto.getSeconds(), proto.getNanos());
    }

    /** The duration; null when it is zero, which switches it off. */
    static java.time.@Nullable Duration positive(Duration proto) {
        java.time.Duration duration = duration(proto);
        return duration.isZero() ? null : duration;
    }

    private static @Nullable String nonEmpty(String text) {
        return text.isEmpty() ? null : WireText.of(text);
    }
}
