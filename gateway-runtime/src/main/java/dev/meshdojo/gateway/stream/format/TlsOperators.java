package dev.meshdojo.gateway.stream.format;

import dev.meshdojo.gateway.stream.CertificateFields;
import dev.meshdojo.gateway.stream.TlsInfo;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operators that read the downstream TLS session. */
final class TlsOperators {

    private static final Map<String, Function<TlsInfo, @Nullable Object>> SESSION =
            Map.of(
                    "DOWNSTREAM_TLS_VERSION", TlsInfo::version,
                    "DOWNSTREAM_TLS_CIPHER", TlsInfo::cipherSuite,
                    "DOWNSTREAM_TLS_SESSION_ID", tls -> nonEmpty(tls.sessionId()));

    private static final Map<String, Function<X509Certificate, @Nullable Object>> PEER =
            Map.ofEntries(
                    Map.entry("SUBJECT", CertificateFields::subject),
                    Map.entry("ISSUER", CertificateFields::issuer),
                    Map.entry("SERIAL", CertificateFields::serial),
                    Map.entry("CERT", CertificateFields::urlEncodedPem),
                    Map.entry("FINGERPRINT_256", CertificateFields::sha256),
                    Map.entry("FINGERPRINT_1", CertificateFields::sha1),
                    Map.entry("URI_SAN", c -> list(CertificateFields.uriSans(c))),
                    Map.entry("DNS_SAN", c -> list(CertificateFields.dnsSans(c))),
                    Map.entry("IP_SAN", c -> list(CertificateFields.ipSans(c))),
                    Map.entry("EMAIL_SAN", c -> list(CertificateFields.emailSans(c))),
                    Map.entry("CERT_V_START", c -> time("", c.getNotBefore())),
                    Map.entry("CERT_V_END", c -> time("", c.getNotAfter())));

    private TlsOperators() {}

    static @Nullable Command find(String name) {
        Function<TlsInfo, @Nullable Object> session = SESSION.get(name);
        if (session != null) {
            return context -> {
                TlsInfo tls = context.info().tls();
                return tls == null ? null : session.apply(tls);
            };
        }
        if (name.startsWith("DOWNSTREAM_PEER_")) {
            return certificate(name.substring(16), TlsInfo::peerCertificate);
        }
        if (name.startsWith("DOWNSTREAM_LOCAL_")) {
            return certificate(name.substring(17), TlsInfo::localCertificate);
        }
        return null;
    }

    private static @Nullable Command certificate(
            String field, Function<TlsInfo, @Nullable X509Certificate> which) {
        Function<X509Certificate, @Nullable Object> value = PEER.get(field);
        if (value == null) {
            return null;
        }
        return context -> {
            TlsInfo tls = context.info().tls();
            X509Certificate certificate = tls == null ? null : which.apply(tls);
            return certificate == null ? null : value.apply(certificate);
        };
    }

    private static String time(String format, Date date) {
        return StartTimeFormat.text(format, date.toInstant());
    }

    private static @Nullable Object list(java.util.List<String> values) {
        return nonEmpty(String.join(",", values));
    }

    private static @Nullable Object nonEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
