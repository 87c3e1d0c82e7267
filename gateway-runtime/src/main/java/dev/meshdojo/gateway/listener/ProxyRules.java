package dev.meshdojo.gateway.listener;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.stream.DynamicMetadata;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ProtoConstraints;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig.Version;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Which PROXY headers a listener takes, and what it keeps of them. Immutable. Source: Envoy "Proxy
 * Protocol" listener filter.
 *
 * @param optional whether connections without a header are taken too
 * @param unwelcome versions that are refused
 * @param kept which type-length-values become metadata
 */
record ProxyRules(boolean optional, Set<Version> unwelcome, List<Kept> kept) {

    private static final String NAMESPACE = "envoy.filters.listener.proxy_protocol";

    /** A type-length-value and where it goes. */
    record Kept(int type, String namespace, String key) {}

    ProxyRules {
        unwelcome = Set.copyOf(unwelcome);
        kept = List.copyOf(kept);
    }

    /**
     * Compiles {@code any}.
     *
     * @throws InvalidConfigException when it is invalid
     */
    static ProxyRules compile(Any any) {
        ProxyProtocol proto = ProxyProtocol.getDefaultInstance();
        if (any.is(ProxyProtocol.class)) {
            try {
                proto = any.unpack(ProxyProtocol.class);
            } catch (InvalidProtocolBufferException e) {
                throw new InvalidConfigException("Unable to unpack as ProxyProtocol");
            }
            ProtoConstraints.check(proto);
        }
        return new ProxyRules(
                proto.getAllowRequestsWithoutProxyProtocol(),
                Set.copyOf(proto.getDisallowedVersionsList()),
                proto.getRulesList().stream().map(ProxyRules::kept).toList());
    }

    private static Kept kept(ProxyProtocol.Rule rule) {
        String namespace = rule.getOnTlvPresent().getMetadataNamespace();
        return new Kept(
                rule.getTlvType(),
                namespace.isEmpty() ? NAMESPACE : namespace,
                rule.getOnTlvPresent().getKey());
    }

    /** Whether a header of that version is taken. */
    boolean welcomes(int version) {
        return !unwelcome.contains(version == 1 ? Version.V1 : Version.V2);
    }

    /** Puts what is kept of {@code values} into {@code metadata}. */
    void keep(List<ProxyHeader.Value> values, DynamicMetadata metadata) {
        for (ProxyHeader.Value value : values) {
            for (Kept rule : kept) {
                if (rule.type() == value.type()) {
                    metadata.put(rule.namespace(), rule.key(), text(value.bytes()));
                }
            }
        }
    }

    /** UTF-8; each byte that is none becomes an exclamation mark. */
    private static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            int size = character(bytes, at);
            if (size == 0) {
                text.append('!');
                at++;
            } else {
                text.append(new String(bytes, at, size, StandardCharsets.UTF_8));
                at += size;
            }
        }
        return text.toString();
    }

    /** The length of the character at {@code at}; 0 when there is none. */
    private static int character(byte[] bytes, int at) {
        for (int size = 1; size <= Math.min(4, bytes.length - at); size++) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, size));
                return size;
            } catch (java.nio.charset.CharacterCodingException tooShort) {
                // it may be longer
            }
        }
        return 0;
    }
}
