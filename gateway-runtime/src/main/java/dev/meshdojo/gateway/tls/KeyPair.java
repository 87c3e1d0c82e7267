package dev.meshdojo.gateway.tls;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate chain and its key, known to belong together.
 *
 * @param chain leaf first
 */
record KeyPair(List<X509Certificate> chain, PrivateKey key) {

    KeyPair {
        chain = List.copyOf(chain);
    }

    static KeyPair load(TlsCertificate certificate) {
        List<X509Certificate> chain =
                Pem.certificates(DataSources.read(certificate.getCertificateChain()));
        if (chain.isEmpty()) {
            throw new InvalidConfigException("Failed to load certificate chain: no certificate");
        }
        PrivateKey key = Pem.privateKey(DataSources.read(certificate.getPrivateKey()));
        if (!belongTogether(chain.getFirst(), key)) {
            throw new InvalidConfigException(
                    "Failed to load private key, Cause: error:0b000074:X.509 certificate"
                            + " routines:OPENSSL_internal:KEY_VALUES_MISMATCH");
        }
        return new KeyPair(chain, key);
    }

    private static boolean belongTogether(X509Certificate leaf, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "Ed25519";
                };
        try {
            byte[] probe = {1, 2, 3, 4};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(leaf.getPublicKey());
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
