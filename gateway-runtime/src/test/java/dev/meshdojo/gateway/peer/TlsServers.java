package dev.meshdojo.gateway.peer;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** TLS listeners of every kind, as snapshots for both data planes. */
final class TlsServers {

    private static final String FORMAT =
            "%RESPONSE_CODE% %RESPONSE_FLAGS% sni=%REQUESTED_SERVER_NAME%"
                    + " %DOWNSTREAM_TLS_VERSION% %DOWNSTREAM_TLS_CIPHER%"
                    + " session=%DOWNSTREAM_TLS_SESSION_ID%"
                    + " uri=%DOWNSTREAM_PEER_URI_SAN% dns=%DOWNSTREAM_PEER_DNS_SAN%"
                    + " ip=%DOWNSTREAM_PEER_IP_SAN% mail=%DOWNSTREAM_PEER_EMAIL_SAN%"
                    + " subject=%DOWNSTREAM_PEER_SUBJECT% issuer=%DOWNSTREAM_PEER_ISSUER%"
                    + " serial=%DOWNSTREAM_PEER_SERIAL% print=%DOWNSTREAM_PEER_FINGERPRINT_256%"
                    + " old=%DOWNSTREAM_PEER_FINGERPRINT_1% cert=%DOWNSTREAM_PEER_CERT%"
                    + " from=%DOWNSTREAM_PEER_CERT_V_START% to=%DOWNSTREAM_PEER_CERT_V_END%"
                    + " lsubject=%DOWNSTREAM_LOCAL_SUBJECT% luri=%DOWNSTREAM_LOCAL_URI_SAN%"
                    + " ldns=%DOWNSTREAM_LOCAL_DNS_SAN%"
                    + " why=%DOWNSTREAM_TRANSPORT_FAILURE_REASON%\n";

    /**
     * One filter chain.
     *
     * @param names the server names it matches; empty for any
     * @param tls the transport socket as JSON; empty for plain text
     */
    record Chain(List<String> names, String tls) {
        Chain {
            names = List.copyOf(names);
        }
    }

    /**
     * One listener.
     *
     * @param manager merged into its connection manager, as JSON
     */
    record Server(String name, List<Chain> chains, String manager) {
        Server {
            chains = List.copyOf(chains);
        }

        /** Whether it gives clients little time to say what they want. */
        boolean quick() {
            return name.startsWith("quick");
        }
    }

    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final List<Secret> secrets = new ArrayList<>();

    List<String> names() {
        return List.copyOf(servers.keySet());
    }

    void add(String name, String tls) {
        add(name, tls, "{}");
    }

    void add(String name, String tls, String manager) {
        add(new Server(name, List.of(new Chain(List.of(), tls)), manager));
    }

    void add(Server server) {
        servers.put(server.name(), server);
    }

    void certificate(String name, Pki.Identity identity) {
        secrets.add(
                Secret.newBuilder()
                        .setName(name)
                        .setTlsCertificate(
                                TlsCertificate.newBuilder()
                                        .setCertificateChain(Pki.source(Pki.pem(identity)))
                                        .setPrivateKey(Pki.source(Pki.pem(identity.key()))))
                        .build());
    }

    void authority(String name, String certificates, String lists) {
        CertificateValidationContext.Builder context =
                CertificateValidationContext.newBuilder().setTrustedCa(Pki.source(certificates));
        if (!lists.isEmpty()) {
            context.setCrl(Pki.source(lists));
        }
        secrets.add(Secret.newBuilder().setName(name).setValidationContext(context).build());
    }

    /** A context that serves the secrets of those names, with {@code more} of the common part. */
    static String serve(String certificates, String more) {
        StringBuilder names = new StringBuilder();
        for (String name : certificates.split(",")) {
            names.append("{name: '").append(name).append("'},");
        }
        return "{commonTlsContext: {tlsCertificateSdsSecretConfigs: ["
                + names.substring(0, names.length() - 1)
                + "], alpnProtocols: ['h2', 'http/1.1']"
                + more
                + "}";
    }

    static String serve(String certificates) {
        return serve(certificates, "}");
    }

    /** A context that asks for client certificates of the authority {@code ca}. */
    static String mutual(String ca, String rules, boolean required) {
        return serve(
                        "rsa",
                        ", combinedValidationContext: {defaultValidationContext: {"
                                + rules
                                + "}, validationContextSdsSecretConfig: {name: '"
                                + ca
                                + "'}}")
                .replaceAll("}$", "}, requireClientCertificate: " + required + "}");
    }

    XdsSnapshot snapshot(int[] ports, String log, int backend) {
        List<Listener> listeners = new ArrayList<>();
        int at = 0;
        for (Server server : servers.values()) {
            listeners.add(listener(server, ports[at], log + at));
            at++;
        }
        Cluster cluster = Peers.cluster("one", backend).build();
        return new XdsSnapshot(
                "1", listeners, List.of(routes()), List.of(cluster), List.of(), secrets);
    }

    private static RouteConfiguration routes() {
        return RouteConfiguration.newBuilder()
                .setName("http.8080")
                .addVirtualHosts(
                        VirtualHost.newBuilder()
                                .setName("all")
                                .addDomains("*")
                                .addRoutes(
                                        Route.newBuilder()
                                                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                                                .setRoute(
                                                        RouteAction.newBuilder()
                                                                .setCluster("one"))))
                .build();
    }

    private static Listener listener(Server server, int port, String log) {
        HttpConnectionManager.Builder manager =
                Peers.manager(log).clearAccessLog().addAccessLog(log("H ", log));
        HttpConnectionManager.Builder own = HttpConnectionManager.newBuilder();
        merge(server.manager(), own);
        manager.mergeFrom(own.build());
        Duration patience =
                server.quick() ? millis(700) : Duration.newBuilder().setSeconds(30).build();
        Listener.Builder listener =
                Listener.newBuilder()
                        .setName(server.name())
                        .setAddress(Peers.address(port))
                        .setListenerFiltersTimeout(patience)
                        .addAccessLog(log("L ", log))
                        .addListenerFilters(
                                ListenerFilter.newBuilder()
                                        .setName("envoy.filters.listener.tls_inspector")
                                        .setTypedConfig(
                                                Any.pack(TlsInspector.getDefaultInstance())));
        for (Chain chain : server.chains()) {
            FilterChain.Builder built =
                    FilterChain.newBuilder()
                            .setTransportSocketConnectTimeout(patience)
                            .setFilterChainMatch(
                                    FilterChainMatch.newBuilder().addAllServerNames(chain.names()))
                            .addFilters(
                                    Filter.newBuilder()
                                            .setName(
                                                    "envoy.filters.network.http_connection_manager")
                                            .setTypedConfig(Any.pack(manager.build())));
            if (!chain.tls().isEmpty()) {
                DownstreamTlsContext.Builder tls = DownstreamTlsContext.newBuilder();
                merge(chain.tls(), tls);
                built.setTransportSocket(
                        TransportSocket.newBuilder()
                                .setName("envoy.transport_sockets.tls")
                                .setTypedConfig(Any.pack(tls.build())));
            }
            listener.addFilterChains(built);
        }
        return listener.build();
    }

    private static void merge(String json, com.google.protobuf.Message.Builder builder) {
        try {
            JsonFormat.parser().merge(json, builder);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static AccessLog log(String mark, String path) {
        FileAccessLog.Builder file = FileAccessLog.newBuilder().setPath(path);
        file.getLogFormatBuilder().getTextFormatSourceBuilder().setInlineString(mark + FORMAT);
        return AccessLog.newBuilder()
                .setName("envoy.access_loggers.file")
                .setTypedConfig(Any.pack(file.build()))
                .build();
    }

    private static Duration millis(int millis) {
        return Duration.newBuilder().setNanos(millis * 1_000_000).build();
    }
}
