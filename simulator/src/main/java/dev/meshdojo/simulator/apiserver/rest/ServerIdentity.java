package dev.meshdojo.simulator.apiserver.rest;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;

/**
 * What makes a server the same one after a restart: its certificate authority, the key that signs
 * tokens of service accounts, the administrator's token. With it, kubeconfigs and tokens of the
 * former run stay good. Secret. Immutable.
 *
 * @param certificates the authority
 * @param tokenKeys sign tokens of service accounts
 * @param adminToken the administrator's bearer token
 */
public record ServerIdentity(Certificates certificates, KeyPair tokenKeys, String adminToken) {

    private static final int TOKEN_BYTES = 24;
    private static final String AUTHORITY = "authority.certificate";
    private static final String AUTHORITY_KEY = "authority.key";
    private static final String TOKENS = "tokens.publicKey";
    private static final String TOKENS_KEY = "tokens.key";
    private static final String ADMIN = "admin.token";

    /** A new one. */
    public static ServerIdentity create() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        try {
            return new ServerIdentity(
                    Certificates.create(),
                    Certificates.newKeys(),
                    Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no keys for service account tokens", e);
        }
    }

    /** The one that {@link #attributes} told of; a new one where it is not told. */
    public static ServerIdentity of(Map<String, String> attributes) {
        String token = attributes.get(ADMIN);
        if (token == null) {
            return create();
        }
        try {
            KeyFactory keys = KeyFactory.getInstance("EC");
            X509Certificate authority =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(
                                            new ByteArrayInputStream(bytes(attributes, AUTHORITY)));
            return new ServerIdentity(
                    Certificates.of(
                            new Certificates.Identity(
                                    authority, privateKey(keys, attributes, AUTHORITY_KEY))),
                    new KeyPair(
                            keys.generatePublic(new X509EncodedKeySpec(bytes(attributes, TOKENS))),
                            privateKey(keys, attributes, TOKENS_KEY)),
                    token);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the snapshot's server keys cannot be read: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(
            KeyFactory keys, Map<String, String> attributes, String name)
            throws GeneralSecurityException {
        return keys.generatePrivate(new PKCS8EncodedKeySpec(bytes(attributes, name)));
    }

    private static byte[] bytes(Map<String, String> attributes, String name) {
        return Base64.getDecoder().decode(attributes.getOrDefault(name, ""));
    }

    /** All of it as text, for {@link #of}. */
    public Map<String, String> attributes() {
        try {
            return Map.of(
                    AUTHORITY, text(certificates.authority().getEncoded()),
                    AUTHORITY_KEY, text(certificates.authorityKey().getEncoded()),
                    TOKENS, text(tokenKeys.getPublic().getEncoded()),
                    TOKENS_KEY, text(tokenKeys.getPrivate().getEncoded()),
                    ADMIN, adminToken);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
