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
    private boolean lastWasHost;
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
    final HeaderMap newHeaders() {
        return HeaderMap.ofRequest(12);
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
        lastWasHost = false;
        close = false;
        target = "";
        int[] at = new int[6];
        int words = words(line, length, at);
        if (words < 2 || words > 3) {
            return false;
        }
        method = new String(line, at[0], at[1] - at[0], StandardCharsets.ISO_8859_1);
        String uri = new String(line, at[2], at[3] - at[2], StandardCharsets.ISO_8859_1);
        if (!RequestTarget.knownMethod(method)
                || !RequestTarget.valid(uri, method.equals("CONNECT"))) {
            return false;
        }
        if (words == 3 && !version(line, at[4], at[5])) {
            return false;
        }
        minor = words == 3 && line[at[4] + 5] == '1' && line[at[4] + 7] == '1' ? 1 : 0;
        target = uri;
        return true;
    }

    /** Where the words of the line begin and end; their number, or more than 3. */
    private static int words(byte[] line, int length, int[] at) {
        int words = 0;
        int i = 0;
        while (i < length) {
            if (line[i] == ' ' || line[i] == '\t') {
                i++;
                continue;
            }
            int start = i;
            while (i < length && line[i] != ' ' && line[i] != '\t') {
                i++;
            }
            if (words < 3) {
                at[2 * words] = start;
                at[2 * words + 1] = i;
            }
            words++;
        }
        return words;
    }

    private static boolean version(byte[] line, int from, int to) {
        return to - from == 8
                && line[from] == 'H'
                && line[from + 1] == 'T'
                && line[from + 2] == 'T'
                && line[from + 3] == 'P'
                && line[from + 4] == '/'
                && digit(line[from + 5])
                && line[from + 6] == '.'
                && digit(line[from + 7]);
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
        lastWasHost = name.equals("host");
        if (lastWasHost) {
            host = host == null ? value : host + "," + value;
        } else {
            headers.add(name, value);
        }
        return true;
    }

    @Override
    final boolean onContinuation(HeaderMap headers, String more) {
        if (lastWasHost) {
            host = host + more;
            return true;
        }
        return super.onContinuation(headers, more);
    }

    @Override
    final void onHeadComplete(HeaderMap headers) {
        boolean connect = method.equals("CONNECT");
        RequestHead head = new RequestHead(method, "", host, connect ? "" : target, headers);
        Refusal refusal = target(head, connect);
        if (refusal == null && minor < 1) {
            refusal = Refusal.LOW_VERSION;
        }
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

    private @Nullable Refusal target(RequestHead head, boolean connect) {
        if (connect) {
            if (target.equals("*")) {
                return Refusal.INVALID_URL;
            }
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
        head.path(rest.isEmpty() ? "/" : rest);
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
        onRefused(refusal == Refusal.MISSING_HOST ? refusedHead : null, refusal);
    }
}
