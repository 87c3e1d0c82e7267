package dev.meshdojo.gateway.telemetry;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.TlsInfo;
import dev.meshdojo.gateway.stream.format.FormatContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stream in Envoy's attributes. What a stream does not have is left out.
 *
 * @param context the stream
 */
record StreamAttributes(FormatContext context) {

    /** Bit of each flag in {@code response.flags}, by its place here. */
    private static final List<String> FLAG_BITS =
            List.of(
                    "LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "DI", "FI", "RL", "UAEX",
                    "RLSE", "DC", "URX", "SI", "IH", "DPE", "UMSDR", "RFCF", "NFCF", "DT", "UPE",
                    "NC", "OM", "DF", "DO", "DR", "UDO");

    /** The attributes of that name; null when there are none such. */
    @Nullable Object of(String name) {
        return switch (name) {
            case "request" -> request();
            case "response" -> response();
            case "connection" -> connection();
            case "upstream" -> upstream();
            case "source" -> address(context.info().downstreamRemoteAddress());
            case "destination" -> address(context.info().downstreamLocalAddress());
            case "metadata" -> Map.of("filter_metadata", context.info().dynamicMetadata().all());
            case "xds" -> xds();
            case "filter_state" -> Map.of();
            default -> null;
        };
    }

    private Map<String, Object> request() {
        Map<String, Object> out = new HashMap<>();
        StreamInfo info = context.info();
        out.put("duration", info.duration());
        out.put("size", info.bytesReceived());
        out.put("time", info.startTime());
        put(out, "protocol", info.protocol());
        RequestHead head = context.request();
        if (head == null) {
            return out;
        }
        String path = head.path();
        int query = path.indexOf('?');
        out.put("path", path);
        out.put("url_path", query < 0 ? path : path.substring(0, query));
        out.put("query", query < 0 ? "" : path.substring(query + 1));
        out.put("host", head.authority());
        out.put("scheme", head.scheme());
        out.put("method", head.method());
        Map<String, String> headers = headers(head.headers());
        headers.put(":path", path);
        headers.put(":method", head.method());
        headers.put(":authority", head.authority());
        headers.put(":scheme", head.scheme());
        out.put("headers", headers);
        put(out, "referer", headers.get("referer"));
        put(out, "useragent", headers.get("user-agent"));
        put(out, "id", headers.get("x-request-id"));
        return out;
    }

    private Map<String, Object> response() {
        Map<String, Object> out = new HashMap<>();
        StreamInfo info = context.info();
        if (info.responseCode() != 0) {
            out.put("code", (long) info.responseCode());
        }
        put(out, "code_details", info.responseCodeDetails());
        long flags = 0;
        for (ResponseFlag flag : info.responseFlags()) {
            flags |= 1L << Math.max(0, FLAG_BITS.indexOf(flag.code()));
        }
        out.put("flags", flags);
        out.put("size", info.bytesSent());
        HeaderMap head = context.response();
        HeaderMap trailers = context.responseTrailers();
        out.put("headers", head == null ? Map.of() : headers(head));
        out.put("trailers", trailers == null ? Map.of() : headers(trailers));
        String grpc = trailers == null ? null : trailers.get("grpc-status");
        if (grpc == null && head != null) {
            grpc = head.get("grpc-status");
        }
        if (grpc != null && grpc.matches("\\d{1,9}")) {
            out.put("grpc_status", Long.parseLong(grpc));
        }
        Duration backend = info.responseDuration();
        Duration sent = info.requestDuration();
        if (backend != null && sent != null) {
            out.put("backend_latency", backend.minus(sent));
        }
        return out;
    }

    private Map<String, Object> connection() {
        Map<String, Object> out = new HashMap<>();
        StreamInfo info = context.info();
        TlsInfo tls = info.tls();
        out.put("mtls", tls != null && tls.peerCertificate() != null);
        out.put("id", info.connectionId());
        put(out, "requested_server_name", info.requestedServerName());
        put(out, "termination_details", info.connectionTerminationDetails());
        if (tls != null) {
            put(out, "tls_version", tls.version());
        }
        return out;
    }

    private Map<String, Object> upstream() {
        Map<String, Object> out = new HashMap<>();
        StreamInfo info = context.info();
        String host = info.upstreamHost();
        if (host != null) {
            out.put("address", host);
            String port = host.substring(host.lastIndexOf(':') + 1);
            if (port.matches("\\d{1,5}")) {
                out.put("port", Long.parseLong(port));
            }
        }
        put(out, "local_address", info.upstreamLocalAddress());
        put(out, "transport_failure_reason", info.upstreamTransportFailureReason());
        out.put("request_attempt_count", (long) info.upstreamAttempts());
        return out;
    }

    private Map<String, Object> xds() {
        Map<String, Object> out = new HashMap<>();
        put(out, "cluster_name", context.info().upstreamCluster());
        put(out, "route_name", context.info().routeName());
        put(out, "virtual_host_name", context.info().virtualHostName());
        return out;
    }

    private static Map<String, Object> address(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return Map.of(
                "address",
                (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort(),
                "port",
                (long) address.getPort());
    }

    private static Map<String, String> headers(HeaderMap map) {
        Map<String, String> out = new HashMap<>();
        map.forEach(
                (name, value) ->
                        out.merge(name.toLowerCase(Locale.ROOT), value, (a, b) -> a + "," + b));
        return out;
    }

    private static void put(Map<String, Object> out, String name, @Nullable Object value) {
        if (value != null) {
            out.put(name, value);
        }
    }
}
