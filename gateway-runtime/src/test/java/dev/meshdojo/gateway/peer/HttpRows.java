package dev.meshdojo.gateway.peer;

import dev.meshdojo.gateway.peer.HttpComparisonTest.Row;
import java.util.ArrayList;
import java.util.List;

/** The requests of the comparison. */
final class HttpRows {

    private static final String HOST = "host: a.example.com\r\n";

    private HttpRows() {}

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        for (String path :
                List.of(
                        "/",
                        "/x?y=1",
                        "/redirect",
                        "/redirect?q=1",
                        "/direct",
                        "/nothing",
                        "/missing",
                        "/empty",
                        "/refused",
                        "/once",
                        "/slow",
                        "/tries",
                        "/try",
                        "/fail/1",
                        "/fail/2",
                        "/fail/3",
                        "/rewritten/a?b=c",
                        "/headers",
                        "/status/204",
                        "/status/304",
                        "/status/404",
                        "/status/500",
                        "/status/503",
                        "/close",
                        "/garbage",
                        "/chunked",
                        "/hop",
                        "/until-close",
                        "/cut")) {
            rows.add(new Row("GET " + path, get(path, "")));
            rows.add(new Row("HEAD " + path, get(path, "").replaceFirst("GET", "HEAD")));
            rows.add(
                    new Row(
                            "POST " + path,
                            "POST "
                                    + path
                                    + " HTTP/1.1\r\n"
                                    + HOST
                                    + "content-length: 5\r\n\r\nhello"));
            rows.add(new Row("close " + path, get(path, "connection: close\r\n")));
            rows.add(
                    new Row(
                            "grpc " + path,
                            "POST "
                                    + path
                                    + " HTTP/1.1\r\n"
                                    + HOST
                                    + "content-type: application/grpc\r\ncontent-length: 0\r\n\r\n"));
        }
        for (String path :
                List.of(
                        "/a/../b",
                        "/a/./b",
                        "/a/%2e%2E/b",
                        "/a//b",
                        "/a//../b",
                        "/a\\b",
                        "/a%5cb",
                        "/a%2fb",
                        "/%41%7e",
                        "/a#b",
                        "/a?b#c",
                        "/a%00",
                        "/a%zz",
                        "/a%",
                        "/..",
                        "/a/b/..",
                        "/a/b/.",
                        "/x/../s/./t/..//y",
                        "/a^b",
                        "/a|b",
                        "/a`b",
                        "/a\"b",
                        "/a<b>",
                        "/a{b}",
                        "/a[b]",
                        "/a'b",
                        "/a;b=c/d",
                        "/a,b",
                        "/a!$&()*+",
                        "/a@b:c",
                        "/a%20b",
                        "/a?%41/../x",
                        "/...",
                        "/.a",
                        "/a.",
                        "/a/.%2e",
                        "/%2e",
                        "/a\tb",
                        "//",
                        "/?",
                        "/a??")) {
            rows.add(new Row("path " + path.replace("\t", "TAB"), get(path, "")));
        }
        for (int status :
                new int[] {
                    201, 202, 203, 205, 206, 207, 208, 218, 226, 300, 303, 305, 306, 307, 308, 399,
                    402, 405, 410, 413, 414, 417, 418, 419, 421, 422, 423, 424, 425, 426, 428, 429,
                    431, 451, 499, 501, 502, 504, 505, 506, 507, 508, 510, 511, 520, 599, 600, 999
                }) {
            rows.add(new Row("status " + status, get("/status/" + status, "")));
        }
        rows.addAll(lines());
        rows.addAll(headers());
        rows.addAll(bodies());
        return rows;
    }

    private static List<Row> lines() {
        List<Row> rows = new ArrayList<>();
        for (String line :
                List.of(
                        "GET / HTTP/1.0",
                        "GET / HTTP/1.2",
                        "GET / HTTP/2.0",
                        "GET / HTTP/0.9",
                        "GET /",
                        "GET  / HTTP/1.1",
                        "GET / HTTP/1.1 ",
                        "GET /a b HTTP/1.1",
                        "get / HTTP/1.1",
                        "FROBNICATE / HTTP/1.1",
                        "PATCH / HTTP/1.1",
                        "PUT / HTTP/1.1",
                        "DELETE / HTTP/1.1",
                        "TRACE / HTTP/1.1",
                        "PROPFIND / HTTP/1.1",
                        "OPTIONS / HTTP/1.1",
                        "OPTIONS * HTTP/1.1",
                        "GET * HTTP/1.1",
                        "CONNECT * HTTP/1.1",
                        "POST * HTTP/1.0",
                        "GET x HTTP/1.1",
                        "GET http://a.example.com/x HTTP/1.1",
                        "GET http://a.example.com HTTP/1.1",
                        "GET http://a.example.com?x HTTP/1.1",
                        "GET http://b.example.com/x HTTP/1.1",
                        "GET https://a.example.com/ HTTP/1.1",
                        "GET ftp://a.example.com/ HTTP/1.1",
                        "GET HTTP://a.example.com/ HTTP/1.1",
                        "GET http:///x HTTP/1.1",
                        "CONNECT a.example.com:80 HTTP/1.1",
                        "GET /\u00e9 HTTP/1.1",
                        "GET / http/1.1",
                        "GET / HTTP/11")) {
            rows.add(new Row("line " + line, line + "\r\n" + HOST + "\r\n"));
        }
        for (String begin :
                List.of(
                        "hello",
                        "h",
                        "X",
                        "123",
                        "{",
                        "GE",
                        "GET / HTT",
                        "\u0016\u0003",
                        "\u0001a",
                        "a\u0001",
                        "\u00e9",
                        " a",
                        "\ta",
                        "@",
                        "~",
                        "\u007f",
                        "PRI * HT")) {
            rows.add(new Row("begin " + begin.replaceAll("\\p{Cntrl}", "^"), begin));
        }
        rows.add(new Row("bare LF", "GET / HTTP/1.1\nhost: a.example.com\n\n"));
        rows.add(new Row("blank line first", "\r\nGET / HTTP/1.1\r\n" + HOST + "\r\n"));
        return rows;
    }

    private static List<Row> headers() {
        List<Row> rows = new ArrayList<>();
        for (String lines :
                List.of(
                        "x-envoy-retry-on: 5xx\r\nx-envoy-max-retries: 3\r\n",
                        "x-envoy-upstream-rq-timeout-ms: 1\r\n",
                        "x-envoy-decorator-operation: mine\r\nx-envoy-original-path: /mine\r\n",
                        "x-envoy-internal: true\r\nx-envoy-external-address: 1.2.3.4\r\n",
                        "x-envoy-expected-rq-timeout-ms: 5\r\nx-envoy-attempt-count: 7\r\n",
                        "x-envoy-fault-delay-request: 1\r\nx-envoy-peer-metadata: x\r\n",
                        "x-forwarded-for: 1.1.1.1\r\n",
                        "x-forwarded-for: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2\r\n",
                        "x-forwarded-proto: https\r\nx-forwarded-host: z\r\n",
                        "x-request-id: mine\r\n",
                        "x-forwarded-client-cert: Hash=1\r\n",
                        "te: gzip, trailers\r\n",
                        "te: gzip\r\n",
                        "connection: x-a\r\nx-a: 1\r\nx-b: 2\r\n",
                        "connection: keep-alive\r\nkeep-alive: timeout=1\r\n",
                        "connection: x-forwarded-for\r\n",
                        "connection: te\r\nte: trailers\r\n",
                        "connection: a,b,c,d,e,f,g,h,i\r\n",
                        "connection: a,b,c,d,e,f,g,h,i,j,k\r\n",
                        "proxy-connection: keep-alive\r\n",
                        "proxy-connection: close\r\n",
                        "upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: x\r\n",
                        "upgrade: foo/2\r\nconnection: upgrade\r\n",
                        "upgrade: websocket\r\nconnection: upgrade\r\n",
                        "upgrade: websocket\r\n",
                        "X-Upper: Case\r\n",
                        "x_under: score\r\n",
                        "x-empty:\r\n",
                        "x-two: 1\r\nx-two: 2\r\n",
                        "x-space :1\r\n",
                        " folded: 1\r\n",
                        "x-fold: 1\r\n 2\r\n",
                        "no-colon\r\n",
                        ": empty-name\r\n",
                        "x-nul: a\u0000b\r\n",
                        "x-ctl: a\u0001b\r\n",
                        "x-del: a\u007fb\r\n",
                        "x-tab: a\tb\r\n",
                        "x-high: \u00e9\r\n",
                        "x-cr: a\rb\r\n",
                        "x(y): 1\r\n",
                        "expect: 200-ok\r\n",
                        "trailer: x\r\nvia: 1.1 me\r\nforwarded: for=1\r\n",
                        "proxy-authorization: x\r\nauthorization: y\r\n",
                        "cookie: a=b\r\ncookie: c=d\r\n",
                        "content-length: 0\r\n",
                        "content-length: abc\r\n",
                        "content-length: -1\r\n",
                        "content-length: +5\r\n",
                        "content-length: 0\r\ncontent-length: 0\r\n",
                        "content-length: 0\r\ncontent-length: 1\r\n",
                        "content-length: 0, 0\r\n",
                        "transfer-encoding: gzip\r\n",
                        "transfer-encoding: gzip, chunked\r\n",
                        "transfer-encoding: identity\r\n",
                        "x-gone: 1\r\n")) {
            rows.add(
                    new Row(
                            "header " + lines.strip().replaceAll("[\\p{Cntrl}]+", " / "),
                            get("/headers", lines)));
        }
        for (String host :
                List.of(
                        "a.example.com:80",
                        "a.example.com:",
                        "a.example.com:http",
                        "A.Example.COM",
                        "a.example.com.",
                        "u@a.example.com",
                        "a example.com",
                        "a/b",
                        "",
                        "[::1]:80",
                        "b.example.com",
                        "a.example.com\u00e9",
                        "a<b")) {
            rows.add(
                    new Row("host '" + host + "'", "GET / HTTP/1.1\r\nhost: " + host + "\r\n\r\n"));
        }
        rows.add(new Row("no host", "GET / HTTP/1.1\r\nx: y\r\n\r\n"));
        rows.add(new Row("two hosts", "GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n"));
        rows.add(new Row("99 headers", get("/", "x: 1\r\n".repeat(99))));
        rows.add(new Row("100 headers", get("/", "x: 1\r\n".repeat(100))));
        rows.add(new Row("59392 bytes", get("/", "x: " + "y".repeat(59_392) + "\r\n")));
        rows.add(new Row("61440 bytes", get("/", "x: " + "y".repeat(61_440) + "\r\n")));
        rows.add(new Row("long target", get("/" + "y".repeat(51_200), "")));
        rows.add(new Row("longer target", get("/" + "y".repeat(62_000), "")));
        return rows;
    }

    private static List<Row> bodies() {
        List<Row> rows = new ArrayList<>();
        String post = "POST /body HTTP/1.1\r\n" + HOST;
        String chunked = post + "transfer-encoding: chunked\r\n\r\n";
        rows.add(new Row("chunked", chunked + "5\r\nhello\r\n0\r\n\r\n"));
        rows.add(new Row("chunk extension", chunked + "5;a=b\r\nhello\r\n0\r\n\r\n"));
        rows.add(new Row("chunk trailer", chunked + "5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n"));
        rows.add(new Row("upper-case size", chunked + "A\r\n0123456789\r\n0\r\n\r\n"));
        rows.add(new Row("leading zeros", chunked + "0005\r\nhello\r\n0\r\n\r\n"));
        rows.add(new Row("empty chunked", chunked + "0\r\n\r\n"));
        rows.add(
                new Row(
                        "length and chunked",
                        post
                                + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n"
                                + "0\r\n\r\n"));
        rows.add(
                new Row(
                        "GET with body",
                        "GET /body HTTP/1.1\r\n" + HOST + "content-length: 2\r\n\r\nhi"));
        rows.add(new Row("POST without body", post + "\r\n"));
        rows.add(
                new Row(
                        "Chunked in capitals",
                        post + "Transfer-Encoding: CHUNKED\r\n\r\n2\r\nok\r\n0\r\n\r\n"));
        rows.add(
                new Row(
                        "websocket taken",
                        get("/switch", "upgrade: websocket\r\nconnection: Upgrade\r\n")));
        rows.add(
                new Row(
                        "TLS on plain text",
                        "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003"));
        return rows;
    }

    private static String get(String path, String lines) {
        return "GET " + path + " HTTP/1.1\r\n" + HOST + lines + "\r\n";
    }
}
