package dev.meshdojo.gateway.tls;

import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.stream.CertificateFields;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext.TrustChainVerification;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The certificates and rules of one side, put together from a context and the secrets it names.
 *
 * @param keys our certificates; empty when we have none
 * @param validation rules for the peer's certificate; null when there are none
 * @param versions TLS versions as JSSE names them
 * @param ciphers cipher names for TLS 1.2 and below; empty for the default
 * @param alpn protocols to offer or accept
 */
record TlsMaterial(
        List<KeyPair> keys,
        @Nullable CertificateValidationContext validation,
        List<String> versions,
        List<String> ciphers,
        List<String> alpn) {

    private static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    /**
     * What {@code common} asks for; null while all certificates or the validation context that it
     * names are missing or unusable. One certificate of several is enough.
     */
    static @Nullable TlsMaterial resolve(
            CommonTlsContext common, SecretStore secrets, boolean server) {
        List<KeyPair> keys = new ArrayList<>();
        for (TlsCertificate certificate : common.getTlsCertificatesList()) {
            keys.add(KeyPair.load(certificate));
        }
        for (SdsSecretConfig config : common.getTlsCertificateSdsSecretConfigsList()) {
            TlsCertificate certificate = secrets.certificate(config.getName());
            if (certificate != null) {
                keys.add(KeyPair.load(certificate));
            }
        }
        if (keys.isEmpty() && common.getTlsCertificateSdsSecretConfigsCount() > 0) {
            return null;
        }
        CertificateValidationContext validation = null;
        switch (common.getValidationContextTypeCase()) {
            case VALIDATION_CONTEXT -> validation = common.getValidationContext();
            case VALIDATION_CONTEXT_SDS_SECRET_CONFIG -> {
                validation =
                        secrets.validation(common.getValidationContextSdsSecretConfig().getName());
                if (validation == null) {
                    return null;
                }
            }
            case COMBINED_VALIDATION_CONTEXT -> {
                var combined = common.getCombinedValidationContext();
                CertificateValidationContext dynamic =
                        secrets.validation(
                                combined.getValidationContextSdsSecretConfig().getName());
                if (dynamic == null) {
                    return null;
                }
                validation =
                        combined.getDefaultValidationContext().toBuilder()
                                .mergeFrom(dynamic)
                                .build();
            }
            default -> {}
        }
        TlsParameters parameters = common.getTlsParams();
        return new TlsMaterial(
                keys,
                validation,
                versions(parameters, server),
                List.copyOf(parameters.getCipherSuitesList()),
                List.copyOf(common.getAlpnProtocolsList()));
    }

    private static List<String> versions(TlsParameters parameters, boolean server) {
        int min = index(parameters.getTlsMinimumProtocolVersion(), 2);
        int max = index(parameters.getTlsMaximumProtocolVersion(), server ? 3 : 2);
        return min > max ? List.of() : VERSIONS.subList(min, max + 1);
    }

    private static int index(TlsProtocol version, int byDefault) {
        return switch (version) {
            case TLSv1_0 -> 0;
            case TLSv1_1 -> 1;
            case TLSv1_2 -> 2;
            case TLSv1_3 -> 3;
            case TLS_AUTO, UNRECOGNIZED -> byDefault;
        };
    }

    /** The judge of the peer's certificate; null when any is welcome. */
    @Nullable PeerVerifier verifier(@Nullable String sniToMatch) {
        if (validation == null && sniToMatch == null) {
            return null;
        }
        CertificateValidationContext rules =
                validation == null ? CertificateValidationContext.getDefaultInstance() : validation;
        List<Predicate<X509Certificate>> names = new ArrayList<>();
        if (sniToMatch == null) {
            for (SubjectAltNameMatcher matcher : rules.getMatchTypedSubjectAltNamesList()) {
                names.add(typed(matcher));
            }
            for (var matcher : deprecatedNames(rules)) {
                StringMatch match = StringMatch.compile(matcher);
                names.add(
                        leaf ->
                                CertificateFields.allSans(leaf).stream()
                                        .anyMatch(name -> matches(match, name)));
            }
        } else {
            names.add(
                    leaf ->
                            CertificateFields.dnsSans(leaf).stream()
                                    .anyMatch(name -> dnsMatches(name, sniToMatch)));
        }
        Set<String> hashes = new HashSet<>();
        for (String hash : rules.getVerifyCertificateHashList()) {
            hashes.add(hash(hash));
        }
        byte[] authorities = DataSources.read(rules.getTrustedCa());
        List<X509CRL> lists = new ArrayList<>(Pem.revocationLists(authorities));
        lists.addAll(Pem.revocationLists(DataSources.read(rules.getCrl())));
        PeerVerifier.Requirements requirements =
                new PeerVerifier.Requirements(
                        Pem.certificates(authorities),
                        lists,
                        rules.getOnlyVerifyLeafCertCrl(),
                        names,
                        hashes,
                        Set.copyOf(rules.getVerifyCertificateSpkiList()),
                        rules.getTrustChainVerification()
                                == TrustChainVerification.ACCEPT_UNTRUSTED);
        if (authorities.length > 0 && requirements.anchors().isEmpty()) {
            throw new InvalidConfigException(
                    "Failed to load trusted CA certificates from "
                            + (rules.getTrustedCa().getFilename().isEmpty()
                                    ? "<inline>"
                                    : rules.getTrustedCa().getFilename()));
        }
        return requirements.none() ? null : new PeerVerifier(requirements);
    }

    private static String hash(String configured) {
        String hex = configured.length() == 95 ? configured.replace(":", "") : configured;
        if (!hex.matches("[0-9a-fA-F]{64}")) {
            throw new InvalidConfigException("Invalid hex-encoded SHA-256 " + configured);
        }
        return hex.toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("deprecation") // Envoy 1.40 still reads the field
    private static List<io.envoyproxy.envoy.type.matcher.v3.StringMatcher> deprecatedNames(
            CertificateValidationContext rules) {
        return rules.getMatchSubjectAltNamesList();
    }

    private static Predicate<X509Certificate> typed(SubjectAltNameMatcher matcher) {
        StringMatch match = StringMatch.compile(matcher.getMatcher());
        boolean exact = matcher.getMatcher().hasExact();
        return switch (matcher.getSanType()) {
            case DNS ->
                    leaf ->
                            CertificateFields.dnsSans(leaf).stream()
                                    .anyMatch(
                                            name ->
                                                    matches(match, name)
                                                            || (exact
                                                                    && dnsMatches(
                                                                            name,
                                                                            matcher.getMatcher()
                                                                                    .getExact())));
            case URI ->
                    leaf ->
                            CertificateFields.uriSans(leaf).stream()
                                    .anyMatch(name -> matches(match, name));
            case EMAIL ->
                    leaf ->
                            CertificateFields.emailSans(leaf).stream()
                                    .anyMatch(name -> matches(match, name));
            case IP_ADDRESS ->
                    leaf ->
                            CertificateFields.ipSans(leaf).stream()
                                    .anyMatch(name -> matches(match, name));
            default -> leaf -> false;
        };
    }

    private static boolean matches(StringMatch match, String name) {
        return match.matches(name);
    }

    /** A certificate's DNS name, whose first label may be a wildcard, against a host. */
    static boolean dnsMatches(String pattern, String host) {
        String name = pattern.toLowerCase(Locale.ROOT);
        String wanted = host.toLowerCase(Locale.ROOT);
        if (name.equals(wanted)) {
            return true;
        }
        int dot = wanted.indexOf('.');
        return name.startsWith("*.") && dot > 0 && name.substring(1).equals(wanted.substring(dot));
    }
}
