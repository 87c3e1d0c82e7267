package dev.meshdojo.gateway.route;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.route.match.PathMatch;
import dev.meshdojo.gateway.route.match.SafeRegex;
import dev.meshdojo.gateway.route.match.UriTemplate;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;

/** Compiles path specifiers. */
final class PathCompiler {

    private PathCompiler() {}

    static PathMatch compile(RouteMatch match) {
        boolean sensitive = !match.hasCaseSensitive() || match.getCaseSensitive().getValue();
        return switch (match.getPathSpecifierCase()) {
            case PREFIX -> new PathMatch.Prefix(match.getPrefix(), sensitive);
            case PATH -> new PathMatch.Exact(match.getPath(), sensitive);
            case SAFE_REGEX -> new PathMatch.Regex(SafeRegex.compile(match.getSafeRegex()));
            case PATH_SEPARATED_PREFIX ->
                    new PathMatch.SeparatedPrefix(match.getPathSeparatedPrefix(), sensitive);
            case CONNECT_MATCHER -> new PathMatch.Connect();
            case PATH_MATCH_POLICY ->
                    new PathMatch.Template(
                            UriTemplate.compile(template(match.getPathMatchPolicy())));
            case PATHSPECIFIER_NOT_SET ->
                    throw new InvalidConfigException(
                            "Proto constraint validation failed (RouteMatchValidationError."
                                    + "PathSpecifier: value is required)");
        };
    }

    static String template(TypedExtensionConfig policy) {
        Any config = policy.getTypedConfig();
        try {
            if (config.is(UriTemplateMatchConfig.class)) {
                return config.unpack(UriTemplateMatchConfig.class).getPathTemplate();
            }
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException("Unable to unpack as " + config.getTypeUrl());
        }
        throw unregistered(policy);
    }

    static InvalidConfigException unregistered(TypedExtensionConfig extension) {
        String url = extension.getTypedConfig().getTypeUrl();
        return new InvalidConfigException(
                "Didn't find a registered implementation for '"
                        + extension.getName()
                        + "' with type URL: '"
                        + url.substring(url.lastIndexOf('/') + 1)
                        + "'");
    }
}
