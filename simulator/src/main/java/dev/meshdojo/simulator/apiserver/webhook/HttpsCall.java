package dev.meshdojo.simulator.apiserver.webhook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One POST of JSON over TLS and HTTP/1.1, on the caller's thread. Failures are worded as Go's HTTP
 * client words them.
 *
 * @param host the name in the URL, which the certificate has to be for
 * @param authority host and port as they stand in the URL
 * @param target path and query
 * @param authorities PEM certificates whom to trust; empty for those of the system
 * @param deadline {@link System#nanoTime} at which the call is given up
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpsCall(String host, String authority, String target, byte[] authorities, long deadline) {

    private static final int LIMIT = 16 * 1024 * 1024;

    /** What came back. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reply(int status, String contentType, byte[] body) {}

    /**
     * Sends the body.
     *
     * @param address the real socket address, or null when nothing answers there
     * @param dialled the address as it is named in errors
     */
    Reply post(@Nullable InetSocketAddress address, String dialled, byte[] body)
            throws WebhookFailure {
        if (address == null) {
            throw refused(dialled);
        }
        try (Socket plain = new Socket()) {
            connect(plain, address, dialled);
            plain.setTcpNoDelay(true);
            try (SSLSocket secure = secure(plain)) {
                return exchange(secure, body);
            }
        } catch (SocketTimeoutException e) {
            throw failure("context deadline exceeded");
        } catch (SSLException e) {
            throw failure(tls(e));
        } catch (GeneralSecurityException e) {
            throw failure("unable to load root certificates: " + e.getMessage());
        } catch (IOException e) {
            throw failure("EOF");
        }
    }

    private void connect(Socket plain, InetSocketAddress address, String dialled)
            throws IOException, WebhookFailure {
        if (address.isUnresolved()) {
            throw failure("dial tcp: lookup " + host + ": no such host");
        }
        try {
            plain.connect(address, remaining());
        } catch (ConnectException e) {
            throw refused(dialled);
        }
    }

    private WebhookFailure refused(String dialled) {
        return failure("dial tcp " + dialled + ": connect: connection refused");
    }

    private WebhookFailure failure(String why) {
        return new WebhookFailure("Post \"https://" + authority + target + "\": " + why);
    }

    private int remaining() throws SocketTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    private SSLSocket secure(Socket plain) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                null, new TrustManager[] {new ServerTrust(certificates(authorities), host)}, null);
        SSLSocket secure =
                (SSLSocket)
                        context.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
        if (!host.matches("[0-9.]+") && !host.contains(":")) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            secure.setSSLParameters(parameters);
        }
        plain.setSoTimeout(remaining());
        secure.startHandshake();
        return secure;
    }

    private static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
        List<X509Certificate> found = new ArrayList<>();
        if (pem.length > 0) {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .forEach(certificate -> found.add((X509Certificate) certificate));
        }
        return found;
    }

    private static String tls(SSLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateException && message.startsWith("x509: ")) {
                return "tls: failed to verify certificate: " + message;
            }
        }
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("plaintext") || message.contains("unrecognized ssl message")) {
            return "http: server gave HTTP response to HTTPS client";
        }
        return message.contains("timed out") ? "context deadline exceeded" : "EOF";
    }

    private Reply exchange(SSLSocket secure, byte[] body) throws IOException {
        String head =
                "POST "
                        + target
                        + " HTTP/1.1\r\nHost: "
                        + authority
                        + "\r\nUser-Agent: kube-apiserver-admission\r\nContent-Length: "
                        + body.length
                        + "\r\nAccept: application/json, */*\r\nContent-Type:"
                        + " application/json\r\nConnection: close\r\n\r\n";
        secure.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        secure.getOutputStream().write(body);
        secure.getOutputStream().flush();
        InputStream in = secure.getInputStream();
        String[] status = line(in).split(" ", 3);
        int code = status.length > 1 ? Integer.parseInt(status[1]) : 0;
        int length = -1;
        boolean chunked = false;
        String type = "";
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            switch (name) {
                case "content-length" -> length = Integer.parseInt(value);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "content-type" -> type = value;
                default -> {}
            }
        }
        return new Reply(code, type, chunked ? chunks(in) : rest(in, length));
    }

    private byte[] rest(InputStream in, int length) throws IOException {
        return in.readNBytes(length < 0 ? LIMIT : Math.min(length, LIMIT));
    }

    private byte[] chunks(InputStream in) throws IOException {
        var all = new java.io.ByteArrayOutputStream();
        for (int size = size(in); size > 0; size = size(in)) {
            all.writeBytes(in.readNBytes(size));
            line(in);
        }
        return all.toByteArray();
    }

    private int size(InputStream in) throws IOException {
        String line = line(in);
        int extension = line.indexOf(';');
        return Integer.parseInt(extension < 0 ? line : line.substring(0, extension), 16);
    }

    private String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > 65_536) {
                throw new IOException("unexpected end of the answer");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
