package dev.meshdojo.gateway.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A TLS client that tells all it sees: the session, the answer, and how the connection ended. What
 * the server sent is read to its end also when it takes no more.
 */
final class TlsClient {

    private static final String SEEN = "seen";

    private final TlsOptions options;
    private final SSLContext context;
    private final List<String> asked = new ArrayList<>();

    TlsClient(TlsOptions options) {
        this.options = options;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new Key(options.identity(), asked)},
                    new X509ExtendedTrustManager[] {new TrustAll()},
                    null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Handshakes, sends {@code request} and describes what happened. */
    String exchange(int port, String request) {
        asked.clear();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(options.patience());
            return new Connection(socket, engine()).run(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ClientHello that this client would send. */
    byte[] hello() {
        SSLEngine engine = engine();
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        try {
            engine.beginHandshake();
            engine.wrap(ByteBuffer.allocate(0), out);
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Sends {@code bytes} and describes the records or the text that come back, and the end. */
    static String send(int port, byte[] bytes) {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        String end = "closed";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(3000);
            socket.getOutputStream().write(bytes);
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                got.write(next);
            }
        } catch (SocketTimeoutException e) {
            end = "open";
        } catch (IOException e) {
            end = "closed";
        }
        return records(got.toByteArray()) + end;
    }

    private static String records(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at + 5 <= bytes.length && bytes[at] >= 20 && bytes[at] <= 23) {
            int size = (bytes[at + 3] & 0xff) << 8 | (bytes[at + 4] & 0xff);
            text.append("record ").append(bytes[at]);
            if (bytes[at] == 21 && size == 2) {
                text.append(" alert ").append(bytes[at + 6]);
            }
            text.append('\n');
            at += 5 + size;
        }
        return text
                + new String(
                                bytes,
                                Math.min(at, bytes.length),
                                Math.max(bytes.length - at, 0),
                                StandardCharsets.ISO_8859_1)
                        .replaceAll("date: [^\r]*", "date: <date>")
                        .replaceAll("service-time: [0-9]+", "service-time: <ms>")
                + "\n";
    }

    private SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine("peer.example.com", 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        options.apply(parameters);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** One connection. */
    private final class Connection {
        private final Socket socket;
        private final SSLEngine engine;
        private final StringBuilder story = new StringBuilder();
        private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
        private ByteBuffer in = ByteBuffer.allocate(0);
        private boolean first = true;
        private boolean writable = true;

        Connection(Socket socket, SSLEngine engine) {
            this.socket = socket;
            this.engine = engine;
        }

        String run(String request) {
            try {
                engine.beginHandshake();
                drive(true);
                describe();
                if (options.renegotiate()) {
                    engine.beginHandshake();
                    drive(true);
                    story.append(" renegotiated");
                }
                send(request);
                while (!complete() && unwrap()) {
                    drive(false);
                }
                story.append("\nanswer ").append(text()).append("\nend ");
                story.append(complete() ? "open" : "close_notify");
            } catch (SSLException e) {
                story.append("\nanswer ").append(text()).append("\nend ").append(e.getMessage());
                story.append(" then ").append(rest());
            } catch (Ended e) {
                story.append("\nanswer ").append(text()).append("\nend ").append(e.getMessage());
            }
            return story.toString();
        }

        private boolean complete() {
            String all = text();
            if ("h2".equals(engine.getApplicationProtocol())) {
                return answer.size() >= 9;
            }
            int end = all.indexOf("\r\n\r\n");
            int length = all.indexOf("content-length: ");
            if (end < 0 || length < 0 || length > end) {
                return end >= 0 && !all.contains("chunked");
            }
            int size = Integer.parseInt(all.substring(length + 16, all.indexOf('\r', length)));
            return all.length() >= end + 4 + size;
        }

        private String text() {
            if ("h2".equals(engine.getApplicationProtocol()) && answer.size() >= 9) {
                return "frame " + answer.toByteArray()[3];
            }
            return answer.toString(StandardCharsets.ISO_8859_1)
                    .replaceAll("date: [^\r]*", "date: <date>")
                    .replaceAll("upstream-service-time: [^\r]*", "upstream-service-time: <ms>");
        }

        private void describe() throws SSLException {
            SSLSession session = engine.getSession();
            X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
            story.append(session.getProtocol())
                    .append(' ')
                    .append(session.getCipherSuite())
                    .append(" alpn=")
                    .append(engine.getApplicationProtocol())
                    .append(" chain=")
                    .append(leaf.getSubjectX500Principal().getName())
                    .append('+')
                    .append(session.getPeerCertificates().length - 1)
                    .append(" asked=")
                    .append(asked)
                    .append(session.getValue(SEEN) == null ? "" : " resumed");
            session.putValue(SEEN, SEEN);
        }

        private void send(String request) throws SSLException {
            byte[] bytes =
                    ("h2".equals(engine.getApplicationProtocol())
                                    ? "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
                                    : request)
                            .getBytes(StandardCharsets.ISO_8859_1);
            ByteBuffer data = ByteBuffer.wrap(bytes);
            while (data.hasRemaining()) {
                wrap(data);
            }
        }

        /** Goes on with the handshake; reads for it only when asked to. */
        private void drive(boolean reads) throws SSLException {
            while (true) {
                HandshakeStatus status = engine.getHandshakeStatus();
                switch (status) {
                    case NEED_WRAP -> {
                        try {
                            wrap(ByteBuffer.allocate(0));
                        } catch (SSLException e) {
                            flushAlert();
                            throw e;
                        }
                    }
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (!reads || !unwrap()) {
                            return;
                        }
                    }
                    case NOT_HANDSHAKING, FINISHED -> {
                        return;
                    }
                }
            }
        }

        private void flushAlert() throws SSLException {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap(ByteBuffer.allocate(0));
            }
        }

        private void wrap(ByteBuffer data) throws SSLException {
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(data, out);
            write(Arrays.copyOf(out.array(), out.position()));
        }

        private void write(byte[] bytes) {
            if (!writable) {
                return;
            }
            try {
                if (first && bytes.length > 0) {
                    first = false;
                    for (byte[] part : options.split(bytes)) {
                        socket.getOutputStream().write(part);
                        socket.getOutputStream().flush();
                    }
                } else {
                    socket.getOutputStream().write(bytes);
                }
            } catch (IOException e) {
                writable = false; // What was sent to us may still be read.
            }
        }

        /** Reads one record; false when the server said that no more comes. */
        private boolean unwrap() throws SSLException {
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
            SSLEngineResult result = engine.unwrap(in, out);
            while (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                fill();
                result = engine.unwrap(in, out);
            }
            answer.write(out.array(), 0, out.position());
            return result.getStatus() != SSLEngineResult.Status.CLOSED;
        }

        private void fill() {
            byte[] more = new byte[8192];
            int count;
            try {
                count = socket.getInputStream().read(more);
            } catch (SocketTimeoutException e) {
                throw new Ended("silence");
            } catch (IOException e) {
                throw new Ended("closed");
            }
            if (count < 0) {
                throw new Ended("closed");
            }
            ByteBuffer joined = ByteBuffer.allocate(in.remaining() + count);
            joined.put(in).put(more, 0, count).flip();
            in = joined;
        }

        private String rest() {
            try {
                InputStream stream = socket.getInputStream();
                stream.readAllBytes();
                return "closed";
            } catch (SocketTimeoutException e) {
                return "open";
            } catch (IOException e) {
                return "closed";
            }
        }
    }

    /** The connection ended outside TLS. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended(String how) {
            super(how);
        }
    }

    /** Presents one certificate whatever is asked for, and notes what was. */
    private static final class Key extends X509ExtendedKeyManager {
        private final Pki.@Nullable Identity identity;
        private final List<String> asked;

        Key(Pki.@Nullable Identity identity, List<String> asked) {
            this.identity = identity;
            this.asked = asked;
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
            if (asked.isEmpty()) {
                asked.add("any");
                for (Principal issuer : issuers == null ? new Principal[0] : issuers) {
                    asked.add(issuer.getName());
                }
            }
            if (identity == null) {
                return null;
            }
            return Arrays.asList(types).contains(identity.key().getAlgorithm()) ? "one" : null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return identity == null ? null : identity.key();
        }

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[0];
        }

        @Override
        public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, Socket socket) {
            return null;
        }
    }

    /** Trusts everybody. */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

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
