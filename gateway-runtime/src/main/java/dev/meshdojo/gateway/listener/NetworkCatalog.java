package dev.meshdojo.gateway.listener;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.filter.rbac.RbacInput;
import dev.meshdojo.gateway.filter.rbac.RbacRules;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import java.util.Set;

/** The network filters that are not terminal, by the type of their configuration. */
final class NetworkCatalog {

    /** Filters whose work nobody outside this proxy sees. */
    private static final Set<String> INVISIBLE =
            Set.of(
                    "envoy.tcp.metadataexchange.config.MetadataExchange",
                    "stats.PluginConfig",
                    "udpa.type.v1.TypedStruct",
                    "xds.type.v3.TypedStruct");

    private NetworkCatalog() {}

    /**
     * Compiles {@code filter}.
     *
     * @throws InvalidConfigException with Envoy's text when it is unknown or invalid
     */
    static NetworkFilter compile(Filter filter) {
        String type = ListenerCompiler.shortType(filter.getTypedConfig());
        if (INVISIBLE.contains(type)) {
            return record -> true;
        }
        if (filter.getTypedConfig().is(RBAC.class)) {
            try {
                return rbac(RbacRules.compile(filter.getTypedConfig().unpack(RBAC.class)));
            } catch (InvalidProtocolBufferException e) {
                throw new InvalidConfigException("Unable to unpack as " + type);
            }
        }
        throw new InvalidConfigException(
                "Didn't find a registered implementation for '"
                        + filter.getName()
                        + "' with type URL: '"
                        + type
                        + "'");
    }

    private static NetworkFilter rbac(RbacRules rules) {
        return record -> {
            RbacRules.Verdict verdict = rules.check(new RbacInput(null, record));
            if (!verdict.allowed()) {
                record.terminationDetails(verdict.details());
            }
            return verdict.allowed();
        };
    }
}
