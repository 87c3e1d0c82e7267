package dev.meshdojo.gateway.peer;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** TCP listeners and what clients do on them. */
final class TcpRows {

    /** A V2 header: PROXY, TCP over IPv4, 10.1.1.1:1000 to 10.2.2.2:2000. */
    private static final String V2 = "\r\n\r\n\0\r\nQUIT\n\41\21\0\14\n\1\1\1\n\2\2\2\3\350\7\320";

    private TcpRows() {}

    /**
     * A listener and what a client does on it.
     *
     * @param cluster where it leads
     * @param send what the client writes
     * @param end whether the client then ends its side
     * @param held connections that are opened before, and stay open
     */
    record Row(
            String name,
            String cluster,
            TcpProxy.Builder proxy,
            List<Filter> before,
            List<ListenerFilter> filters,
            String send,
            boolean end,
            int held) {

        static Row of(String name, String cluster, String send, boolean end) {
            return new Row(
                    name, cluster, TcpProxy.newBuilder(), List.of(), List.of(), send, end, 0);
        }

        Row with(ListenerFilter filter) {
            return new Row(name, cluster, proxy, before, List.of(filter), send, end, held);
        }

        Row with(Filter filter) {
            return new Row(name, cluster, proxy, List.of(filter), filters, send, end, held);
        }

        Row with(TcpProxy.Builder own) {
            return new Row(name, cluster, own, before, filters, send, end, held);
        }

        Row behind(int others) {
            return new Row(name, cluster, proxy, before, filters, send, end, others);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> all() {
        List<Row> rows =
                new ArrayList<>(
                        List.of(
                                Row.of("half close", "echo", "hello", true),
                                Row.of("upstream speaks and ends", "greeter", "", false),
                                Row.of("upstream ends at once", "greeter", "unread", false),
                                Row.of("connection refused", "refused", "hello", false),
                                Row.of("connection refused thrice", "refused", "hello", false)
                                        .with(
                                                TcpProxy.newBuilder()
                                                        .setMaxConnectAttempts(
                                                                com.google.protobuf.UInt32Value.of(
                                                                        3))),
                                Row.of("no endpoints", "empty", "hello", false),
                                Row.of("no such cluster", "absent", "hello", false),
                                Row.of("TLS to plain text", "tls-to-greeter", "hello", false),
                                Row.of("idle", "echo", "hello", false)
                                        .with(TcpProxy.newBuilder().setIdleTimeout(millis(200))),
                                Row.of("denied", "echo", "hello", true)
                                        .with(
                                                rbac(
                                                        "{statPrefix: 'r', rules: {action: 'DENY', policies:"
                                                                + " {p: {permissions: [{any: true}],"
                                                                + " principals: [{any: true}]}}}}")),
                                Row.of("allowed", "echo", "hello", true)
                                        .with(
                                                rbac(
                                                        "{statPrefix: 'r', rules: {action: 'ALLOW', policies:"
                                                                + " {p: {permissions: [{any: true}],"
                                                                + " principals: [{any: true}]}}}}")),
                                Row.of(
                                                "PROXY v1",
                                                "echo",
                                                "PROXY TCP4 10.1.1.1 10.2.2.2 1 2\r\nhello",
                                                false)
                                        .with(proxyProtocol()),
                                Row.of("PROXY v1 unknown", "echo", "PROXY UNKNOWN\r\nhello", false)
                                        .with(proxyProtocol()),
                                Row.of(
                                                "PROXY v1 broken",
                                                "echo",
                                                "PROXY TCP4 x y 1 2\r\nhello",
                                                false)
                                        .with(proxyProtocol()),
                                Row.of(
                                                "PROXY v1 bad port",
                                                "echo",
                                                "PROXY TCP4 1.1.1.1 2.2.2.2 1 99999\r\nx",
                                                false)
                                        .with(proxyProtocol()),
                                Row.of("PROXY v2", "echo", V2 + "hello", false)
                                        .with(proxyProtocol()),
                                Row.of(
                                                "PROXY header missing",
                                                "echo",
                                                "hello, no header here",
                                                false)
                                        .with(proxyProtocol()),
                                Row.of("silent client of an inspector", "echo", "", false)
                                        .with(inspector()),
                                Row.of(
                                                "half a ClientHello",
                                                "echo",
                                                "\26\3\1\2\0\1\0\1\374\3\3",
                                                false)
                                        .with(inspector()),
                                Row.of("plain text past an inspector", "echo", "hello", false)
                                        .with(inspector())));
        limits(rows);
        proxyHeaders(rows);
        return rows;
    }

    private static void limits(List<Row> rows) {
        for (int held : new int[] {0, 1, 2}) {
            rows.add(
                    Row.of("two at a time, behind " + held, "echo", "hello", true)
                            .with(
                                    network(
                                            "connection_limit",
                                            json(
                                                            ConnectionLimit.newBuilder(),
                                                            "{statPrefix: 'l', maxConnections: 2}")
                                                    .build()))
                            .behind(held));
            rows.add(
                    Row.of("three in a time, behind " + held, "echo", "hello", true)
                            .with(
                                    network(
                                            "local_ratelimit",
                                            json(
                                                            LocalRateLimit.newBuilder(),
                                                            "{statPrefix: 'l', tokenBucket: {maxTokens: 3, tokensPerFill: 1, fillInterval: '1000s'}}")
                                                    .build()))
                            .behind(held));
        }
        rows.add(
                Row.of("one at a time, slowly refused", "echo", "hello", true)
                        .with(
                                network(
                                        "connection_limit",
                                        json(
                                                        ConnectionLimit.newBuilder(),
                                                        "{statPrefix: 'l', maxConnections: 1, delay: '0.2s'}")
                                                .build()))
                        .behind(1));
        rows.add(
                Row.of("limit switched off", "echo", "hello", true)
                        .with(
                                network(
                                        "connection_limit",
                                        json(
                                                        ConnectionLimit.newBuilder(),
                                                        "{statPrefix: 'l', maxConnections: 1, runtimeEnabled: {defaultValue: false, runtimeKey: 'x'}}")
                                                .build()))
                        .behind(1));
        rows.add(
                Row.of("lasts too long", "echo", "hello", false)
                        .with(
                                TcpProxy.newBuilder()
                                        .setMaxDownstreamConnectionDuration(millis(200))));
    }

    private static void proxyHeaders(List<Row> rows) {
        for (String line :
                List.of(
                        "PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n",
                        "PROXY TCP6 1.1.1.1 2.2.2.2 1 2\r\n",
                        "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
                        "PROXY UNKNOWN whatever it says\r\n",
                        "PROXY UNKNOWNX\r\n",
                        "PROXY UDP4 1.1.1.1 2.2.2.2 1 2\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n",
                        "PROXY  TCP4 1.1.1.1 2.2.2.2 1 2\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 \r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 01 002\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 0 0\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 -1 2\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 +1 2\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 1 65535\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n",
                        "PROXY TCP4 1.1.1.256 2.2.2.2 1 2\r\n",
                        "PROXY TCP4 1.1.1 2.2.2.2 1 2\r\n",
                        "PROXY\r\n",
                        "PROXY \r\n",
                        "proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n",
                        "PROXY TCP4 1.1.1.1 2.2.2.2 1 " + "2".repeat(120) + "\r\n",
                        "PROXY TCP4 1.1.1.1 2.2",
                        "PROX",
                        "P")) {
            rows.add(
                    Row.of(
                                    "PROXY line " + line.strip(),
                                    "echo",
                                    line + (line.endsWith("\n") ? "hello" : ""),
                                    false)
                            .with(proxyProtocol()));
        }
        String start = "0d0a0d0a000d0a515549540a";
        String addresses = "0a0101010a02020203e807d0";
        for (String header :
                List.of(
                        "2000" + "0000",
                        "2011" + "000c" + addresses,
                        "2111" + "000b" + addresses.substring(2),
                        "2112" + "000c" + addresses,
                        "2121" + "0024" + "20010db8000000000000000000000001".repeat(2) + "03e807d0",
                        "2131" + "00d8" + "61".repeat(216),
                        "2100" + "0000",
                        "2141" + "000c" + addresses,
                        "1111" + "000c" + addresses,
                        "3111" + "000c" + addresses,
                        "2211" + "000c" + addresses,
                        "2111" + "ffff" + addresses,
                        "2111" + "0013" + addresses + "02" + "0004" + "61626364",
                        "2111"
                                + "001a"
                                + addresses
                                + "02"
                                + "0004"
                                + "61626364"
                                + "ea"
                                + "0004"
                                + "31323334",
                        "2111" + "0013" + addresses + "ea" + "0004" + "ff80fe00",
                        "2111" + "000f" + addresses + "ea" + "0000",
                        "2111" + "0010" + addresses + "ea" + "0004" + "61",
                        "2111" + "000e" + addresses + "ea00",
                        "2111" + "000c" + addresses.substring(0, 10))) {
            String bytes =
                    new String(
                            HexFormat.of().parseHex(start + header), StandardCharsets.ISO_8859_1);
            for (String rules :
                    List.of(
                            "{}",
                            "{rules: [{tlvType: 2, onTlvPresent: {key: 'authority'}}, {tlvType: 234, onTlvPresent: {key: 'own', metadataNamespace: 'own'}}]}")) {
                rows.add(
                        Row.of(
                                        "PROXY bytes " + header + " " + rules.length(),
                                        "echo",
                                        bytes + "hello",
                                        false)
                                .with(proxyProtocol(rules)));
            }
        }
        rows.add(
                Row.of("PROXY not needed", "echo", "hello, none here", false)
                        .with(proxyProtocol("{allowRequestsWithoutProxyProtocol: true}")));
        rows.add(
                Row.of(
                                "PROXY not needed, but there",
                                "echo",
                                "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\nhello",
                                false)
                        .with(proxyProtocol("{allowRequestsWithoutProxyProtocol: true}")));
        rows.add(
                Row.of("PROXY not needed, few bytes", "echo", "PRO", false)
                        .with(proxyProtocol("{allowRequestsWithoutProxyProtocol: true}")));
        rows.add(
                Row.of(
                                "PROXY v1 unwelcome",
                                "echo",
                                "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\nhello",
                                false)
                        .with(proxyProtocol("{disallowedVersions: ['V1']}")));
        rows.add(
                Row.of("PROXY v2 unwelcome", "echo", V2 + "hello", false)
                        .with(proxyProtocol("{disallowedVersions: ['V2']}")));
    }

    private static Filter network(String name, Message config) {
        return Filter.newBuilder()
                .setName("envoy.filters.network." + name)
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static <B extends Message.Builder> B json(B builder, String text) {
        try {
            JsonFormat.parser().merge(text, builder);
            return builder;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Filter rbac(String text) {
        return network("rbac", json(RBAC.newBuilder(), text).build());
    }

    private static ListenerFilter proxyProtocol() {
        return proxyProtocol("{}");
    }

    private static ListenerFilter proxyProtocol(String text) {
        return ListenerFilter.newBuilder()
                .setName("envoy.filters.listener.proxy_protocol")
                .setTypedConfig(Any.pack(json(ProxyProtocol.newBuilder(), text).build()))
                .build();
    }

    private static ListenerFilter inspector() {
        return ListenerFilter.newBuilder()
                .setName("envoy.filters.listener.tls_inspector")
                .setTypedConfig(Any.pack(TlsInspector.getDefaultInstance()))
                .build();
    }

    private static Duration millis(int millis) {
        return Duration.newBuilder().setNanos(millis * 1_000_000).build();
    }
}
