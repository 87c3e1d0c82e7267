package dev.meshdojo.gateway.tls;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The secrets in force, by name. Immutable. */
public final class SecretStore {

    private final Map<String, Secret> byName = new LinkedHashMap<>();

    /** A store of {@code secrets}; of those with one name the last counts. */
    public SecretStore(List<Secret> secrets) {
        for (Secret secret : secrets) {
            byName.put(secret.getName(), secret);
        }
    }

    /** The secret of that name, or null when it was not delivered. */
    public @Nullable Secret find(String name) {
        return byName.get(name);
    }

    /**
     * Refuses a secret that cannot be used, as the proxy refuses its delivery.
     *
     * @throws dev.meshdojo.gateway.stream.InvalidConfigException with the reason
     */
    public static void check(Secret secret) {
        if (secret.hasTlsCertificate()) {
            KeyPair.load(secret.getTlsCertificate());
        } else if (secret.hasValidationContext()) {
            CertificateValidationContext context = secret.getValidationContext();
            Pem.certificates(DataSources.read(context.getTrustedCa()));
            Pem.revocationLists(DataSources.read(context.getCrl()));
        }
    }

    @Nullable TlsCertificate certificate(String name) {
        Secret secret = byName.get(name);
        return secret == null || !secret.hasTlsCertificate() ? null : secret.getTlsCertificate();
    }

    @Nullable CertificateValidationContext validation(String name) {
        Secret secret = byName.get(name);
        return secret == null || !secret.hasValidationContext()
                ? null
                : secret.getValidationContext();
    }

    /** The secrets whose names stand anywhere in {@code resource}'s SDS configurations. */
    public List<Secret> namedIn(com.google.protobuf.Message resource) {
        ByteString bytes = resource.toByteString();
        List<Secret> named = new ArrayList<>();
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        byName.forEach(
                (name, secret) -> {
                    if (text.contains(name)) {
                        named.add(secret);
                    }
                });
        return named;
    }
}
