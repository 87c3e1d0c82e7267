package dev.meshdojo.gateway.tls;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** Netty contexts from material: BoringSSL where it loads, the JDK's TLS elsewhere. */
final class TlsContexts {

    private static final List<String> TLS13_CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");
    private static final List<String> DEFAULT_CIPHERS =
            List.of(
                    "ECDHE-ECDSA-AES128-GCM-SHA256",
                    "ECDHE-ECDSA-CHACHA20-POLY1305",
                    "ECDHE-RSA-AES128-GCM-SHA256",
                    "ECDHE-RSA-CHACHA20-POLY1305",
                    "ECDHE-ECDSA-AES256-GCM-SHA384",
                    "ECDHE-RSA-AES256-GCM-SHA384");

    /** Envoy's default for servers; in a group the client's preference counts. */
    private static final List<String> SERVER_GROUPS =
            List.of(
                    "[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]",
                    "[ECDHE-RSA-AES128-GCM-SHA256|ECDHE-RSA-CHACHA20-POLY1305]",
                    "ECDHE-ECDSA-AES256-GCM-SHA384",
                    "ECDHE-RSA-AES256-GCM-SHA384");

    private TlsContexts() {}

    static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    /** A context that serves {@code pair}, one of the material's. */
    static SslContext server(
            TlsMaterial material,
            KeyPair pair,
            ClientAuth clientAuth,
            @Nullable PeerVerifier verifier) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(keys(pair));
            common(builder, material, false);
            if (verifier != null) {
                builder.clientAuth(clientAuth).trustManager(verifier);
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidConfigException("Failed to initialize TLS: " + message(e));
        }
    }

    /** Without a key store: writing one costs milliseconds of key derivation. */
    private static KeyManagerFactory keys(KeyPair pair) {
        KeyManagerFactory keys = new OneKey(pair);
        return provider() == SslProvider.OPENSSL
                ? new OpenSslCachingX509KeyManagerFactory(keys)
                : keys;
    }

    /**
     * Tells a server's engine what a context's builder cannot: groups of equally good suites, in
     * which the client's preference counts, and session tickets.
     *
     * @param suites as {@link #suites} made them
     */
    static void prefer(SslHandler handler, String suites) {
        if (handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            long pointer = engine.sslPointer();
            try {
                SSL.setCipherSuites(pointer, suites, false);
            } catch (Exception e) {
                throw new IllegalStateException("cannot set cipher suites " + suites, e);
            }
            SSL.clearOptions(pointer, SSL.SSL_OP_NO_TICKET);
        }
    }

    /** The suites of {@code material} for TLS 1.2 and below in the library's own notation. */
    static String suites(TlsMaterial material) {
        return String.join(":", material.ciphers().isEmpty() ? SERVER_GROUPS : material.ciphers());
    }

    static SslContext client(TlsMaterial material, @Nullable PeerVerifier verifier) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (!material.keys().isEmpty()) {
                builder.keyManager(keys(material.keys().getFirst()));
            }
            common(builder, material, true);
            builder.endpointIdentificationAlgorithm(null);
            if (verifier == null) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            } else {
                builder.trustManager(verifier);
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidConfigException("Failed to initialize TLS: " + message(e));
        }
    }

    private static void common(SslContextBuilder builder, TlsMaterial material, boolean client) {
        builder.sslProvider(provider()).protocols(material.versions());
        if (provider() == SslProvider.OPENSSL) {
            builder.ciphers(ciphers(material.ciphers()), IdentityCipherSuiteFilter.INSTANCE);
        }
        if (!material.alpn().isEmpty()) {
            builder.applicationProtocolConfig(
                    new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            material.alpn()));
        }
        if (!client) {
            builder.sessionCacheSize(0);
        }
    }

    /** The chosen suites for TLS 1.2 and below; those of 1.3 are always all there. */
    private static List<String> ciphers(List<String> configured) {
        List<String> chosen = new ArrayList<>();
        for (String cipher : configured) {
            String group =
                    cipher.startsWith("[") ? cipher.substring(1, cipher.length() - 1) : cipher;
            chosen.addAll(List.of(group.split("\\|", -1)));
        }
        List<String> unknown =
                chosen.stream().filter(name -> !OpenSsl.isCipherSuiteAvailable(name)).toList();
        if (!unknown.isEmpty()) {
            throw new InvalidConfigException(
                    "Failed to initialize cipher suites "
                            + String.join(":", configured)
                            + ". The following ciphers were rejected when tried individually: "
                            + String.join(", ", unknown));
        }
        List<String> all = new ArrayList<>(chosen.isEmpty() ? DEFAULT_CIPHERS : chosen);
        all.addAll(TLS13_CIPHERS);
        return all;
    }

    private static String message(Exception e) {
        Throwable cause = e.getCause();
        return cause != null && cause.getMessage() != null
                ? cause.getMessage()
                : String.valueOf(e.getMessage());
    }
}
