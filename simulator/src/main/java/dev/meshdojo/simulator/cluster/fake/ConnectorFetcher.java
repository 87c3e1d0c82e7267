package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import dev.meshdojo.simulator.cluster.Connector;
import dev.meshdojo.simulator.pilot.server.KeyFetcher;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Fetches over connections from inside the cluster; certificates are checked as this JVM does it.
 */
record ConnectorFetcher(Connector connector) implements KeyFetcher {

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
                HttpClient.Answer answer =
                        HttpClient.exchange(socket, "GET", target(uri), headers(uri), new byte[0]);
                if (answer.status() < 200 || answer.status() > 299) {
                    throw new IOException(uri + " answers status " + answer.status());
                }
                return new String(answer.body(), StandardCharsets.UTF_8);
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

    private static String target(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static List<HttpApp.Header> headers(URI uri) {
        return List.of(
                new HttpApp.Header("Host", uri.getRawAuthority()),
                new HttpApp.Header("User-Agent", "Go-http-client/1.1"),
                new HttpApp.Header("Connection", "close"));
    }
}
