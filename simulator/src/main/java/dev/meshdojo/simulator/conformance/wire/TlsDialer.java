package dev.meshdojo.simulator.conformance.wire;

import dev.meshdojo.simulator.pilot.model.JsonView;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Opens TLS on a connection as a recorded request asks for. */
final class TlsDialer {

    private static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    /** JSSE's names of alerts and the names that recordings use. */
    private static final Map<String, String> ALERTS =
            Map.ofEntries(
                    Map.entry("unexpected_message", "unexpected message"),
                    Map.entry("bad_record_mac", "bad record MAC"),
                    Map.entry("handshake_failure", "handshake failure"),
                    Map.entry("bad_certificate", "bad certificate"),
                    Map.entry("unsupported_certificate", "unsupported certificate"),
                    Map.entry("certificate_revoked", "revoked certificate"),
                    Map.entry("certificate_expired", "expired certificate"),
                    Map.entry("certificate_unknown", "unknown certificate"),
                    Map.entry("illegal_parameter", "illegal parameter"),
                    Map.entry("unknown_ca", "unknown certificate authority"),
                    Map.entry("access_denied", "access denied"),
                    Map.entry("decode_error", "error decoding message"),
                    Map.entry("decrypt_error", "error decrypting message"),
                    Map.entry("protocol_version", "protocol version not supported"),
                    Map.entry("insufficient_security", "insufficient security level"),
                    Map.entry("internal_error", "internal error"),
                    Map.entry("missing_extension", "missing extension"),
                    Map.entry("unsupported_extension", "unsupported extension"),
                    Map.entry("unrecognized_name", "unrecognized name"),
                    Map.entry("certificate_required", "certificate required"),
                    Map.entry("no_application_protocol", "no application protocol"));

    private final Credentials credentials;

    TlsDialer(Credentials credentials) {
        this.credentials = credentials;
    }

    /** A connection under TLS, or how it failed. */
    record Session(
            @Nullable SSLSocket socket, @Nullable TlsFacts facts, @Nullable Answer failure) {}

    Session open(Socket plain, JsonView tls, String alpn) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys =
                    tls.text("clientCert").isEmpty()
                            ? null
                            : credentials.client(tls.text("clientCert"));
            context.init(keys, new TrustManager[] {new TrustsAll()}, null);
            SSLSocket socket =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(
                                            new TlsOnlySocket(plain),
                                            tls.text("sni"),
                                            plain.getPort(),
                                            true);
            socket.setSSLParameters(parameters(socket.getSSLParameters(), tls, alpn));
            return handshake(socket, tls);
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /** A host name as written: names with underscores occur in automatic passthrough. */
    private static final class AnyName extends SNIServerName {
        AnyName(byte[] name) {
            super(StandardConstants.SNI_HOST_NAME, name);
        }
    }

    private static SSLParameters parameters(SSLParameters out, JsonView tls, String alpn) {
        int from = VERSIONS.indexOf(tls.text("minVersion"));
        int to = VERSIONS.indexOf(tls.text("maxVersion"));
        out.setProtocols(
                VERSIONS.subList(from < 0 ? 2 : from, to < 0 ? VERSIONS.size() : to + 1)
                        .toArray(new String[0]));
        String sni = tls.text("sni");
        out.setServerNames(
                sni.isEmpty()
                        ? List.of()
                        : List.of(new AnyName(sni.getBytes(StandardCharsets.US_ASCII))));
        if (!alpn.isEmpty()) {
            out.setApplicationProtocols(new String[] {alpn});
        }
        return out;
    }

    private Session handshake(SSLSocket socket, JsonView tls)
            throws IOException, GeneralSecurityException {
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            return new Session(null, null, failure(e, null));
        } catch (EOFException | java.net.SocketException e) {
            return new Session(null, null, Answer.of("closed", "", null));
        }
        SSLSession session = socket.getSession();
        X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
        String trust = tls.text("trust");
        String agreed = socket.getApplicationProtocol();
        TlsFacts facts =
                new TlsFacts(
                        session.getProtocol(),
                        agreed == null ? "" : agreed,
                        leaf,
                        trust.isEmpty()
                                ? null
                                : trusted(
                                        Arrays.asList(session.getPeerCertificates()),
                                        trust,
                                        tls.text("sni")));
        return new Session(socket, facts, null);
    }

    /** What a failed read or handshake says. */
    static Answer failure(SSLException e, @Nullable TlsFacts facts) {
        String message = String.valueOf(e.getMessage());
        int alert = message.indexOf("fatal alert: ");
        if (alert >= 0) {
            String name = message.substring(alert + "fatal alert: ".length()).strip();
            return Answer.of("tls-alert", ALERTS.getOrDefault(name, name), facts);
        }
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("unsupported or unrecognized ssl message")) {
            return Answer.of("not-tls", "", facts);
        }
        return Answer.of("closed", "", facts);
    }

    private boolean trusted(
            List<? extends java.security.cert.Certificate> chain, String name, String sni)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate authority : credentials.authorities(name)) {
            anchors.add(new TrustAnchor(authority, null));
        }
        PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        List<java.security.cert.Certificate> path = new ArrayList<>(chain);
        try {
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509").generateCertPath(path),
                            parameters);
        } catch (java.security.cert.CertPathValidatorException e) {
            return false;
        }
        return named((X509Certificate) path.getFirst(), sni);
    }

    private static boolean named(X509Certificate certificate, String host)
            throws GeneralSecurityException {
        var names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return false;
        }
        for (List<?> name : names) {
            String pattern = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
            String wanted = host.toLowerCase(Locale.ROOT);
            int dot = wanted.indexOf('.');
            if (pattern.equals(wanted)
                    || (pattern.startsWith("*.")
                            && dot > 0
                            && wanted.substring(dot).equals(pattern.substring(1)))) {
                return true;
            }
        }
        return false;
    }

    /** Judges nothing: whether the certificate is trusted is asked afterwards. */
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
