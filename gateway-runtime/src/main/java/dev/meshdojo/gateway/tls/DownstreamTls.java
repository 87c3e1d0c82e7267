package dev.meshdojo.gateway.tls;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * Server-side TLS of one filter chain. Without its secrets it has no handler, and a connection is
 * closed without an alert. Immutable and thread-safe.
 */
public final class DownstreamTls {

    private final @Nullable SslContext context;
    private final boolean verifiesPeer;

    private DownstreamTls(@Nullable SslContext context, boolean verifiesPeer) {
        this.context = context;
        this.verifiesPeer = verifiesPeer;
    }

    /**
     * Compiles {@code config}.
     *
     * @throws InvalidConfigException when it cannot be used whatever the secrets are
     */
    public static DownstreamTls compile(Any config, SecretStore secrets) {
        DownstreamTlsContext proto;
        try {
            proto = config.unpack(DownstreamTlsContext.class);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException(
                    "Unable to unpack as envoy.extensions.transport_sockets.tls.v3."
                            + "DownstreamTlsContext: "
                            + config.getTypeUrl());
        }
        boolean bySds =
                proto.getCommonTlsContext().getTlsCertificateSdsSecretConfigsCount() > 0
                        || proto.getCommonTlsContext().hasCombinedValidationContext()
                        || proto.getCommonTlsContext().hasValidationContextSdsSecretConfig();
        try {
            TlsMaterial material = TlsMaterial.resolve(proto.getCommonTlsContext(), secrets, true);
            if (material == null) {
                return new DownstreamTls(null, false);
            }
            boolean required = proto.getRequireClientCertificate().getValue();
            PeerVerifier verifier = material.verifier(null);
            boolean requested = required || verifier != null;
            SslContext context =
                    TlsContexts.server(
                            material,
                            required
                                    ? ClientAuth.REQUIRE
                                    : requested ? ClientAuth.OPTIONAL : ClientAuth.NONE,
                            verifier);
            return new DownstreamTls(context, verifier != null);
        } catch (InvalidConfigException e) {
            if (bySds) {
                return new DownstreamTls(null, false);
            }
            throw e;
        }
    }

    /** Whether handshakes can succeed: the secrets are there. */
    public boolean ready() {
        return context != null;
    }

    /** Whether a client certificate, when sent, was verified. */
    public boolean verifiesPeer() {
        return verifiesPeer;
    }

    /** A handler for one connection, or null when the secrets are missing. */
    public @Nullable SslHandler handler(ByteBufAllocator allocator) {
        return context == null ? null : context.newHandler(allocator);
    }
}
