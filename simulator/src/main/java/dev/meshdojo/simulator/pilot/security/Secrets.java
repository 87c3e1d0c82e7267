package dev.meshdojo.simulator.pilot.security;

import com.google.protobuf.ByteString;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.ObjectSet;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes Secrets as the SDS resources that listeners and clusters name. A name that cannot be
 * served, because the Secret is missing, lacks its keys or lives in a namespace that the proxy may
 * not read, yields nothing, as istiod sends nothing then.
 */
public final class Secrets {

    private final ObjectSet secrets;
    private final ObjectSet configMaps;
    private final String namespace;

    /** The secrets that one proxy may be served. */
    public Secrets(MeshModel model, ProxyIdentity proxy) {
        this.namespace = proxy.namespace();
        this.secrets = model.objects("secrets");
        this.configMaps = model.objects("configmaps");
    }

    /** The resources for {@code names}, in their order, those that can be served. */
    public List<Secret> serve(Collection<String> names) {
        List<Secret> out = new ArrayList<>();
        for (String name : names) {
            Secret secret = serve(name);
            if (secret != null) {
                out.add(secret);
            }
        }
        return out;
    }

    private @Nullable Secret serve(String resource) {
        int scheme = resource.indexOf("://");
        if (scheme < 0) {
            return null;
        }
        String type = resource.substring(0, scheme);
        String path = resource.substring(scheme + 3);
        int slash = path.indexOf('/');
        String owner = slash < 0 ? namespace : path.substring(0, slash);
        String name = path.substring(slash + 1);
        return switch (type) {
            case "kubernetes" -> owner.equals(namespace) ? secret(resource, owner, name) : null;
            case "kubernetes-gateway" -> secret(resource, owner, name);
            case "configmap" -> configMap(resource, owner, name);
            default -> null;
        };
    }

    private @Nullable Secret secret(String resource, String owner, String name) {
        if (!name.endsWith(TlsContexts.CA_SUFFIX)) {
            KubeObject found = secrets.find(owner + "/" + name);
            return found == null ? null : certificate(resource, found.view().at("data"));
        }
        KubeObject own = secrets.find(owner + "/" + name);
        if (own == null) {
            own =
                    secrets.find(
                            owner
                                    + "/"
                                    + name.substring(
                                            0, name.length() - TlsContexts.CA_SUFFIX.length()));
        }
        return own == null ? null : authority(resource, decoded(own.view().at("data")));
    }

    private @Nullable Secret configMap(String resource, String owner, String name) {
        String plain =
                name.endsWith(TlsContexts.CA_SUFFIX)
                        ? name.substring(0, name.length() - TlsContexts.CA_SUFFIX.length())
                        : name;
        KubeObject found = configMaps.find(owner + "/" + plain);
        if (found == null) {
            return null;
        }
        Map<String, ByteString> data = new HashMap<>();
        found.view()
                .textMap("data")
                .forEach((key, value) -> data.put(key, ByteString.copyFromUtf8(value)));
        return authority(resource, data);
    }

    private static @Nullable Secret certificate(String resource, JsonView data) {
        Map<String, ByteString> values = decoded(data);
        ByteString chain = values.get("cert");
        ByteString key = values.get("key");
        if (chain == null || key == null) {
            chain = values.get("tls.crt");
            key = values.get("tls.key");
        }
        if (chain == null || key == null) {
            return null;
        }
        TlsCertificate.Builder out = TlsCertificate.newBuilder();
        out.getCertificateChainBuilder().setInlineBytes(chain);
        out.getPrivateKeyBuilder().setInlineBytes(key);
        ByteString staple = values.get("tls.ocsp-staple");
        if (staple != null) {
            out.getOcspStapleBuilder().setInlineBytes(staple);
        }
        return Secret.newBuilder().setName(resource).setTlsCertificate(out).build();
    }

    private static @Nullable Secret authority(String resource, Map<String, ByteString> data) {
        ByteString trusted = data.get("cacert");
        ByteString revoked = data.get("crl");
        if (trusted == null) {
            trusted = data.get("ca.crt");
            revoked = data.get("ca.crl");
        }
        if (trusted == null) {
            return null;
        }
        CertificateValidationContext.Builder out = CertificateValidationContext.newBuilder();
        out.getTrustedCaBuilder().setInlineBytes(trusted);
        if (revoked != null) {
            out.getCrlBuilder().setInlineBytes(revoked);
        }
        return Secret.newBuilder().setName(resource).setValidationContext(out).build();
    }

    /** The values that are not empty. */
    private static Map<String, ByteString> decoded(JsonView data) {
        Map<String, ByteString> out = new HashMap<>();
        data.fields()
                .forEach(
                        (key, value) -> {
                            ByteString bytes = decode(value.asText());
                            if (!bytes.isEmpty()) {
                                out.put(key, bytes);
                            }
                        });
        return out;
    }

    private static ByteString decode(String base64) {
        try {
            return ByteString.copyFrom(Base64.getMimeDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return ByteString.EMPTY;
        }
    }
}
