package dev.meshdojo.gateway.listener;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.meshdojo.gateway.filter.rbac.RbacInput;
import dev.meshdojo.gateway.filter.rbac.RbacRules;
import dev.meshdojo.gateway.http.StreamRecord;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ProtoConstraints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import java.time.InstantSource;
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
    static NetworkFilter compile(Filter filter, InstantSource clock) {
        String type = ListenerCompiler.shortType(filter.getTypedConfig());
        if (INVISIBLE.contains(type)) {
            return new NetworkFilter() {};
        }
        if (filter.getTypedConfig().is(RBAC.class)) {
            return rbac(RbacRules.compile(unpack(filter, RBAC.class)));
        }
        if (filter.getTypedConfig().is(ConnectionLimit.class)) {
            return ConnectionLimits.atATime(unpack(filter, ConnectionLimit.class));
        }
        if (filter.getTypedConfig().is(LocalRateLimit.class)) {
            return ConnectionLimits.inATime(unpack(filter, LocalRateLimit.class), clock);
        }
        throw new InvalidConfigException(
                "Didn't find a registered implementation for '"
                        + filter.getName()
                        + "' with type URL: '"
                        + type
                        + "'");
    }

    private static <T extends Message> T unpack(Filter filter, Class<T> type) {
        try {
            T message = filter.getTypedConfig().unpack(type);
            ProtoConstraints.check(message);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException(
                    "Unable to unpack as " + ListenerCompiler.shortType(filter.getTypedConfig()));
        }
    }

    private static NetworkFilter rbac(RbacRules rules) {
        return new NetworkFilter() {
            @Override
            public boolean admit(StreamRecord record) {
                RbacRules.Verdict verdict = rules.check(new RbacInput(null, record));
                if (!verdict.allowed()) {
                    record.terminationDetails(verdict.details());
                }
                return verdict.allowed();
            }
        };
    }
}
