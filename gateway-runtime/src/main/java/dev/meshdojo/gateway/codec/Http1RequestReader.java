package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads requests: request line, target forms, framing and upgrade. */
abstract class Http1RequestReader extends Http1Reader {

    private static final int MAX_NOMINATED = 10;

    private final boolean secure;
    private String method = "";
    private String target = "";
    private int minor = 1;
    private int lines;
    private @Nullable String host;
    private boolean upgrade;
    private boolean close;

    Http1RequestReader(HeadLimits limits, boolean secure) {
        super(limits);
        this.secure = secure;
    }

    /** A request's head was accepted. */
    abstract void onRequest(RequestHead head, boolean end);

    /** A request is refused before its head was passed on. */
    abstract void onRefused(@Nullable RequestHead head, Refusal refusal);

    /** Whether the request asked for the connection to end. */
    final boolean close() {
        return close;
    }

    /** Whether bytes after the head belong to another protocol. */
    final boolean upgrade() {
        return upgrade;
    }

    final String method() {
        return method;
    }

    @Override
    final boolean mayBegin(byte first) {
        return RequestTarget.mayBeginMethod(first);
    }

    @Override
    final boolean onStartLine(byte[] line, int length) {
        lines = 0;
        host = null;
        upgrade = false;
        close = false;
        target = "";
        int first = indexOf(line, 0, length);
        int second = first < 0 ? -1 : indexOf(line, first + 1, length);
        if (second < 0 || indexOf(line, second + 1, length) >= 0) {
            return false;
        }
        method = new String(line, 0, first, StandardCharsets.ISO_8859_1);
        String uri = new String(line, first + 1, second - first - 1, StandardCharsets.ISO_8859_1);
        boolean version =
                length - second - 1 == 8
                        && line[second + 1] == 'H'
                        && line[second + 2] == 'T'
                        && line[second + 3] == 'T'
                        && line[second + 4] == 'P'
                        && line[second + 5] == '/'
                        && digit(line[second + 6])
                        && line[second + 7] == '.'
                        && digit(line[second + 8]);
        if (!version
                || !RequestTarget.knownMethod(method)
                || !RequestTarget.valid(uri, method.equals("CONNECT"))) {
            return false;
        }
        minor = line[second + 6] == '1' ? line[second + 8] - '0' : 0;
        target = uri;
        return true;
    }

    private static int indexOf(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    @Override
    final boolean onHeader(HeaderMap headers, String name, String value) {
        if (++lines > maxLines()) {
            fail(Refusal.TOO_MANY_HEADERS);
            return false;
        }
        if (name.equals("host")) {
            host = host == null ? value : host + "," + value;
        } else {
            headers.add(name, value);
        }
        return true;
    }

    @Override
    final void onHeadComplete(HeaderMap headers) {
        boolean connect = method.equals("CONNECT");
        RequestHead head =
                new RequestHead(
                        method,
                        secure ? "https" : "http",
                        host == null ? "" : host,
                        connect ? "" : target,
                        headers);
        Refusal refusal = minor < 1 ? Refusal.LOW_VERSION : target(head, connect);
        if (refusal == null && !RequestTarget.validAuthority(head.authority())) {
            refusal = Refusal.INVALID_AUTHORITY;
        }
        String length = headers.get("content-length");
        String coding = headers.get("transfer-encoding");
        long size = length == null ? 0 : contentLength(headers);
        if (size < 0) {
            refusal = Refusal.CODEC_ERROR;
        } else if (refusal == null) {
            refusal = framing(headers, connect, length, coding);
        }
        if (refusal == null) {
            refusal = connection(headers, connect);
        }
        if (refusal == null && host == null && !connect && target.charAt(0) == '/') {
            refusal = Refusal.MISSING_HOST;
        }
        if (refusal != null) {
            refuse(head, refusal);
            return;
        }
        if (upgrade) {
            expectUntilClose();
        } else if (coding != null) {
            expectChunks();
        } else {
            expectLength(size);
        }
        onRequest(head, !upgrade && coding == null && size == 0);
    }

    private void refuse(RequestHead head, Refusal refusal) {
        refusedHead = head;
        fail(refusal);
        refusedHead = null;
    }

    private @Nullable RequestHead refusedHead;

    /** The head under refusal, as far as it was read. */
    final @Nullable RequestHead refusedHead() {
        return refusedHead;
    }

    private @Nullable Refusal target(RequestHead head, boolean connect) {
        if (connect) {
            head.authority(target);
            return null;
        }
        char first = target.charAt(0);
        if (first == '/' || (first == '*' && method.equals("OPTIONS"))) {
            return null;
        }
        int scheme = target.indexOf("://");
        if (scheme < 0) {
            return Refusal.INVALID_URL;
        }
        int path = scheme + 3;
        while (path < target.length()
                && target.charAt(path) != '/'
                && target.charAt(path) != '?'
                && target.charAt(path) != '#') {
            path++;
        }
        String authority = target.substring(scheme + 3, path);
        if (authority.isEmpty()) {
            return Refusal.INVALID_URL;
        }
        String rest = target.substring(path);
        head.authority(authority);
        host = authority;
        head.path(rest.startsWith("/") ? rest : "/" + rest);
        String name = target.substring(0, scheme).toLowerCase(java.util.Locale.ROOT);
        head.scheme(name);
        if (name.equals("https")) {
            return secure ? null : Refusal.HTTPS_ON_PLAINTEXT;
        }
        return name.equals("http") ? null : Refusal.INVALID_SCHEME;
    }

    private static long contentLength(HeaderMap headers) {
        var values = headers.all("content-length");
        if (values.size() > 1) {
            return -1;
        }
        String value = values.getFirst();
        if (value.isEmpty() || value.length() > 18) {
            return -1;
        }
        long size = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            size = size * 10 + digit;
        }
        return size;
    }

    private static @Nullable Refusal framing(
            HeaderMap headers, boolean connect, @Nullable String length, @Nullable String coding) {
        if (connect && length != null && coding == null) {
            if (!length.equals("0")) {
                return Refusal.BODY_DISALLOWED;
            }
            headers.remove("content-length");
        }
        if (coding != null) {
            if (length != null) {
                return Refusal.LENGTH_AND_CHUNKED;
            }
            if (connect
                    || !coding.equalsIgnoreCase("chunked")
                    || headers.all("transfer-encoding").size() > 1) {
                return Refusal.TRANSFER_ENCODING;
            }
        }
        return null;
    }

    /** Upgrade, close, and the headers that Connection names. */
    private @Nullable Refusal connection(HeaderMap headers, boolean connect) {
        upgrade = connect;
        if (headers.contains("proxy-connection")) {
            close = Tokens.anyIs(headers.all("proxy-connection"), "close");
        }
        if (!headers.contains("connection")) {
            return null;
        }
        var values = headers.all("connection");
        close |= Tokens.anyIs(values, "close");
        String protocol = headers.get("upgrade");
        if (protocol != null && Tokens.anyIs(values, "upgrade")) {
            if (protocol.equalsIgnoreCase("h2c")) {
                headers.remove("upgrade");
                headers.remove("http2-settings");
            } else {
                upgrade = true;
            }
        }
        int nominated = 0;
        for (String value : values) {
            for (String token : Tokens.split(value)) {
                if (Tokens.HOP_BY_HOP.contains(token)) {
                    continue;
                }
                if (token.startsWith("x-forwarded") || token.startsWith(":")) {
                    return Refusal.CONNECTION_HEADER;
                }
                if (++nominated >= MAX_NOMINATED) {
                    return Refusal.CONNECTION_HEADER;
                }
                if (!token.equals("te")) {
                    headers.remove(token);
                }
            }
        }
        return null;
    }

    @Override
    final void onFailure(Refusal refusal) {
        onRefused(
                refusedHead != null
                        ? refusedHead
                        : target.isEmpty()
                                ? null
                                : new RequestHead(
                                        method,
                                        secure ? "https" : "http",
                                        host == null ? "" : host,
                                        target,
                                        new HeaderMap()),
                refusal);
    }
}
