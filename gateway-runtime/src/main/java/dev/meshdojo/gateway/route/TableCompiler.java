package dev.meshdojo.gateway.route;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.route.match.HeaderMatch;
import dev.meshdojo.gateway.route.match.PathMatch;
import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.route.match.ValueMatch;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ProtoConstraints;
import dev.meshdojo.gateway.stream.UnbuiltFields;
import dev.meshdojo.gateway.stream.format.HeaderOperations;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles one route configuration: virtual hosts, conditions, levels of operations. */
final class TableCompiler {

    private final RouteConfiguration proto;
    private final FilterConfigs filters;
    private final EarlierHosts earlier;
    private final HeaderOperations requestOperations;
    private final HeaderOperations responseOperations;
    private final Map<String, Object> filterConfigs;

    /**
     * @param before an earlier version of the table, whose virtual hosts are taken over where they
     *     are the same; null when there is none
     */
    TableCompiler(RouteConfiguration proto, FilterConfigs filters, @Nullable RouteTable before) {
        this.earlier = before == null ? EarlierHosts.NONE : EarlierHosts.of(before, proto);
        if (!earlier.takenOver()) {
            ProtoConstraints.check(proto);
        }
        this.proto = proto;
        this.filters = filters;
        requestOperations =
                HeaderOperations.compile(
                        proto.getRequestHeadersToAddList(), proto.getRequestHeadersToRemoveList());
        responseOperations =
                HeaderOperations.compile(
                        proto.getResponseHeadersToAddList(),
                        proto.getResponseHeadersToRemoveList());
        filterConfigs = filterConfigs(filters, Map.of(), proto.getTypedPerFilterConfigMap());
    }

    RouteTable compile() {
        HostIndex hosts = new HostIndex(proto.getVirtualHostsCount());
        List<VirtualHost> virtualHosts = new ArrayList<>(proto.getVirtualHostsCount());
        for (var host : proto.getVirtualHostsList()) {
            VirtualHost compiled = earlier.find(host);
            if (compiled == null) {
                compiled = virtualHost(host);
            }
            virtualHosts.add(compiled);
            for (String domain : host.getDomainsList()) {
                hosts.add(proto.getName(), domain, compiled);
            }
        }
        return new RouteTable(proto, hosts, virtualHosts);
    }

    private VirtualHost virtualHost(io.envoyproxy.envoy.config.route.v3.VirtualHost host) {
        if (earlier.takenOver() && !ProtoConstraints.holds(host)) {
            ProtoConstraints.check(proto);
        }
        HeaderOperations request =
                HeaderOperations.compile(
                        host.getRequestHeadersToAddList(), host.getRequestHeadersToRemoveList());
        HeaderOperations response =
                HeaderOperations.compile(
                        host.getResponseHeadersToAddList(), host.getResponseHeadersToRemoveList());
        Map<String, Object> configs =
                filterConfigs(filters, filterConfigs, host.getTypedPerFilterConfigMap());
        UnbuiltFields.refuse(
                host,
                "virtual host " + host.getName(),
                "hedge_policy",
                "include_is_timeout_retry_header",
                "retry_policy_typed_config");
        if (host.hasMatcher()) {
            throw new InvalidConfigException(
                    "virtual host "
                            + host.getName()
                            + ": matcher trees are not supported here; list routes instead");
        }
        ActionCompiler actions = new ActionCompiler(proto, host, filters);
        List<Route> routes = new ArrayList<>(host.getRoutesCount());
        for (var route : host.getRoutesList()) {
            routes.add(route(route, actions, request, response, configs, host.getRateLimitsList()));
        }
        return new VirtualHost(
                host.getName(),
                host.getDomainsList(),
                routes,
                new RouteIndex(routes),
                VirtualHost.TlsRequirement.valueOf(host.getRequireTls().name()),
                host.getIncludeRequestAttemptCount(),
                host.getIncludeAttemptCountInResponse());
    }

    private Route route(
            io.envoyproxy.envoy.config.route.v3.Route route,
            ActionCompiler actions,
            HeaderOperations hostRequest,
            HeaderOperations hostResponse,
            Map<String, Object> hostConfigs,
            List<RateLimit> hostLimits) {
        PathMatch path = PathCompiler.compile(route.getMatch());
        HeaderOperations request =
                HeaderOperations.compile(
                        route.getRequestHeadersToAddList(), route.getRequestHeadersToRemoveList());
        HeaderOperations response =
                HeaderOperations.compile(
                        route.getResponseHeadersToAddList(),
                        route.getResponseHeadersToRemoveList());
        return new Route(
                route.getName(),
                path,
                conditions(route.getMatch(), path),
                actions.compile(route, path),
                levels(request, hostRequest, requestOperations),
                levels(response, hostResponse, responseOperations),
                filterConfigs(filters, hostConfigs, route.getTypedPerFilterConfigMap()),
                route.hasDecorator()
                        ? new Route.Decorator(
                                route.getDecorator().getOperation(),
                                !route.getDecorator().hasPropagate()
                                        || route.getDecorator().getPropagate().getValue())
                        : null,
                route.getStatPrefix(),
                route.getMetadata(),
                rateLimits(route.getRoute(), hostLimits));
    }

    @SuppressWarnings("deprecation") // include_vh_rate_limits has no successor in use
    private static RateLimitActions rateLimits(
            io.envoyproxy.envoy.config.route.v3.RouteAction route, List<RateLimit> hostLimits) {
        List<RateLimit> limits = new ArrayList<>(route.getRateLimitsList());
        if (limits.isEmpty() || route.getIncludeVhRateLimits().getValue()) {
            limits.addAll(hostLimits);
        }
        return RateLimitActions.compile(limits);
    }

    private List<HeaderOperations> levels(
            HeaderOperations route, HeaderOperations host, HeaderOperations table) {
        List<HeaderOperations> order =
                proto.getMostSpecificHeaderMutationsWins()
                        ? List.of(table, host, route)
                        : List.of(route, host, table);
        return order.stream().filter(operations -> !operations.isEmpty()).toList();
    }

    static List<Condition> conditions(RouteMatch match, PathMatch path) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(new Condition.OfPath(path));
        for (var header : match.getHeadersList()) {
            conditions.add(new Condition.OfHeader(HeaderMatch.compile(header)));
        }
        for (var parameter : match.getQueryParametersList()) {
            conditions.add(queryCondition(parameter));
        }
        if (match.hasGrpc()) {
            conditions.add(new Condition.OfGrpc());
        }
        if (match.hasTlsContext()) {
            var tls = match.getTlsContext();
            conditions.add(
                    new Condition.OfTls(
                            tls.hasPresented() ? tls.getPresented().getValue() : null,
                            tls.hasValidated() ? tls.getValidated().getValue() : null));
        }
        for (var metadata : match.getDynamicMetadataList()) {
            conditions.add(new Condition.OfMetadata(ValueMatch.OfMetadata.compile(metadata)));
        }
        if (match.getFilterStateCount() > 0) {
            throw new InvalidConfigException(
                    "route match filter_state: this proxy has no filter state; match on"
                            + " dynamic_metadata instead");
        }
        if (match.hasRuntimeFraction()) {
            conditions.add(new Condition.OfFraction(Fraction.of(match.getRuntimeFraction())));
        }
        return conditions;
    }

    private static Condition queryCondition(QueryParameterMatcher parameter) {
        return switch (parameter.getQueryParameterMatchSpecifierCase()) {
            case STRING_MATCH ->
                    new Condition.OfQuery(
                            parameter.getName(),
                            StringMatch.compile(parameter.getStringMatch()),
                            true);
            case PRESENT_MATCH ->
                    new Condition.OfQuery(parameter.getName(), null, parameter.getPresentMatch());
            case QUERYPARAMETERMATCHSPECIFIER_NOT_SET ->
                    new Condition.OfQuery(parameter.getName(), null, true);
        };
    }

    /** The configs of {@code own} over those of the level above. */
    static Map<String, Object> filterConfigs(
            FilterConfigs filters, Map<String, Object> above, Map<String, Any> own) {
        if (own.isEmpty()) {
            return above;
        }
        Map<String, Object> merged = new HashMap<>(above);
        own.forEach((name, config) -> merged.put(name, filterConfig(filters, name, config)));
        return merged;
    }

    private static Object filterConfig(FilterConfigs filters, String name, Any config) {
        if (!config.is(FilterConfig.class)) {
            return filters.compile(name, config);
        }
        try {
            FilterConfig wrapper = config.unpack(FilterConfig.class);
            return wrapper.getDisabled()
                    ? new FilterConfigs.Disabled()
                    : filters.compile(name, wrapper.getConfig());
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException("Unable to unpack as " + FilterConfig.class.getName());
        }
    }
}
