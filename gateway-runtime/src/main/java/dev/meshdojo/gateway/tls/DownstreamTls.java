package dev.meshdojo.gateway.tls;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Server-side TLS of one filter chain. Without its secrets it has no handler, and a connection is
 * closed without an alert. Immutable and thread-safe.
 */
public final class DownstreamTls {

    private final @Nullable CertificateChoice certificates;
    private final String suites;
    private final boolean verifiesPeer;

    private DownstreamTls(
            @Nullable CertificateChoice certificates, String suites, boolean verifiesPeer) {
        this.suites = suites;
        this.certificates = certificates;
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
                return new DownstreamTls(null, "", false);
            }
            PeerVerifier verifier = material.verifier(null);
            ClientAuth authentication =
                    verifier == null
                            ? ClientAuth.NONE
                            : verifier.asks(proto.getRequireClientCertificate().getValue());
            if (material.keys().isEmpty()) {
                throw new InvalidConfigException(
                        "Server TlsCertificates must have a certificate specified");
            }
            List<CertificateChoice.Served> served = new ArrayList<>();
            for (KeyPair pair : material.keys()) {
                served.add(
                        new CertificateChoice.Served(
                                pair,
                                TlsContexts.server(material, pair, authentication, verifier)));
            }
            return new DownstreamTls(
                    new CertificateChoice(served), TlsContexts.suites(material), verifier != null);
        } catch (InvalidConfigException e) {
            if (bySds) {
                return new DownstreamTls(null, "", false);
            }
            throw e;
        }
    }

    /** Whether handshakes can succeed: the secrets are there. */
    public boolean ready() {
        return certificates != null;
    }

    /** Whether the ClientHello must be known before {@link #handler}: it chooses a certificate. */
    public boolean needsHello() {
        return certificates != null && certificates.needsHello();
    }

    /** Whether a client certificate, when sent, was verified. */
    public boolean verifiesPeer() {
        return verifiesPeer;
    }

    /**
     * A handler for one connection, or null when the secrets are missing.
     *
     * @param hello the client's, when it was read already
     */
    public @Nullable SslHandler handler(ByteBufAllocator allocator, @Nullable ClientHello hello) {
        if (certificates == null) {
            return null;
        }
        SslHandler handler = certificates.choose(hello).newHandler(allocator);
        TlsContexts.prefer(handler, suites);
        return handler;
    }
}
