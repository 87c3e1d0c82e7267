package dev.meshdojo.simulator.admission;

import java.util.Locale;

/** Port protocols, as Istio parses them: letter case does not matter. */
enum Protocol {
    TCP,
    UDP,
    GRPC,
    GRPC_WEB,
    HTTP,
    HTTP_PROXY,
    HTTP2,
    HTTPS,
    TLS,
    MONGO,
    REDIS,
    MYSQL,
    UNSUPPORTED;

    static Protocol parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "tcp" -> TCP;
            case "udp" -> UDP;
            case "grpc" -> GRPC;
            case "grpc-web" -> GRPC_WEB;
            case "http" -> HTTP;
            case "http_proxy" -> HTTP_PROXY;
            case "http2" -> HTTP2;
            case "https" -> HTTPS;
            case "tls" -> TLS;
            case "mongo" -> MONGO;
            case "redis" -> REDIS;
            case "mysql" -> MYSQL;
            default -> UNSUPPORTED;
        };
    }

    boolean isHttp() {
        return switch (this) {
            case HTTP, HTTP2, HTTP_PROXY, GRPC, GRPC_WEB -> true;
            default -> false;
        };
    }

    boolean isTcp() {
        return switch (this) {
            case TCP, HTTPS, TLS, MONGO, REDIS, MYSQL -> true;
            default -> false;
        };
    }

    boolean isTls() {
        return this == HTTPS || this == TLS;
    }
}
