package dev.meshdojo.simulator.shell.command.curl;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.command.kubectl.rest.TrustMaterial;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** TLS on a connected socket, by curl's options. */
final class CurlTls {

    private final CurlOptions options;
    private final Invocation in;

    CurlTls(CurlOptions options, Invocation in) {
        this.options = options;
        this.in = in;
    }

    SSLSocket wrap(Socket plain, String host, int port) throws CurlException, IOException {
        boolean insecure = options.has("insecure");
        SSLSocket socket;
        try {
            byte[] key = file(options.value("key", options.value("cert", "")), 58);
            socket =
                    (SSLSocket)
                            TrustMaterial.context(
                                            file(options.value("cacert", ""), 77),
                                            file(options.value("cert", ""), 58),
                                            key,
                                            insecure)
                                    .getSocketFactory()
                                    .createSocket(plain, host, port, true);
        } catch (IOException e) {
            throw new CurlException(58, "could not load PEM client certificate: " + e.getMessage());
        }
        SSLParameters parameters = socket.getSSLParameters();
        if (!host.matches("[0-9.]+|.*:.*")) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        if (!insecure) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (!options.has("no-alpn")) {
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
        }
        versions(parameters);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (SSLException e) {
            throw failed(e, host);
        }
        return socket;
    }

    private void versions(SSLParameters parameters) {
        List<String> versions = new ArrayList<>(List.of("TLSv1.2", "TLSv1.3"));
        if (options.has("tlsv1.3")) {
            versions.remove("TLSv1.2");
        }
        if (options.value("tls-max", "").equals("1.2")) {
            versions.remove("TLSv1.3");
        }
        parameters.setProtocols(versions.toArray(String[]::new));
    }

    private static CurlException failed(SSLException e, String host) {
        String text = String.valueOf(e.getMessage());
        if (text.contains("PKIX path")
                || text.contains("unable to find valid certification path")) {
            return new CurlException(
                    60,
                    "SSL certificate problem: unable to get local issuer certificate\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above.");
        }
        if (text.contains("validity check failed") || text.contains("NotAfter")) {
            return new CurlException(60, "SSL certificate problem: certificate has expired");
        }
        if (text.contains("No subject alternative") || text.contains("No name matching")) {
            return new CurlException(
                    60,
                    "SSL: no alternative certificate subject name matches target host name '"
                            + host
                            + "'");
        }
        if (text.contains("closed")
                || text.contains("terminated the handshake")
                || text.contains("EOF")) {
            return new CurlException(
                    35, "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to " + host);
        }
        return new CurlException(35, "TLS connect error: " + text);
    }

    private byte @org.jspecify.annotations.Nullable [] file(String name, int code)
            throws CurlException {
        if (name.isEmpty()) {
            return null;
        }
        try {
            return Files.readAllBytes(in.file(name));
        } catch (IOException e) {
            throw new CurlException(
                    code,
                    code == 77
                            ? "error setting certificate file: " + name
                            : "could not load PEM client certificate, file not found: " + name);
        }
    }

    /** What {@code -v} shows of a finished handshake. */
    static List<String> described(SSLSocket socket, boolean insecure) throws SSLException {
        List<String> lines = new ArrayList<>();
        lines.add(
                "SSL connection using "
                        + socket.getSession().getProtocol()
                        + " / "
                        + socket.getSession().getCipherSuite());
        String alpn = socket.getApplicationProtocol();
        lines.add(
                alpn == null || alpn.isEmpty()
                        ? "ALPN: server did not agree on a protocol. Uses default."
                        : "ALPN: server accepted " + alpn);
        if (socket.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
            lines.add("Server certificate:");
            lines.add(
                    " subject: "
                            + certificate.getSubjectX500Principal().getName().replace(",", "; "));
            lines.add(" start date: " + certificate.getNotBefore().toInstant());
            lines.add(" expire date: " + certificate.getNotAfter().toInstant());
            lines.add(
                    " issuer: "
                            + certificate.getIssuerX500Principal().getName().replace(",", "; "));
            lines.add(
                    insecure
                            ? " SSL certificate verify result: not checked, continuing anyway."
                            : " SSL certificate verify ok.");
        }
        return lines;
    }
}
