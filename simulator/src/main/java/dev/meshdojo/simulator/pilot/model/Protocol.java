package dev.meshdojo.simulator.pilot.model;

import java.util.Locale;
import java.util.Set;

/** The protocols that Istio knows for Service ports and Gateway servers. */
public enum Protocol {
    GRPC,
    GRPC_WEB,
    HTTP,
    HTTP_PROXY,
    HTTP2,
    HTTPS,
    TCP,
    TLS,
    UDP,
    MONGO,
    REDIS,
    MYSQL,
    UNSUPPORTED;

    private static final Set<Integer> WELL_KNOWN_TCP = Set.of(25, 53, 3306, 27017);

    /** Reads a protocol's name, letter case aside; {@link #UNSUPPORTED} when there is none such. */
    public static Protocol parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
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

    /**
     * What a Kubernetes Service port speaks: by {@code appProtocol}, else by the first part of its
     * name, else by well-known number.
     *
     * @param appProtocol empty when not set
     * @param transport {@code TCP}, {@code UDP} or empty
     */
    public static Protocol ofServicePort(
            int number, String portName, String transport, String appProtocol) {
        if (transport.equals("UDP")) {
            return UDP;
        }
        String name = appProtocol.isEmpty() ? portName : appProtocol;
        switch (appProtocol) {
            case "kubernetes.io/h2c" -> {
                return HTTP2;
            }
            case "kubernetes.io/ws" -> {
                return HTTP;
            }
            case "kubernetes.io/wss" -> {
                return HTTPS;
            }
            default -> {}
        }
        if (name.toLowerCase(Locale.ROOT).startsWith("grpc-web")) {
            return GRPC_WEB;
        }
        int dash = name.indexOf('-');
        Protocol protocol = parse(dash < 0 ? name : name.substring(0, dash));
        return protocol == UNSUPPORTED && WELL_KNOWN_TCP.contains(number) ? TCP : protocol;
    }

    /** Whether it is some kind of plain HTTP. */
    public boolean http() {
        return switch (this) {
            case HTTP, HTTP2, HTTP_PROXY, GRPC, GRPC_WEB -> true;
            default -> false;
        };
    }

    /** Whether it runs over HTTP/2. */
    public boolean http2() {
        return switch (this) {
            case HTTP2, GRPC, GRPC_WEB -> true;
            default -> false;
        };
    }
}
