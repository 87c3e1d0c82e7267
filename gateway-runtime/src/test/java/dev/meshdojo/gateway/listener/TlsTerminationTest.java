package dev.meshdojo.gateway.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A TLS listener picks its chain by SNI and fails as Envoy does")
class TlsTerminationTest {

    private final GatewayRuntime runtime = GatewayRuntime.start(GatewayOptions.defaults());
    private int port;

    @BeforeEach
    void start() throws Exception {
        var acknowledgement = runtime.apply(snapshot("1", "first"));
        assertThat(acknowledgement.rejections()).isEmpty();
        port = runtime.listening().values().iterator().next().getFirst().getPort();
    }

    @AfterEach
    void stop() {
        runtime.close();
    }

    @Test
    void whenSniMatchesAChain_thenItsCertificateIsServedAndHttpAnswered() throws Exception {
        try (SSLSocket socket = connect("a.example.com", "http/1.1")) {
            assertThat(get(socket)).startsWith("HTTP/1.1 200 OK");
            assertThat(subject(socket)).isEqualTo("CN=first");
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void whenTheSecretRotates_thenNewHandshakesGetItAndOpenConnectionsGoOn() throws Exception {
        try (SSLSocket before = connect("a.example.com", "http/1.1")) {
            assertThat(get(before)).startsWith("HTTP/1.1 200");
            runtime.apply(snapshot("2", "second"));
            try (SSLSocket after = connect("a.example.com", "http/1.1")) {
                assertThat(get(after)).startsWith("HTTP/1.1 200");
                assertThat(subject(after)).isEqualTo("CN=second");
            }
            assertThat(get(before)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whenNoChainCoversTheSni_thenTheConnectionClosesWithoutAnAlert() {
        assertThatThrownBy(() -> connect("unknown.example.com", "http/1.1").close())
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("alert");
    }

    @Test
    void whenTheSecretIsMissing_thenTheConnectionClosesWithoutAnAlert() {
        assertThatThrownBy(() -> connect("missing.example.com", "http/1.1").close())
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("alert");
    }

    @Test
    void whenAClientCertificateIsRequiredAndNoneSent_thenCertificateRequired() {
        assertThatThrownBy(
                        () -> {
                            try (SSLSocket socket = connect("mutual.example.com", "http/1.1")) {
                                get(socket);
                            }
                        })
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("certificate_required");
    }

    private SSLSocket connect(String sni, String alpn) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(sni)));
        parameters.setApplicationProtocols(new String[] {alpn});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(5000);
        socket.startHandshake();
        return socket;
    }

    private static String get(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write(
                        "GET / HTTP/1.1\r\nhost: a.example.com\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException("closed after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String subject(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private static XdsSnapshot snapshot(String version, String certificate) throws Exception {
        return new XdsSnapshot(
                version,
                List.of(
                        Listener.newBuilder()
                                .setName("tls")
                                .setAddress(
                                        Address.newBuilder()
                                                .setSocketAddress(
                                                        SocketAddress.newBuilder()
                                                                .setAddress("127.0.0.1")
                                                                .setPortValue(0)))
                                .addListenerFilters(
                                        ListenerFilter.newBuilder()
                                                .setName("envoy.filters.listener.tls_inspector"))
                                .addFilterChains(chain("a.example.com", "server", false))
                                .addFilterChains(chain("missing.example.com", "absent", false))
                                .addFilterChains(chain("mutual.example.com", "server", true))
                                .build()),
                List.of(
                        RouteConfiguration.newBuilder()
                                .setName("routes")
                                .addVirtualHosts(
                                        VirtualHost.newBuilder()
                                                .setName("all")
                                                .addDomains("*")
                                                .addRoutes(
                                                        Route.newBuilder()
                                                                .setMatch(
                                                                        RouteMatch.newBuilder()
                                                                                .setPrefix("/"))
                                                                .setDirectResponse(
                                                                        DirectResponseAction
                                                                                .newBuilder()
                                                                                .setStatus(200))))
                                .build()),
                List.of(),
                List.of(),
                List.of(server(certificate), authority()));
    }

    private static FilterChain chain(String name, String secret, boolean mutual) {
        CommonTlsContext.Builder common =
                CommonTlsContext.newBuilder()
                        .addAlpnProtocols("h2")
                        .addAlpnProtocols("http/1.1")
                        .addTlsCertificateSdsSecretConfigs(
                                SdsSecretConfig.newBuilder().setName(secret));
        if (mutual) {
            common.setValidationContextSdsSecretConfig(SdsSecretConfig.newBuilder().setName("ca"));
        }
        return FilterChain.newBuilder()
                .setFilterChainMatch(FilterChainMatch.newBuilder().addServerNames(name))
                .setTransportSocket(
                        TransportSocket.newBuilder()
                                .setName("envoy.transport_sockets.tls")
                                .setTypedConfig(
                                        Any.pack(
                                                DownstreamTlsContext.newBuilder()
                                                        .setCommonTlsContext(common)
                                                        .setRequireClientCertificate(
                                                                BoolValue.of(mutual))
                                                        .build())))
                .addFilters(
                        Filter.newBuilder()
                                .setName("envoy.filters.network.http_connection_manager")
                                .setTypedConfig(Any.pack(manager())))
                .build();
    }

    private static HttpConnectionManager manager() {
        HttpConnectionManager.Builder manager =
                HttpConnectionManager.newBuilder()
                        .setStatPrefix("tls")
                        .addHttpFilters(
                                HttpFilter.newBuilder()
                                        .setName("envoy.filters.http.router")
                                        .setTypedConfig(Any.pack(Router.getDefaultInstance())));
        manager.getRdsBuilder().setRouteConfigName("routes");
        return manager.build();
    }

    private static Secret server(String name) throws Exception {
        KeyPair pair = keyPair();
        return Secret.newBuilder()
                .setName("server")
                .setTlsCertificate(
                        TlsCertificate.newBuilder()
                                .setCertificateChain(
                                        pem("CERTIFICATE", certificate(name, pair).getEncoded()))
                                .setPrivateKey(pem("PRIVATE KEY", pair.getPrivate().getEncoded())))
                .build();
    }

    private static Secret authority() throws Exception {
        return Secret.newBuilder()
                .setName("ca")
                .setValidationContext(
                        CertificateValidationContext.newBuilder()
                                .setTrustedCa(
                                        pem(
                                                "CERTIFICATE",
                                                certificate("ca", keyPair()).getEncoded())))
                .build();
    }

    private static KeyPair keyPair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(String name, KeyPair pair) throws Exception {
        X500Name subject = new X500Name("CN=" + name);
        Instant now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(
                        new JcaX509v3CertificateBuilder(
                                        subject,
                                        BigInteger.ONE,
                                        Date.from(now.minusSeconds(3600)),
                                        Date.from(now.plusSeconds(3600)),
                                        subject,
                                        pair.getPublic())
                                .build(
                                        new JcaContentSignerBuilder("SHA256withECDSA")
                                                .build(pair.getPrivate())));
    }

    private static DataSource pem(String label, byte[] der) {
        String text =
                "-----BEGIN "
                        + label
                        + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END "
                        + label
                        + "-----\n";
        return DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8(text)).build();
    }
}
