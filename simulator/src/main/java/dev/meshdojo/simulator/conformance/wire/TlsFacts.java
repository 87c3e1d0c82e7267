package dev.meshdojo.simulator.conformance.wire;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * A TLS session as the client sees it.
 *
 * @param version such as {@code TLSv1.3}
 * @param alpn the protocol agreed on; empty for none
 * @param certificate the server's certificate
 * @param trusted whether the asked-for authority vouches for it; null when none was asked for
 */
public record TlsFacts(
        String version, String alpn, X509Certificate certificate, @Nullable Boolean trusted) {}
