package dev.meshdojo.simulator.cluster.fake;

import com.google.protobuf.ByteString;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.apiserver.rest.Certificates;
import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.pilot.security.SecretNames;
import dev.meshdojo.simulator.pilot.security.TlsContexts;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that a pod's own agent serves to its proxy: the workload's mesh certificate, the
 * mesh's authority, the operating system's authorities, and files of the container. What is not
 * there is not served. Thread-safe.
 *
 * <p>Source: Istio's secret manager client in pilot-agent.
 */
final class AgentSecrets {

    private static final String FILE_ROOT = "file-root:";
    private static final String FILE_CERT = "file-cert:";
    private static final String SYSTEM = "system";

    /** The authorities that this machine trusts, as PEM; read once. */
    private static final class SystemAuthorities {
        static final ByteString PEM = read();

        private static ByteString read() {
            StringBuilder text = new StringBuilder();
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init((KeyStore) null);
                for (TrustManager manager : factory.getTrustManagers()) {
                    if (manager instanceof X509TrustManager x509) {
                        for (X509Certificate authority : x509.getAcceptedIssuers()) {
                            text.append(pem(authority));
                        }
                    }
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java runtime has no trust store", e);
            }
            return ByteString.copyFromUtf8(text.toString());
        }

        private static String pem(X509Certificate certificate) throws CertificateEncodingException {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        }
    }

    private final String spiffe;
    private final Function<String, byte @Nullable []> files;
    private final String authorityPem;
    private final Function<String, Certificates.Identity> issue;
    private final SecretNames.Memory names = new SecretNames.Memory();
    private final Map<String, Secret> served = new HashMap<>();

    /**
     * @param spiffe the workload's identity
     * @param files reads a file of the proxy; null when there is none
     * @param authorityPem the mesh's authority
     * @param issue signs a certificate for a SPIFFE identity
     */
    AgentSecrets(
            String spiffe,
            Function<String, byte @Nullable []> files,
            String authorityPem,
            Function<String, Certificates.Identity> issue) {
        this.spiffe = spiffe;
        this.files = files;
        this.authorityPem = authorityPem;
        this.issue = issue;
    }

    /** The agent of a container. */
    static AgentSecrets of(
            Container container,
            String authorityPem,
            Function<String, Certificates.Identity> issue) {
        String account = container.pod().serviceAccount();
        return new AgentSecrets(
                "spiffe://cluster.local/ns/"
                        + container.pod().namespace()
                        + "/sa/"
                        + (account.isEmpty() ? "default" : account),
                path -> container.files().read(path),
                authorityPem,
                issue);
    }

    /** The snapshot with the agent's secrets beside the control plane's. */
    synchronized XdsSnapshot complete(XdsSnapshot snapshot) {
        List<Secret> secrets = new ArrayList<>(snapshot.secrets());
        for (String name : names.of(snapshot.listeners(), snapshot.clusters())) {
            Secret own = served.get(name);
            if (own == null) {
                own = serve(name);
            }
            if (own != null) {
                secrets.add(own);
                if (!name.startsWith("file-") || name.equals(FILE_ROOT + SYSTEM)) {
                    served.put(name, own);
                }
            }
        }
        if (secrets.size() == snapshot.secrets().size()) {
            return snapshot;
        }
        return new XdsSnapshot(
                snapshot.version(),
                snapshot.listeners(),
                snapshot.routes(),
                snapshot.clusters(),
                snapshot.endpoints(),
                secrets);
    }

    private @Nullable Secret serve(String name) {
        if (name.equals(TlsContexts.WORKLOAD_CERTIFICATE)) {
            Certificates.Identity own = issue.apply(spiffe);
            return certificate(
                    name,
                    ByteString.copyFromUtf8(own.certificatePem() + authorityPem),
                    ByteString.copyFromUtf8(own.keyPem()));
        }
        if (name.equals(TlsContexts.WORKLOAD_ROOT)) {
            return authorities(name, ByteString.copyFromUtf8(authorityPem));
        }
        if (name.startsWith(FILE_ROOT)) {
            String path = name.substring(FILE_ROOT.length());
            ByteString pem = path.equals(SYSTEM) ? SystemAuthorities.PEM : file(path);
            return pem == null ? null : authorities(name, pem);
        }
        if (name.startsWith(FILE_CERT)) {
            String[] paths = name.substring(FILE_CERT.length()).split("~", 2);
            ByteString chain = file(paths[0]);
            ByteString key = paths.length < 2 ? null : file(paths[1]);
            return chain == null || key == null ? null : certificate(name, chain, key);
        }
        return null;
    }

    private @Nullable ByteString file(String path) {
        byte[] content = files.apply(path);
        return content == null ? null : ByteString.copyFrom(content);
    }

    private static Secret certificate(String name, ByteString chain, ByteString key) {
        Secret.Builder out = Secret.newBuilder().setName(name);
        out.getTlsCertificateBuilder().getCertificateChainBuilder().setInlineBytes(chain);
        out.getTlsCertificateBuilder().getPrivateKeyBuilder().setInlineBytes(key);
        return out.build();
    }

    private static Secret authorities(String name, ByteString pem) {
        Secret.Builder out = Secret.newBuilder().setName(name);
        out.getValidationContextBuilder().getTrustedCaBuilder().setInlineBytes(pem);
        return out.build();
    }
}
