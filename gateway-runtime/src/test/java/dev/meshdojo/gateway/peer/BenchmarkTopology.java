package dev.meshdojo.gateway.peer;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One proxy's place in a benchmark, rendered for each kind of proxy.
 *
 * @param httpPort listens in plain text
 * @param tlsPort listens with TLS
 * @param backendPort plain HTTP/1.1
 * @param directory holds {@code tls.crt}, {@code tls.key} and {@code tls.pem}
 */
record BenchmarkTopology(int httpPort, int tlsPort, int backendPort, Path directory) {

    XdsSnapshot snapshot() {
        HttpConnectionManager manager =
                Peers.manager("unused")
                        .clearAccessLog()
                        .setCodecType(HttpConnectionManager.CodecType.AUTO)
                        .build();
        Listener plain = Peers.listener(httpPort, manager);
        Listener.Builder tls = Peers.listener(tlsPort, manager).toBuilder().setName("0.0.0.0_8443");
        tls.getFilterChainsBuilder(0)
                .setTransportSocket(
                        TransportSocket.newBuilder()
                                .setName("envoy.transport_sockets.tls")
                                .setTypedConfig(Any.pack(tlsContext())));
        RouteConfiguration routes =
                RouteConfiguration.newBuilder()
                        .setName("http.8080")
                        .addVirtualHosts(
                                VirtualHost.newBuilder()
                                        .setName("*:8080")
                                        .addDomains("*")
                                        .addRoutes(
                                                Route.newBuilder()
                                                        .setMatch(
                                                                RouteMatch.newBuilder()
                                                                        .setPrefix("/"))
                                                        .setRoute(
                                                                RouteAction.newBuilder()
                                                                        .setCluster("backend"))))
                        .build();
        return Peers.snapshot(
                List.of(plain, tls.build()),
                routes,
                List.of(
                        Peers.cluster("backend", backendPort)
                                .setPerConnectionBufferLimitBytes(UInt32Value.of(1 << 20))));
    }

    private DownstreamTlsContext tlsContext() {
        return DownstreamTlsContext.newBuilder()
                .setCommonTlsContext(
                        CommonTlsContext.newBuilder()
                                .addAlpnProtocols("h2")
                                .addAlpnProtocols("http/1.1")
                                .addTlsCertificates(
                                        TlsCertificate.newBuilder()
                                                .setCertificateChain(inline("tls.crt"))
                                                .setPrivateKey(inline("tls.key"))))
                .build();
    }

    private DataSource inline(String file) {
        try {
            return DataSource.newBuilder()
                    .setInlineBytes(
                            ByteString.copyFrom(Files.readAllBytes(directory.resolve(file))))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String nginx() {
        return """
               daemon off; worker_processes 1; pid nginx-%1$d.pid; error_log stderr crit;
               events { worker_connections 4096; }
               http {
                 access_log off; keepalive_requests 1000000000; tcp_nodelay on;
                 client_body_temp_path /tmp; proxy_temp_path /tmp; fastcgi_temp_path /tmp;
                 uwsgi_temp_path /tmp; scgi_temp_path /tmp;
                 upstream backend { server 127.0.0.1:%3$d; keepalive 256; keepalive_requests 1000000000; }
                 server {
                   listen 127.0.0.1:%1$d;
                   listen 127.0.0.1:%2$d ssl http2;
                   ssl_certificate %4$s/tls.crt; ssl_certificate_key %4$s/tls.key;
                   ssl_session_tickets off; ssl_protocols TLSv1.3;
                   location / {
                     proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection "";
                     proxy_buffers 16 32k;
                   }
                 }
               }
               """
                .formatted(httpPort, tlsPort, backendPort, directory);
    }

    String haproxy() {
        return """
               global
                 nbthread 1
                 maxconn 4096
               defaults
                 mode http
                 timeout connect 5s
                 timeout client 60s
                 timeout server 60s
                 http-reuse always
               frontend plain
                 bind 127.0.0.1:%d
                 default_backend backend
               frontend tls
                 bind 127.0.0.1:%d ssl crt %s/tls.pem alpn h2,http/1.1 ssl-min-ver TLSv1.3
                 default_backend backend
               backend backend
                 server one 127.0.0.1:%d
               """
                .formatted(httpPort, tlsPort, directory, backendPort);
    }

    /** The backend: 1 KB at any path, 100 KB at {@code /big}. */
    static String backend(int port, Path directory) {
        return """
               daemon off; user root; worker_processes 1; pid backend.pid; error_log stderr crit;
               events { worker_connections 4096; }
               http {
                 access_log off; keepalive_requests 1000000000; sendfile on; tcp_nodelay on;
                 client_body_temp_path /tmp; proxy_temp_path /tmp; fastcgi_temp_path /tmp;
                 uwsgi_temp_path /tmp; scgi_temp_path /tmp;
                 server {
                   listen 127.0.0.1:%d backlog=4096;
                   location / { return 200 "%s"; }
                   location /big { root %s; }
                 }
               }
               """
                .formatted(port, "x".repeat(1024), directory);
    }
}
