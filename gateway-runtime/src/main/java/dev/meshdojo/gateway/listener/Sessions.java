package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.stream.TlsInfo;
import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Describes finished handshakes. */
final class Sessions {

    private Sessions() {}

    static TlsInfo describe(SslHandler ssl, boolean verifiesPeer) {
        SSLSession session = ssl.engine().getSession();
        List<X509Certificate> peer = new ArrayList<>();
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    peer.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException none) {
            peer.clear();
        }
        Certificate[] local = session.getLocalCertificates();
        return new TlsInfo(
                session.getProtocol(),
                cipher(session.getCipherSuite()),
                ssl.applicationProtocol(),
                HexFormat.of().formatHex(session.getId()),
                peer,
                verifiesPeer && !peer.isEmpty(),
                local != null && local.length > 0 && local[0] instanceof X509Certificate mine
                        ? mine
                        : null);
    }

    /** The name that OpenSSL and Envoy have for a suite; the same as in TLS 1.3's standard. */
    private static String cipher(String suite) {
        if (suite.startsWith("TLS_") && !suite.contains("_WITH_")) {
            return suite;
        }
        String name = CipherSuiteConverter.toOpenSsl(suite, true);
        return name == null ? suite : name;
    }
}
