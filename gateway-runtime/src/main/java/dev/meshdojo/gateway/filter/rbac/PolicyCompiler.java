package dev.meshdojo.gateway.filter.rbac;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.route.match.UriTemplate;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import java.util.List;

/** Compiles permissions and principals. */
final class PolicyCompiler {

    private static final String PEER_PRINCIPAL = "io.istio.peer_principal";

    private PolicyCompiler() {}

    /** A policy holds when one permission and one principal hold. */
    static RbacRule policy(Policy policy) {
        if (policy.hasCondition() || policy.hasCheckedCondition()) {
            throw new InvalidConfigException(
                    "RBAC policy condition: CEL expressions are not supported here; use permissions"
                            + " and principals");
        }
        return RbacRule.all(
                List.of(
                        RbacRule.any(permissions(policy.getPermissionsList())),
                        RbacRule.any(principals(policy.getPrincipalsList()))));
    }

    private static List<RbacRule> permissions(List<Permission> protos) {
        return protos.stream().map(PolicyCompiler::permission).toList();
    }

    @SuppressWarnings("deprecation") // metadata is still sent.
    private static RbacRule permission(Permission proto) {
        return switch (proto.getRuleCase()) {
            case ANY -> input -> true;
            case AND_RULES -> RbacRule.all(permissions(proto.getAndRules().getRulesList()));
            case OR_RULES -> RbacRule.any(permissions(proto.getOrRules().getRulesList()));
            case NOT_RULE -> RbacRule.not(permission(proto.getNotRule()));
            case HEADER -> RbacRule.header(proto.getHeader());
            case URL_PATH -> RbacRule.path(proto.getUrlPath());
            case URI_TEMPLATE -> template(proto.getUriTemplate());
            case DESTINATION_IP ->
                    RbacRule.address(
                            proto.getDestinationIp(),
                            input -> input.info().downstreamLocalAddress());
            case DESTINATION_PORT -> {
                int port = proto.getDestinationPort();
                yield input -> input.info().downstreamLocalAddress().getPort() == port;
            }
            case DESTINATION_PORT_RANGE -> {
                int start = proto.getDestinationPortRange().getStart();
                int end = proto.getDestinationPortRange().getEnd();
                yield input -> {
                    int port = input.info().downstreamLocalAddress().getPort();
                    return port >= start && port < end;
                };
            }
            case METADATA -> RbacRule.metadata(proto.getMetadata());
            case SOURCED_METADATA -> RbacRule.metadata(proto.getSourcedMetadata());
            case REQUESTED_SERVER_NAME -> {
                StringMatch match = StringMatch.compile(proto.getRequestedServerName());
                yield input -> {
                    String name = input.info().requestedServerName();
                    return match.matches(name == null ? "" : name);
                };
            }
            case MATCHER -> throw unregistered(proto.getMatcher());
            case RULE_NOT_SET -> throw required("rule");
        };
    }

    private static RbacRule template(TypedExtensionConfig extension) {
        if (!extension.getTypedConfig().is(UriTemplateMatchConfig.class)) {
            throw unregistered(extension);
        }
        try {
            UriTemplate template =
                    UriTemplate.compile(
                            extension
                                    .getTypedConfig()
                                    .unpack(UriTemplateMatchConfig.class)
                                    .getPathTemplate());
            return input ->
                    input.request() != null && template.matches(input.request().pathWithoutQuery());
        } catch (InvalidProtocolBufferException e) {
            throw unregistered(extension);
        }
    }

    private static List<RbacRule> principals(List<Principal> protos) {
        return protos.stream().map(PolicyCompiler::principal).toList();
    }

    @SuppressWarnings("deprecation") // source_ip and metadata are still sent.
    private static RbacRule principal(Principal proto) {
        return switch (proto.getIdentifierCase()) {
            case ANY -> input -> true;
            case AND_IDS -> RbacRule.all(principals(proto.getAndIds().getIdsList()));
            case OR_IDS -> RbacRule.any(principals(proto.getOrIds().getIdsList()));
            case NOT_ID -> RbacRule.not(principal(proto.getNotId()));
            case AUTHENTICATED -> authenticated(proto.getAuthenticated());
            case SOURCE_IP ->
                    RbacRule.address(
                            proto.getSourceIp(),
                            input -> input.info().downstreamDirectRemoteAddress());
            case DIRECT_REMOTE_IP ->
                    RbacRule.address(
                            proto.getDirectRemoteIp(),
                            input -> input.info().downstreamDirectRemoteAddress());
            case REMOTE_IP ->
                    RbacRule.address(
                            proto.getRemoteIp(), input -> input.info().downstreamRemoteAddress());
            case HEADER -> RbacRule.header(proto.getHeader());
            case URL_PATH -> RbacRule.path(proto.getUrlPath());
            case METADATA -> RbacRule.metadata(proto.getMetadata());
            case SOURCED_METADATA -> RbacRule.metadata(proto.getSourcedMetadata());
            case FILTER_STATE -> filterState(proto.getFilterState());
            case CUSTOM -> throw unregistered(proto.getCustom());
            case IDENTIFIER_NOT_SET -> throw required("identifier");
        };
    }

    private static RbacRule authenticated(Principal.Authenticated proto) {
        if (!proto.hasPrincipalName()) {
            return input -> !input.peerNames().isEmpty();
        }
        StringMatch match = StringMatch.compile(proto.getPrincipalName());
        return input -> input.peerNames().stream().anyMatch(match::matches);
    }

    /** Istio's filters keep the peer's mesh identity in filter state; nothing else is kept here. */
    private static RbacRule filterState(FilterStateMatcher proto) {
        if (!proto.getKey().equals(PEER_PRINCIPAL)) {
            return input -> false;
        }
        StringMatch match = StringMatch.compile(proto.getStringMatch());
        return input -> {
            String principal = input.meshPrincipal();
            return principal != null && match.matches(principal);
        };
    }

    private static InvalidConfigException unregistered(TypedExtensionConfig extension) {
        String url = extension.getTypedConfig().getTypeUrl();
        return new InvalidConfigException(
                "Didn't find a registered implementation for '"
                        + extension.getName()
                        + "' with type URL: '"
                        + url.substring(url.lastIndexOf('/') + 1)
                        + "'");
    }

    private static InvalidConfigException required(String oneof) {
        return new InvalidConfigException(
                "Proto constraint validation failed (field: \""
                        + oneof
                        + "\", reason: is required)");
    }
}
