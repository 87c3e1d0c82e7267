package dev.meshdojo.simulator.conformance.wire;

import dev.meshdojo.simulator.pilot.model.JsonView;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends recorded requests, each on a connection of its own. Thread-safe. */
public final class Client {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 40_000;
    private static final int DATA_MILLIS = 2_500;

    private final TlsDialer dialer;

    /** A client that has these certificates. */
    public Client(Credentials credentials) {
        this.dialer = new TlsDialer(credentials);
    }

    /**
     * Sends a request.
     *
     * @param address where the gateway listens; null when nothing does
     * @throws IOException when the client itself cannot be set up
     */
    public Answer send(@Nullable InetSocketAddress address, JsonView request) throws IOException {
        if (address == null) {
            return Answer.of("refused", "", null);
        }
        try (Socket plain = new Socket()) {
            plain.setTcpNoDelay(true);
            try {
                plain.connect(address, CONNECT_MILLIS);
            } catch (ConnectException e) {
                return Answer.of("refused", "", null);
            }
            plain.setSoTimeout(ANSWER_MILLIS);
            return request.has("tls") ? secured(plain, request) : exchange(plain, request, null);
        }
    }

    private Answer secured(Socket plain, JsonView request) throws IOException {
        String alpn =
                request.text("http").equals("2") ? "h2" : request.has("tcp") ? "" : "http/1.1";
        TlsDialer.Session session = dialer.open(plain, request.at("tls"), alpn);
        Answer failure = session.failure();
        if (failure != null) {
            return failure;
        }
        Socket socket = session.socket();
        if (socket == null) {
            throw new IOException("no TLS session and no failure");
        }
        try (socket) {
            return exchange(socket, request, session.facts());
        } catch (SSLException e) {
            return TlsDialer.failure(e, session.facts());
        }
    }

    private static Answer exchange(Socket socket, JsonView request, @Nullable TlsFacts tls)
            throws IOException {
        try {
            if (request.has("tcp")) {
                return bytes(socket, request, tls);
            }
            return request.text("http").equals("2")
                    ? new Http2Client(socket, request, tls, ANSWER_MILLIS).exchange()
                    : new Http1Client(socket, request, tls, ANSWER_MILLIS).exchange();
        } catch (SocketTimeoutException e) {
            return Answer.of("timeout", "", tls);
        } catch (java.net.SocketException e) {
            return Answer.of("closed", "", tls);
        }
    }

    private static Answer bytes(Socket socket, JsonView request, @Nullable TlsFacts tls)
            throws IOException {
        socket.getOutputStream()
                .write(request.at("tcp").text("send").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        socket.setSoTimeout(DATA_MILLIS);
        byte[] buffer = new byte[65_536];
        int read = socket.getInputStream().read(buffer);
        return read < 0
                ? Answer.of("closed", "", tls)
                : Answer.of("data", new String(buffer, 0, read, StandardCharsets.UTF_8), tls);
    }
}
