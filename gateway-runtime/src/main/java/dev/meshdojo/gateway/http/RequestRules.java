package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.Tokens;
import dev.meshdojo.gateway.stream.CertificateFields;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.TlsInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the connection manager does to request headers before filters and routing see them.
 *
 * <p>Source: Envoy's ConnectionManagerUtility::mutateRequestHeaders.
 */
final class RequestRules {

    /** What outsiders may not say. */
    private static final String[] INTERNAL = {
        "x-envoy-retriable-status-codes",
        "x-envoy-retriable-header-names",
        "x-envoy-retry-on",
        "x-envoy-retry-grpc-on",
        "x-envoy-max-retries",
        "x-envoy-upstream-alt-stat-name",
        "x-envoy-upstream-rq-timeout-ms",
        "x-envoy-upstream-rq-per-try-timeout-ms",
        "x-envoy-upstream-rq-timeout-alt-response",
        "x-envoy-expected-rq-timeout-ms",
        "x-envoy-force-trace",
        "x-envoy-ip-tags",
        "x-envoy-original-url",
        "x-envoy-hedge-on-per-try-timeout",
    };

    private static final String[] EDGE_ONLY = {
        "x-envoy-decorator-operation",
        "x-envoy-downstream-service-cluster",
        "x-envoy-downstream-service-node",
        "x-envoy-original-path",
    };

    private RequestRules() {}

    /**
     * Changes {@code head} in place.
     *
     * @param upgrade whether the request upgrades the connection
     * @return the trusted client address
     */
    static InetSocketAddress apply(
            HttpConfig config,
            ConnectionInfo connection,
            RequestHead head,
            boolean upgrade,
            RandomGenerator random) {
        HeaderMap headers = head.headers();
        HttpConfig.HostRules host = config.host();
        if (host.stripPort() || host.stripOwnPort() || host.stripDot()) {
            head.authority(host.authority(head.authority(), connection.local().getPort()));
        }
        if (!upgrade) {
            headers.remove("connection");
            headers.remove("upgrade");
        }
        headers.remove("keep-alive");
        headers.remove("proxy-connection");
        headers.remove("transfer-encoding");
        String te = headers.get("te");
        if (te != null) {
            if (Tokens.anyIs(headers.all("te"), "trailers")) {
                headers.set("te", "trailers");
            } else {
                headers.remove("te");
            }
        }
        InetSocketAddress client = forwardedFor(config, connection, headers);
        if (host.scheme().isEmpty()) {
            completeScheme(head, connection.secure());
        } else {
            head.scheme(host.scheme());
            headers.set("x-forwarded-proto", host.scheme());
        }
        boolean edge = config.useRemoteAddress();
        for (int i = 0, n = headers.size(); i < n; i++) {
            if (headers.name(i).startsWith("x-envoy-")) {
                clean(headers, edge);
                break;
            }
        }
        if (edge) {
            headers.set("x-envoy-external-address", ip(client));
        }
        requestId(config, headers, edge, random);
        clientCert(config, connection.tls(), headers);
        if (!config.via().isEmpty()) {
            String via = headers.get("via");
            headers.set("via", via == null ? config.via() : via + ", " + config.via());
        }
        return client;
    }

    /** Gives a request without scheme that of {@code x-forwarded-proto} or of its connection. */
    static void completeScheme(RequestHead head, boolean secure) {
        if (!head.scheme().isEmpty()) {
            return;
        }
        String forwarded = head.headers().get("x-forwarded-proto");
        String name = forwarded == null ? "" : forwarded.toLowerCase(Locale.ROOT);
        boolean known = name.equals("http") || name.equals("https");
        head.scheme(known ? name : secure ? "https" : "http");
    }

    private static void clean(HeaderMap headers, boolean edge) {
        for (String name : INTERNAL) {
            headers.remove(name);
        }
        if (edge) {
            for (String name : EDGE_ONLY) {
                headers.remove(name);
            }
        }
        headers.remove("x-envoy-internal");
    }

    private static InetSocketAddress forwardedFor(
            HttpConfig config, ConnectionInfo connection, HeaderMap headers) {
        List<String> lines = headers.all("x-forwarded-for");
        String given = lines.isEmpty() ? null : String.join(",", lines);
        InetSocketAddress client = null;
        if (config.useRemoteAddress()) {
            if (config.trustedHops() > 0) {
                client = fromEnd(given, config.trustedHops() - 1);
            }
            if (client == null) {
                client = connection.remote();
            }
            if (!config.skipForwardedFor()) {
                InetAddress peer = connection.remote().getAddress();
                String mine =
                        peer != null && peer.isLoopbackAddress()
                                ? ip(connection.local())
                                : ip(connection.remote());
                headers.set("x-forwarded-for", given == null ? mine : given + "," + mine);
            }
            if (config.host().forwardedPort()
                    && (config.trustedHops() == 0 || !headers.contains("x-forwarded-port"))) {
                headers.set("x-forwarded-port", Integer.toString(connection.local().getPort()));
            }
            if (config.trustedHops() == 0 || !headers.contains("x-forwarded-proto")) {
                headers.set("x-forwarded-proto", connection.secure() ? "https" : "http");
            }
            return client;
        }
        client = fromEnd(given, config.trustedHops());
        if (!headers.contains("x-forwarded-proto")) {
            headers.set("x-forwarded-proto", connection.secure() ? "https" : "http");
        }
        return client == null ? connection.remote() : client;
    }

    /** The address that many places from the end of the list; null when there is none. */
    private static @Nullable InetSocketAddress fromEnd(@Nullable String list, int back) {
        if (list == null) {
            return null;
        }
        String[] parts = list.split(",", -1);
        int index = parts.length - 1 - back;
        if (index < 0) {
            return null;
        }
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(parts[index].trim()), 0);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static String ip(InetSocketAddress address) {
        return address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
    }

    private static void requestId(
            HttpConfig config, HeaderMap headers, boolean edge, RandomGenerator random) {
        if (!config.requestId().generate()) {
            return;
        }
        boolean keep =
                headers.contains("x-request-id") && (!edge || config.requestId().keepExternal());
        if (!keep) {
            headers.set("x-request-id", uuid(random));
        }
    }

    static String uuid(RandomGenerator random) {
        long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    private static void clientCert(HttpConfig config, @Nullable TlsInfo tls, HeaderMap headers) {
        HttpConfig.ClientCertRules rules = config.clientCert();
        boolean mutual = tls != null && tls.peerCertificate() != null;
        switch (rules.mode()) {
            case SANITIZE -> headers.remove("x-forwarded-client-cert");
            case ALWAYS_FORWARD_ONLY -> join(headers);
            case FORWARD_ONLY -> {
                if (mutual) {
                    join(headers);
                } else {
                    headers.remove("x-forwarded-client-cert");
                }
            }
            case APPEND_FORWARD, SANITIZE_SET -> {
                if (tls == null || !mutual) {
                    headers.remove("x-forwarded-client-cert");
                    return;
                }
                String value = describe(tls, rules);
                String old = headers.joined("x-forwarded-client-cert");
                boolean append =
                        rules.mode() == HttpConfig.ForwardClientCert.APPEND_FORWARD && old != null;
                headers.set("x-forwarded-client-cert", append ? old + "," + value : value);
            }
        }
    }

    /** Several lines of it become one. */
    private static void join(HeaderMap headers) {
        String all = headers.joined("x-forwarded-client-cert");
        if (all != null) {
            headers.set("x-forwarded-client-cert", all);
        }
    }

    private static String describe(TlsInfo tls, HttpConfig.ClientCertRules rules) {
        var leaf = java.util.Objects.requireNonNull(tls.peerCertificate());
        StringBuilder text = new StringBuilder();
        if (tls.localCertificate() != null) {
            for (String uri : CertificateFields.uriSans(tls.localCertificate())) {
                text.append("By=").append(uri).append(';');
            }
        }
        text.append("Hash=").append(CertificateFields.sha256(leaf));
        if (rules.cert()) {
            text.append(";Cert=\"").append(CertificateFields.urlEncodedPem(leaf)).append('"');
        }
        if (rules.chain()) {
            text.append(";Chain=\"");
            tls.peerChain().forEach(each -> text.append(CertificateFields.urlEncodedPem(each)));
            text.append('"');
        }
        if (rules.subject()) {
            text.append(";Subject=\"")
                    .append(CertificateFields.subject(leaf).replace("\"", "\\\""))
                    .append('"');
        }
        if (rules.uri()) {
            List<String> uris = CertificateFields.uriSans(leaf);
            text.append(";URI=").append(uris.isEmpty() ? "" : uris.getFirst());
            for (int i = 1; i < uris.size(); i++) {
                text.append(";URI=").append(uris.get(i));
            }
        }
        if (rules.dns()) {
            for (String dns : CertificateFields.dnsSans(leaf)) {
                text.append(";DNS=").append(dns);
            }
        }
        return text.toString();
    }
}
