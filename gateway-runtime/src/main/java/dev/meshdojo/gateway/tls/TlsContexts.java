package dev.meshdojo.gateway.tls;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    private static final char[] PASSWORD = "in-memory".toCharArray();

    private TlsContexts() {}

    static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    static SslContext server(
            TlsMaterial material, ClientAuth clientAuth, @Nullable PeerVerifier verifier) {
        if (material.keys().isEmpty()) {
            throw new InvalidConfigException(
                    "Server TlsCertificates must have a certificate specified");
        }
        try {
            SslContextBuilder builder;
            if (material.keys().size() == 1) {
                KeyPair pair = material.keys().getFirst();
                builder =
                        SslContextBuilder.forServer(
                                pair.key(), pair.chain().toArray(new X509Certificate[0]));
            } else {
                builder = SslContextBuilder.forServer(keyManagers(material.keys()));
            }
            common(builder, material, false);
            if (clientAuth != ClientAuth.NONE) {
                builder.clientAuth(clientAuth);
                if (verifier == null) {
                    builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
                } else {
                    builder.trustManager(verifier);
                }
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidConfigException("Failed to initialize TLS: " + message(e));
        }
    }

    static SslContext client(TlsMaterial material, @Nullable PeerVerifier verifier) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (!material.keys().isEmpty()) {
                KeyPair pair = material.keys().getFirst();
                builder.keyManager(pair.key(), pair.chain().toArray(new X509Certificate[0]));
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
        List<String> ciphers = new ArrayList<>(TLS13_CIPHERS);
        List<String> chosen = new ArrayList<>();
        for (String cipher : material.ciphers()) {
            String group =
                    cipher.startsWith("[") ? cipher.substring(1, cipher.length() - 1) : cipher;
            for (String name : group.split("\\|")) {
                chosen.add(name);
            }
        }
        ciphers.addAll(chosen.isEmpty() ? DEFAULT_CIPHERS : chosen);
        if (provider() == SslProvider.OPENSSL) {
            builder.ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE);
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

    private static KeyManagerFactory keyManagers(List<KeyPair> pairs) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Set<String> algorithms = new HashSet<>();
            for (int i = 0; i < pairs.size(); i++) {
                KeyPair pair = pairs.get(i);
                if (!algorithms.add(pair.key().getAlgorithm())) {
                    continue; // the first of a kind is served
                }
                store.setKeyEntry(
                        "key-" + i,
                        pair.key(),
                        PASSWORD,
                        pair.chain().toArray(new X509Certificate[0]));
            }
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, PASSWORD);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidConfigException("Failed to load certificates: " + message(e));
        }
    }

    private static String message(Exception e) {
        Throwable cause = e.getCause();
        return cause != null && cause.getMessage() != null
                ? cause.getMessage()
                : String.valueOf(e.getMessage());
    }
}
