package dev.meshdojo.gateway.codec;

import java.nio.charset.StandardCharsets;

/** Header names as bytes: which are valid, and one shared String for each usual one. */
final class HeaderNames {

    private static final int SLOTS = 512;
    private static final String[] KNOWN = new String[SLOTS];
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c = '!'; c <= '~'; c++) {
            TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        String usual =
                """
                accept accept-charset accept-encoding accept-language accept-ranges \
                access-control-allow-credentials access-control-allow-headers \
                access-control-allow-methods access-control-allow-origin \
                access-control-expose-headers access-control-max-age \
                access-control-request-headers access-control-request-method age allow \
                authorization baggage cache-control connection content-disposition \
                content-encoding content-language content-length content-location content-range \
                content-type cookie date etag expect expires forwarded from grpc-accept-encoding \
                grpc-encoding grpc-message grpc-status grpc-timeout host http2-settings if-match \
                if-modified-since if-none-match if-range if-unmodified-since keep-alive \
                last-modified link location origin pragma proxy-authenticate proxy-authorization \
                proxy-connection range referer retry-after sec-fetch-dest sec-fetch-mode \
                sec-fetch-site sec-websocket-accept sec-websocket-extensions sec-websocket-key \
                sec-websocket-protocol sec-websocket-version server set-cookie \
                strict-transport-security te traceparent tracestate trailer transfer-encoding \
                upgrade upgrade-insecure-requests user-agent vary via www-authenticate \
                x-b3-parentspanid x-b3-sampled x-b3-spanid x-b3-traceid \
                x-envoy-attempt-count x-envoy-decorator-operation x-envoy-expected-rq-timeout-ms \
                x-envoy-external-address x-envoy-internal x-envoy-original-host \
                x-envoy-original-path x-envoy-overloaded x-envoy-upstream-service-time \
                x-forwarded-client-cert x-forwarded-for x-forwarded-host x-forwarded-port \
                x-forwarded-proto x-real-ip x-request-id""";
        for (String name : usual.split(" ")) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            int slot = hash(bytes, 0, bytes.length);
            while (KNOWN[slot] != null) {
                slot = (slot + 1) & (SLOTS - 1);
            }
            KNOWN[slot] = name;
        }
    }

    private HeaderNames() {}

    /** Whether the byte may stand in a header name or a method. */
    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /** The name in these bytes, lower-cased in place; null when a byte may not stand in a name. */
    @org.jspecify.annotations.Nullable
    static String read(byte[] bytes, int from, int to) {
        if (from == to) {
            return null;
        }
        int hash = 7;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (!TOKEN[b & 0xff]) {
                return null;
            }
            if (b >= 'A' && b <= 'Z') {
                b = (byte) (b + 32);
                bytes[i] = b;
            }
            hash = hash * 31 + b;
        }
        int slot = spread(hash);
        int length = to - from;
        for (String known = KNOWN[slot]; known != null; known = KNOWN[slot]) {
            if (known.length() == length && same(known, bytes, from)) {
                return known;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private static boolean same(String known, byte[] bytes, int from) {
        for (int i = 0; i < known.length(); i++) {
            if (known.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = 7;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        return spread(hash);
    }

    private static int spread(int hash) {
        return (hash ^ (hash >>> 9) ^ (hash >>> 18)) & (SLOTS - 1);
    }
}
