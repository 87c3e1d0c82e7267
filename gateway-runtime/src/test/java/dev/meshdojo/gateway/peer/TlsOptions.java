package dev.meshdojo.gateway.peer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How a client handshakes.
 *
 * @param sni null for none
 * @param alpn empty for no such extension
 * @param versions as JSSE names them; empty for its own choice, as with the next two
 * @param ciphers as JSSE names them
 * @param signatures as JSSE names signature schemes
 * @param identity the client's certificate, or null
 * @param renegotiate whether it asks for a second handshake at once
 * @param pieces the sizes in which the ClientHello is written; the last one is repeated
 * @param patience how long to wait for the next bytes, in milliseconds
 */
record TlsOptions(
        @Nullable String sni,
        List<String> alpn,
        List<String> versions,
        List<String> ciphers,
        List<String> signatures,
        Pki.@Nullable Identity identity,
        boolean renegotiate,
        List<Integer> pieces,
        int patience) {

    TlsOptions {
        alpn = List.copyOf(alpn);
        versions = List.copyOf(versions);
        ciphers = List.copyOf(ciphers);
        signatures = List.copyOf(signatures);
        pieces = List.copyOf(pieces);
    }

    static TlsOptions to(@Nullable String sni) {
        return new TlsOptions(
                sni,
                List.of("http/1.1"),
                List.of(),
                List.of(),
                List.of(),
                null,
                false,
                List.of(),
                15000);
    }

    static TlsOptions usual() {
        return to("a.example.com");
    }

    TlsOptions alpn(String... offered) {
        return new TlsOptions(
                sni,
                List.of(offered),
                versions,
                ciphers,
                signatures,
                identity,
                renegotiate,
                pieces,
                patience);
    }

    TlsOptions versions(String... offered) {
        return new TlsOptions(
                sni,
                alpn,
                List.of(offered),
                ciphers,
                signatures,
                identity,
                renegotiate,
                pieces,
                patience);
    }

    TlsOptions ciphers(String... offered) {
        return new TlsOptions(
                sni,
                alpn,
                versions,
                List.of(offered),
                signatures,
                identity,
                renegotiate,
                pieces,
                patience);
    }

    TlsOptions signatures(String... offered) {
        return new TlsOptions(
                sni,
                alpn,
                versions,
                ciphers,
                List.of(offered),
                identity,
                renegotiate,
                pieces,
                patience);
    }

    TlsOptions as(Pki.@Nullable Identity who) {
        return new TlsOptions(
                sni, alpn, versions, ciphers, signatures, who, renegotiate, pieces, patience);
    }

    TlsOptions renegotiating() {
        return new TlsOptions(
                sni, alpn, versions, ciphers, signatures, identity, true, pieces, patience);
    }

    TlsOptions inPieces(Integer... sizes) {
        return new TlsOptions(
                sni,
                alpn,
                versions,
                ciphers,
                signatures,
                identity,
                renegotiate,
                List.of(sizes),
                patience);
    }

    void apply(SSLParameters parameters) {
        parameters.setServerNames(sni == null ? List.of() : List.of(new Name(sni)));
        parameters.setApplicationProtocols(alpn.toArray(new String[0]));
        if (!versions.isEmpty()) {
            parameters.setProtocols(versions.toArray(new String[0]));
        }
        if (!ciphers.isEmpty()) {
            parameters.setCipherSuites(ciphers.toArray(new String[0]));
        }
        if (!signatures.isEmpty()) {
            parameters.setSignatureSchemes(signatures.toArray(new String[0]));
        }
    }

    /** The pieces in which {@code hello} is written. */
    List<byte[]> split(byte[] hello) {
        if (pieces.isEmpty()) {
            return List.of(hello);
        }
        List<byte[]> parts = new ArrayList<>();
        int at = 0;
        for (int i = 0; at < hello.length; i++) {
            int size = pieces.get(Math.min(i, pieces.size() - 1));
            parts.add(Arrays.copyOfRange(hello, at, Math.min(at + size, hello.length)));
            at += size;
        }
        return parts;
    }

    /** A host name of any form, also of one that JSSE would not send. */
    private static final class Name extends SNIServerName {
        Name(String name) {
            super(0, name.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
