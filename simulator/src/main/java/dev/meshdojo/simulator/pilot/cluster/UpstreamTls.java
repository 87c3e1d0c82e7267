package dev.meshdojo.simulator.pilot.cluster;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import dev.meshdojo.simulator.pilot.model.ConfigMetadata;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.Service;
import dev.meshdojo.simulator.pilot.route.StringMatches;
import dev.meshdojo.simulator.pilot.security.TlsContexts;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.List;

/**
 * How a cluster's connections are secured: as its DestinationRule says, else with mesh TLS towards
 * endpoints that take it.
 *
 * @param cluster the cluster being built
 * @param options its HTTP options
 * @param service the Service it is for
 * @param mesh mesh configuration
 */
record UpstreamTls(Cluster.Builder cluster, HttpOptions options, Service service, MeshConfig mesh) {

    static final TransportSocket RAW =
            TransportSocket.newBuilder()
                    .setName("envoy.transport_sockets.raw_buffer")
                    .setTypedConfig(Any.pack(RawBuffer.getDefaultInstance()))
                    .build();

    /**
     * Sets the transport socket.
     *
     * @param tls the policy's block; absent for automatic mesh TLS
     * @param meshTls whether mesh TLS may be used without being asked for
     * @param sni server name for mesh TLS
     * @param identities identities that endpoints may have
     */
    void apply(JsonView tls, boolean meshTls, String sni, List<String> identities) {
        if (!tls.present()) {
            if (meshTls && cluster.getType() != DiscoveryType.ORIGINAL_DST) {
                automatic(sni, identities);
            }
            return;
        }
        switch (tls.text("mode")) {
            case "SIMPLE" -> originate(tls, identities, false);
            case "MUTUAL" -> originate(tls, identities, true);
            case "ISTIO_MUTUAL" -> {
                List<String> names = tls.texts("subjectAltNames");
                String name = tls.text("sni");
                cluster.setTransportSocket(
                        mesh(name.isEmpty() ? sni : name, names.isEmpty() ? identities : names));
            }
            default -> {}
        }
    }

    private void automatic(String sni, List<String> identities) {
        cluster.addTransportSocketMatchesBuilder()
                .setName("tlsMode-istio")
                .setMatch(Struct.newBuilder().putFields("tlsMode", ConfigMetadata.text("istio")))
                .setTransportSocket(mesh(sni, identities));
        cluster.addTransportSocketMatchesBuilder()
                .setName("tlsMode-disabled")
                .setMatch(Struct.getDefaultInstance())
                .setTransportSocket(RAW);
    }

    @SuppressWarnings("deprecation") // what Istio writes
    private TransportSocket mesh(String sni, List<String> identities) {
        CommonTlsContext.Builder common =
                common().addTlsCertificateSdsSecretConfigs(
                                TlsContexts.agent(TlsContexts.WORKLOAD_CERTIFICATE));
        common.getCombinedValidationContextBuilder()
                .setDefaultValidationContext(
                        CertificateValidationContext.newBuilder()
                                .addAllMatchSubjectAltNames(StringMatches.exact(identities)))
                .setValidationContextSdsSecretConfig(TlsContexts.agent(TlsContexts.WORKLOAD_ROOT));
        common.addAllAlpnProtocols(
                options.http2()
                        ? List.of("istio-peer-exchange", "istio", "h2")
                        : List.of("istio-peer-exchange", "istio"));
        return socket(
                UpstreamTlsContext.newBuilder()
                        .setCommonTlsContext(common)
                        .setSni(sni.isEmpty() ? cluster.getName() : sni)
                        .build());
    }

    @SuppressWarnings("deprecation") // what Istio writes
    private void originate(JsonView tls, List<String> identities, boolean mutual) {
        boolean skip = tls.flag("insecureSkipVerify");
        List<String> names = tls.texts("subjectAltNames");
        boolean ownSni = !tls.text("sni").isEmpty();
        options.automaticTls(!ownSni, !ownSni && names.isEmpty() && !skip);
        if (names.isEmpty() && service.registry() == Service.Registry.EXTERNAL) {
            names = identities;
        }
        CommonTlsContext.Builder common = common();
        CertificateValidationContext.Builder validation =
                CertificateValidationContext.newBuilder()
                        .addAllMatchSubjectAltNames(StringMatches.exact(names));
        if (!tls.text("caCrl").isEmpty()) {
            validation.getCrlBuilder().setFilename(tls.text("caCrl"));
        }
        String credential = tls.text("credentialName");
        if (!credential.isEmpty()) {
            if (mutual) {
                common.addTlsCertificateSdsSecretConfigs(TlsContexts.served(credential));
            }
            if (!skip) {
                common.getCombinedValidationContextBuilder()
                        .setDefaultValidationContext(validation)
                        .setValidationContextSdsSecretConfig(
                                TlsContexts.served(credential + TlsContexts.CA_SUFFIX));
            }
        } else {
            if (mutual) {
                if (tls.text("clientCertificate").isEmpty() || tls.text("privateKey").isEmpty()) {
                    return;
                }
                common.addTlsCertificateSdsSecretConfigs(
                        TlsContexts.agent(
                                "file-cert:"
                                        + tls.text("clientCertificate")
                                        + "~"
                                        + tls.text("privateKey")));
            }
            if (skip) {
                common.setValidationContext(CertificateValidationContext.getDefaultInstance());
            } else {
                String authorities = tls.text("caCertificates");
                common.getCombinedValidationContextBuilder()
                        .setDefaultValidationContext(validation)
                        .setValidationContextSdsSecretConfig(
                                TlsContexts.agent(
                                        "file-root:"
                                                + (authorities.isEmpty()
                                                        ? "system"
                                                        : authorities)));
            }
        }
        JsonView defaults = mesh.view().at("tlsDefaults");
        common.getTlsParamsBuilder()
                .addAllEcdhCurves(defaults.texts("ecdhCurves"))
                .addAllCipherSuites(defaults.texts("cipherSuites"));
        if (options.http2()) {
            common.addAlpnProtocols("h2");
        }
        cluster.setTransportSocket(
                socket(
                        UpstreamTlsContext.newBuilder()
                                .setCommonTlsContext(common)
                                .setSni(tls.text("sni"))
                                .build()));
    }

    private static CommonTlsContext.Builder common() {
        return CommonTlsContext.newBuilder()
                .setTlsParams(
                        TlsParameters.newBuilder()
                                .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_2)
                                .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3));
    }

    private static TransportSocket socket(UpstreamTlsContext context) {
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Any.pack(context))
                .build();
    }
}
