package dev.meshdojo.simulator.shell.command.openssl;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.command.kubectl.rest.TrustMaterial;
import dev.meshdojo.simulator.shell.command.text.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** {@code openssl s_client}: shows what a server presents, then passes bytes both ways. */
final class TlsClient {

    private static final int TIMEOUT_MILLIS = 10_000;

    private TlsClient() {}

    static int run(List<String> words, Invocation in) throws IOException, InterruptedException {
        Arguments arguments =
                Arguments.parse(
                        "s_client",
                        Set.of("showcerts", "tls1_2", "tls1_3", "noservername", "quiet", "brief"),
                        Set.of("connect", "servername", "CAfile", "alpn"),
                        words);
        String target = arguments.value("connect", "localhost:4433");
        int colon = target.lastIndexOf(':');
        if (colon < 1 || !target.substring(colon + 1).matches("\\d{1,5}")) {
            throw new UsageException(1, "s_client: -connect needs HOST:PORT, not '" + target + "'");
        }
        String host = target.substring(0, colon);
        int port = Integer.parseInt(target.substring(colon + 1));
        try (Socket plain = in.cluster().connector().connect(host, port)) {
            plain.setSoTimeout(TIMEOUT_MILLIS);
            in.stdout().println("CONNECTED(00000003)");
            SSLSocket socket = (SSLSocket) tls(plain, host, port, arguments);
            try {
                socket.startHandshake();
            } catch (SSLException e) {
                in.stderr().println("error: " + e.getMessage());
                in.stdout().println("---\nno peer certificate available\n---");
                return 1;
            }
            describe(socket, arguments, in);
            relay(socket, in);
            in.stderr().println("DONE");
            return 0;
        } catch (ConnectException e) {
            in.stderr().println("connect:errno=111");
            return 1;
        }
    }

    private static Socket tls(Socket plain, String host, int port, Arguments arguments)
            throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        TrustMaterial.context(null, null, null, true)
                                .getSocketFactory()
                                .createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        String name = arguments.value("servername", host);
        boolean named = !arguments.has("noservername") && !name.matches("[0-9.]+|.*:.*");
        parameters.setServerNames(named ? List.of(new SNIHostName(name)) : List.of());
        if (arguments.has("alpn")) {
            parameters.setApplicationProtocols(arguments.value("alpn", "").split(",", -1));
        }
        if (arguments.has("tls1_2") || arguments.has("tls1_3")) {
            parameters.setProtocols(new String[] {arguments.has("tls1_2") ? "TLSv1.2" : "TLSv1.3"});
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static void describe(SSLSocket socket, Arguments arguments, Invocation in)
            throws IOException {
        SSLSession session = socket.getSession();
        List<X509Certificate> presented = new ArrayList<>();
        for (Certificate each : session.getPeerCertificates()) {
            presented.add((X509Certificate) each);
        }
        String file = arguments.value("CAfile", "");
        List<X509Certificate> trusted = file.isEmpty() ? List.of() : Certificates.read(file, in);
        ChainCheck check =
                ChainCheck.of(
                        presented.getFirst(), presented, trusted, in.host().clock().instant());
        ChainCheck.Failure failure = check.failure();
        if (failure != null) {
            X509Certificate at = check.chain().get(failure.depth());
            in.stderr()
                    .println("depth=" + failure.depth() + " " + new CertificateText(at).subject());
            in.stderr().println("verify error:num=" + failure.code() + ":" + failure.message());
        }
        PrintStream out = in.stdout();
        out.println("---\nCertificate chain");
        for (int i = 0; i < presented.size(); i++) {
            CertificateText text = new CertificateText(presented.get(i));
            out.println(" " + i + " s:" + text.subject());
            out.println("   i:" + text.issuer());
            out.println("   v:NotBefore: " + text.notBefore() + "; NotAfter: " + text.notAfter());
            if (arguments.has("showcerts")) {
                out.print(Certificates.pem(presented.get(i)));
            }
        }
        CertificateText leaf = new CertificateText(presented.getFirst());
        out.println("---\nServer certificate");
        out.print(Certificates.pem(presented.getFirst()));
        out.println("subject=" + leaf.subject());
        out.println("issuer=" + leaf.issuer());
        out.println("---");
        out.println("New, " + session.getProtocol() + ", Cipher is " + session.getCipherSuite());
        String protocol = socket.getApplicationProtocol();
        out.println(
                protocol == null || protocol.isEmpty()
                        ? "No ALPN negotiated"
                        : "ALPN protocol: " + protocol);
        out.println(
                "Verify return code: "
                        + (failure == null
                                ? "0 (ok)"
                                : failure.code() + " (" + failure.message() + ")"));
        out.println("---");
    }

    /** Sends standard input until it ends; what the server says meanwhile is printed. */
    private static void relay(SSLSocket socket, Invocation in)
            throws IOException, InterruptedException {
        socket.setSoTimeout(0);
        Thread reader =
                Thread.ofVirtual()
                        .name("s_client-reader")
                        .start(
                                () -> {
                                    try (InputStream answers = socket.getInputStream()) {
                                        answers.transferTo(in.stdout());
                                    } catch (IOException e) {
                                        in.stdout().flush();
                                    }
                                });
        try (OutputStream server = socket.getOutputStream()) {
            in.stdin().transferTo(server);
        } finally {
            socket.close();
            reader.join();
        }
    }
}
