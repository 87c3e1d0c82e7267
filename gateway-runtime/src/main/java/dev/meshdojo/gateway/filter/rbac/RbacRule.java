package dev.meshdojo.gateway.filter.rbac;

import dev.meshdojo.gateway.route.match.HeaderMatch;
import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.route.match.ValueMatch;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.rbac.v3.MetadataSource;
import io.envoyproxy.envoy.config.rbac.v3.SourcedMetadata;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;

/** One compiled condition of a policy: a permission or a principal. */
@FunctionalInterface
interface RbacRule {

    boolean holds(RbacInput input);

    static RbacRule all(List<RbacRule> rules) {
        return input -> {
            for (RbacRule rule : rules) {
                if (!rule.holds(input)) {
                    return false;
                }
            }
            return true;
        };
    }

    static RbacRule any(List<RbacRule> rules) {
        return input -> {
            for (RbacRule rule : rules) {
                if (rule.holds(input)) {
                    return true;
                }
            }
            return false;
        };
    }

    static RbacRule not(RbacRule rule) {
        return input -> !rule.holds(input);
    }

    static RbacRule header(HeaderMatcher proto) {
        HeaderMatch match = HeaderMatch.compile(proto);
        HeaderMap none = new HeaderMap(0);
        return input ->
                input.request() == null ? match.matches(none) : match.matches(input.request());
    }

    static RbacRule path(PathMatcher proto) {
        StringMatch match = StringMatch.compile(proto.getPath());
        return input -> {
            RequestHead request = input.request();
            return request != null && match.matches(request.pathWithoutQuery());
        };
    }

    static RbacRule address(CidrRange proto, Function<RbacInput, InetSocketAddress> address) {
        IpRange range = IpRange.compile(proto);
        return input -> range.contains(address.apply(input).getAddress());
    }

    static RbacRule metadata(MetadataMatcher proto) {
        ValueMatch.OfMetadata match = ValueMatch.OfMetadata.compile(proto);
        return input -> match.matches(input.info().dynamicMetadata());
    }

    static RbacRule metadata(SourcedMetadata proto) {
        if (proto.getMetadataSource() == MetadataSource.ROUTE) {
            throw new InvalidConfigException(
                    "RBAC sourced_metadata of the route is not supported here; use DYNAMIC");
        }
        return metadata(proto.getMetadataMatcher());
    }
}
