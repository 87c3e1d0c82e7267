package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.simulator.cluster.Connector;
import dev.meshdojo.simulator.pilot.server.KeyFetcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Fetches over connections from inside the cluster. Asks in HTTP/1.0, so that the answer ends with
 * the connection; certificates are checked as this JVM does it.
 */
record ConnectorFetcher(Connector connector) implements KeyFetcher {

    private static final int LARGEST = 1 << 20;

    @Override
    public String fetch(URI uri, Duration limit) throws IOException {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        String host = uri.getHost();
        if (host == null || (!secure && !"http".equalsIgnoreCase(uri.getScheme()))) {
            throw new IOException("not an http or https address: " + uri);
        }
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
        try (Socket plain = connector.connect(host, port)) {
            plain.setSoTimeout((int) limit.toMillis());
            try (Socket socket = secure ? tls(plain, host, port) : plain) {
                socket.getOutputStream().write(request(uri));
                socket.getOutputStream().flush();
                return body(uri, socket.getInputStream(), System.nanoTime() + limit.toNanos());
            }
        }
    }

    private static Socket tls(Socket plain, String host, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        ((SSLSocketFactory) SSLSocketFactory.getDefault())
                                .createSocket(plain, host, port, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static byte[] request(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return ("GET "
                        + path
                        + query
                        + " HTTP/1.0\r\nHost: "
                        + uri.getRawAuthority()
                        + "\r\nUser-Agent: Go-http-client/1.1\r\nAccept: */*\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String body(URI uri, InputStream in, long deadline) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            bytes.write(buffer, 0, count);
            if (bytes.size() > LARGEST || System.nanoTime() > deadline) {
                throw new IOException(uri + " answers too much or too slowly");
            }
        }
        String answer = bytes.toString(StandardCharsets.UTF_8);
        int end = answer.indexOf("\r\n\r\n");
        String[] status = answer.split(" ", 3);
        if (end < 0 || status.length < 2 || !status[0].startsWith("HTTP/")) {
            throw new IOException(uri + " does not answer in HTTP");
        }
        if (!status[1].startsWith("2")) {
            throw new IOException(uri + " answers status " + status[1]);
        }
        return answer.substring(end + 4);
    }
}
