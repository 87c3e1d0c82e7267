package dev.meshdojo.simulator.pilot.security;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import dev.meshdojo.simulator.pilot.model.Durations;
import dev.meshdojo.simulator.pilot.model.GatewayServer;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.route.StringMatches;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext.TrustChainVerification;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** TLS settings of gateway servers as Envoy's downstream TLS contexts. */
public final class TlsContexts {

    /** Suffix of the secret that holds the authorities for client certificates. */
    public static final String CA_SUFFIX = "-cacert";

    /** Secret name of the proxy's own mesh certificate. */
    public static final String WORKLOAD_CERTIFICATE = "default";

    /** Secret name of the mesh's authorities. */
    public static final String WORKLOAD_ROOT = "ROOTCA";

    /** Stands for the gateway's own certificate where a credential name is asked for. */
    static final String BUILTIN = "builtin://";

    /** Names a secret of an external SDS server; without one the control plane is asked. */
    private static final String SDS = "sds://";

    private static final Set<String> KNOWN_CIPHERS =
            Set.of(
                    "ECDHE-ECDSA-AES128-GCM-SHA256",
                    "ECDHE-ECDSA-CHACHA20-POLY1305",
                    "ECDHE-RSA-AES128-GCM-SHA256",
                    "ECDHE-RSA-CHACHA20-POLY1305",
                    "ECDHE-ECDSA-AES128-SHA",
                    "ECDHE-RSA-AES128-SHA",
                    "AES128-GCM-SHA256",
                    "AES128-SHA",
                    "ECDHE-ECDSA-AES256-GCM-SHA384",
                    "ECDHE-RSA-AES256-GCM-SHA384",
                    "ECDHE-ECDSA-AES256-SHA",
                    "ECDHE-RSA-AES256-SHA",
                    "AES256-GCM-SHA384",
                    "AES256-SHA",
                    "DES-CBC3-SHA");

    private TlsContexts() {}

    /** The transport socket that ends TLS for a server. */
    public static TransportSocket downstream(GatewayServer server, Scope scope) {
        JsonView tls = server.tls();
        boolean mesh = server.mode() == GatewayServer.TlsMode.ISTIO_MUTUAL;
        boolean opaqueMesh = mesh && !server.httpServer();
        CommonTlsContext.Builder common = CommonTlsContext.newBuilder();
        common.addAllAlpnProtocols(
                opaqueMesh
                        ? List.of("istio-peer-exchange", "h2", "http/1.1")
                        : List.of("h2", "http/1.1"));
        DownstreamTlsContext.Builder out = DownstreamTlsContext.newBuilder();
        boolean required = mesh || server.mode() == GatewayServer.TlsMode.MUTUAL;
        boolean validate = required || server.mode() == GatewayServer.TlsMode.OPTIONAL_MUTUAL;
        out.setRequireClientCertificate(BoolValue.of(required));
        List<String> credentials = credentials(tls);
        if (mesh) {
            workload(common, tls);
        } else if (!credentials.isEmpty()) {
            credential(common, tls, credentials, validate);
        } else {
            files(common, tls, validate);
        }
        if (!mesh) {
            parameters(common, scope.mesh().view().at("tlsDefaults"), tls);
        }
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Any.pack(out.setCommonTlsContext(common).build()))
                .build();
    }

    /** The credential names of a server's or client's TLS settings. */
    static List<String> credentials(JsonView tls) {
        List<String> several = tls.texts("credentialNames");
        if (!several.isEmpty()) {
            return several;
        }
        String one = tls.text("credentialName");
        return one.isEmpty() ? List.of() : List.of(one);
    }

    /** The name under which the proxy asks for a credential. */
    public static String resourceName(String credential) {
        if (credential.startsWith("kubernetes://")
                || credential.startsWith("kubernetes-gateway://")
                || credential.startsWith("configmap://")) {
            return credential;
        }
        if (credential.startsWith("invalid://")) {
            return "invalid://";
        }
        return "kubernetes://" + credential.substring(external(credential) ? SDS.length() : 0);
    }

    private static boolean external(String credential) {
        return credential.startsWith(SDS);
    }

    /** A reference to a secret that the control plane serves. */
    public static SdsSecretConfig served(String credential) {
        return switch (credential) {
            case BUILTIN -> agent(WORKLOAD_CERTIFICATE);
            case BUILTIN + CA_SUFFIX -> agent(WORKLOAD_ROOT);
            default ->
                    SdsSecretConfig.newBuilder()
                            .setName(resourceName(credential))
                            .setSdsConfig(ads())
                            .build();
        };
    }

    /** A reference to a secret that the proxy's own agent serves. */
    public static SdsSecretConfig agent(String name) {
        SdsSecretConfig.Builder out = SdsSecretConfig.newBuilder().setName(name);
        if (name.equals(WORKLOAD_CERTIFICATE) || name.equals(WORKLOAD_ROOT)) {
            out.getSdsConfigBuilder().setInitialFetchTimeout(Durations.ZERO);
        }
        out.getSdsConfigBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .getApiConfigSourceBuilder()
                .setApiType(io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType.GRPC)
                .setSetNodeOnFirstMessageOnly(true)
                .setTransportApiVersion(ApiVersion.V3)
                .addGrpcServicesBuilder()
                .getEnvoyGrpcBuilder()
                .setClusterName("sds-grpc");
        return out.build();
    }

    /** The configuration source "from the same server as everything else". */
    public static ConfigSource ads() {
        return ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                .build();
    }

    private static void workload(CommonTlsContext.Builder common, JsonView tls) {
        common.addTlsCertificateSdsSecretConfigs(agent(WORKLOAD_CERTIFICATE));
        common.getCombinedValidationContextBuilder()
                .setDefaultValidationContext(validation(tls))
                .setValidationContextSdsSecretConfig(agent(WORKLOAD_ROOT));
    }

    private static void credential(
            CommonTlsContext.Builder common,
            JsonView tls,
            List<String> credentials,
            boolean validate) {
        credentials.forEach(name -> common.addTlsCertificateSdsSecretConfigs(served(name)));
        String authority = tls.text("caCertCredentialName");
        if (authority.isEmpty()) {
            authority = credentials.getFirst() + CA_SUFFIX;
        }
        if (validate) {
            common.getCombinedValidationContextBuilder()
                    .setDefaultValidationContext(
                            validation(tls).toBuilder()
                                    .addAllVerifyCertificateSpki(tls.texts("verifyCertificateSpki"))
                                    .addAllVerifyCertificateHash(
                                            tls.texts("verifyCertificateHash")))
                    .setValidationContextSdsSecretConfig(served(authority));
        } else if (!tls.texts("subjectAltNames").isEmpty()) {
            common.setValidationContext(validation(tls));
        }
    }

    private static void files(CommonTlsContext.Builder common, JsonView tls, boolean validate) {
        List<JsonView> certificates = tls.list("tlsCertificates");
        for (JsonView file : certificates.isEmpty() ? List.of(tls) : certificates) {
            String chain = file.text("serverCertificate");
            String key = file.text("privateKey");
            common.addTlsCertificateSdsSecretConfigs(
                    agent(
                            chain.isEmpty() || key.isEmpty()
                                    ? WORKLOAD_CERTIFICATE
                                    : "file-cert:" + chain + "~" + key));
        }
        if (validate) {
            String authorities = tls.text("caCertificates");
            common.getCombinedValidationContextBuilder()
                    .setDefaultValidationContext(validation(tls))
                    .setValidationContextSdsSecretConfig(
                            agent(
                                    authorities.isEmpty()
                                            ? WORKLOAD_ROOT
                                            : "file-root:" + authorities));
        }
    }

    @SuppressWarnings("deprecation") // what Istio writes
    private static CertificateValidationContext validation(JsonView tls) {
        CertificateValidationContext.Builder out =
                CertificateValidationContext.newBuilder()
                        .addAllMatchSubjectAltNames(
                                StringMatches.exact(tls.texts("subjectAltNames")));
        if (tls.flag("insecureSkipVerify")) {
            out.setTrustChainVerification(TrustChainVerification.ACCEPT_UNTRUSTED);
        }
        if (!tls.text("caCrl").isEmpty()) {
            out.getCrlBuilder().setFilename(tls.text("caCrl"));
        }
        return out.build();
    }

    private static void parameters(
            CommonTlsContext.Builder common, JsonView defaults, JsonView tls) {
        TlsParameters.Builder out = TlsParameters.newBuilder();
        List<String> curves =
                tls.texts("ecdhCurves").isEmpty()
                        ? defaults.texts("ecdhCurves")
                        : tls.texts("ecdhCurves");
        List<String> ciphers = knownCiphers(tls.texts("cipherSuites"));
        if (ciphers.isEmpty()) {
            ciphers = defaults.texts("cipherSuites");
        }
        TlsProtocol minimum = protocol(tls.text("minProtocolVersion"));
        if (minimum == TlsProtocol.TLS_AUTO) {
            minimum = protocol(defaults.text("minProtocolVersion"));
        }
        out.addAllEcdhCurves(curves)
                .addAllCipherSuites(ciphers)
                .setTlsMinimumProtocolVersion(minimum)
                .setTlsMaximumProtocolVersion(protocol(tls.text("maxProtocolVersion")));
        TlsParameters built = out.build();
        if (!built.equals(TlsParameters.getDefaultInstance())) {
            common.setTlsParams(built);
        }
    }

    /** Those of {@code written} that Istio passes on, each once. */
    public static List<String> knownCiphers(List<String> written) {
        Set<String> out = new LinkedHashSet<>(written);
        out.removeIf(cipher -> !KNOWN_CIPHERS.contains(cipher) && !expression(cipher));
        return new ArrayList<>(out);
    }

    /** What OpenSSL's cipher lists know beyond names: everything, and operators before a name. */
    private static boolean expression(String cipher) {
        return cipher.isEmpty()
                || cipher.equals("ALL")
                || !Character.isLetterOrDigit(cipher.charAt(0));
    }

    private static TlsProtocol protocol(String written) {
        return switch (written) {
            case "TLSV1_0" -> TlsProtocol.TLSv1_0;
            case "TLSV1_1" -> TlsProtocol.TLSv1_1;
            case "TLSV1_2" -> TlsProtocol.TLSv1_2;
            case "TLSV1_3" -> TlsProtocol.TLSv1_3;
            default -> TlsProtocol.TLS_AUTO;
        };
    }
}
