package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoDuration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rules for the traffic policies of DestinationRules, and connection pools wherever they stand.
 * Pure.
 */
final class TrafficPolicyRules {

    private static final long MAX_MAGLEV_TABLE = 5_000_011;
    private static final String CONFIG_MAP = "configmap://";

    private TrafficPolicyRules() {}

    static Review policy(String namespace, Spec policy) {
        Review review = new Review();
        if (!policy.present()) {
            return review;
        }
        boolean empty =
                Stream.of(
                                        "outlierDetection",
                                        "connectionPool",
                                        "loadBalancer",
                                        "tls",
                                        "tunnel",
                                        "proxyProtocol",
                                        "retryBudget")
                                .noneMatch(policy::has)
                        && policy.list("portLevelSettings").isEmpty();
        if (empty) {
            review.error("traffic policy must have at least one field");
            return review;
        }
        if (policy.has("tunnel") && policy.has("proxyProtocol")) {
            review.error("tunnel and proxyProtocol must not be set together");
            return review;
        }
        review.add(outlierDetection(policy.get("outlierDetection")));
        review.error(connectionPool(policy.get("connectionPool")));
        review.add(
                LoadBalancerRules.review(
                        policy.get("loadBalancer"), policy.has("outlierDetection")));
        review.error(clientTls(namespace, policy.get("tls")));
        review.error(portLevelSettings(namespace, policy.list("portLevelSettings")));
        review.error(tunnel(policy.get("tunnel")));
        return review;
    }

    private static Failure portLevelSettings(String namespace, List<Spec> settings) {
        Failure failure = Failure.NONE;
        for (Spec setting : settings) {
            if (!setting.has("port")) {
                failure = failure.and(Failure.of("portTrafficPolicy must have valid port"));
            }
            if (Stream.of("outlierDetection", "connectionPool", "loadBalancer", "tls")
                    .noneMatch(setting::has)) {
                failure =
                        failure.and(Failure.of("port traffic policy must have at least one field"));
                continue;
            }
            failure =
                    failure.and(outlierDetection(setting.get("outlierDetection")).errors())
                            .and(connectionPool(setting.get("connectionPool")))
                            .and(
                                    LoadBalancerRules.review(
                                                    setting.get("loadBalancer"),
                                                    setting.has("outlierDetection"))
                                            .errors())
                            .and(clientTls(namespace, setting.get("tls")));
        }
        return failure;
    }

    private static Review outlierDetection(Spec outlier) {
        Review review = new Review();
        if (!outlier.present()) {
            return review;
        }
        review.error(CommonRules.duration(outlier, "baseEjectionTime"));
        if (outlier.number("consecutiveErrors") != 0) {
            review.warn(
                    "outlier detection consecutive errors is deprecated, use"
                            + " consecutiveGatewayErrors or consecutive5xxErrors instead");
        }
        if (!outlier.flag("splitExternalLocalOriginErrors")
                && outlier.number("consecutiveLocalOriginFailures") > 0) {
            review.error(
                    "outlier detection consecutive local origin failures is specified, but split"
                            + " external local origin errors is set to false");
        }
        review.error(CommonRules.duration(outlier, "interval"));
        review.error(CommonRules.percent(outlier.number("maxEjectionPercent")));
        review.error(CommonRules.percent(outlier.number("minHealthPercent")));
        return review;
    }

    static Failure connectionPool(Spec pool) {
        if (!pool.present()) {
            return Failure.NONE;
        }
        if (!pool.has("http") && !pool.has("tcp")) {
            return Failure.of("connection pool must have at least one field");
        }
        return httpPool(pool.get("http")).and(tcpPool(pool.get("tcp")));
    }

    private static Failure httpPool(Spec http) {
        Failure failure =
                notNegative(http, "http1MaxPendingRequests", "http1 max pending requests")
                        .and(notNegative(http, "http2MaxRequests", "http2 max requests"))
                        .and(
                                notNegative(
                                        http,
                                        "maxRequestsPerConnection",
                                        "max requests per connection"))
                        .and(notNegative(http, "maxRetries", "max retries"))
                        .and(CommonRules.duration(http, "idleTimeout"));
        if (http.text("h2UpgradePolicy").equals("UPGRADE") && http.flag("useClientProtocol")) {
            failure =
                    failure.and(
                            Failure.of(
                                    "use client protocol must not be true when H2UpgradePolicy is"
                                            + " UPGRADE"));
        }
        failure = failure.and(notNegative(http, "maxConcurrentStreams", "max concurrent streams"));
        Spec keepAlive = http.get("http2KeepAlive");
        if (keepAlive.present()) {
            for (String field : new String[] {"interval", "timeout"}) {
                failure =
                        failure.and(
                                keepAlive.has(field)
                                        ? CommonRules.duration(keepAlive, field)
                                        : Failure.of("http2 keepalive " + field + " is required"));
            }
        }
        return failure;
    }

    private static Failure tcpPool(Spec tcp) {
        Failure failure =
                notNegative(tcp, "maxConnections", "max connections")
                        .and(CommonRules.duration(tcp, "connectTimeout"))
                        .and(CommonRules.duration(tcp, "maxConnectionDuration"));
        if (GoDuration.parse(tcp.text("idleTimeout")).nanos() / 1_000_000 != 0) {
            failure = failure.and(CommonRules.duration(tcp, "idleTimeout"));
        }
        Spec keepAlive = tcp.get("tcpKeepalive");
        return failure.and(CommonRules.duration(keepAlive, "time"))
                .and(CommonRules.duration(keepAlive, "interval"));
    }

    private static Failure notNegative(Spec settings, String field, String name) {
        return settings.number(field) < 0
                ? Failure.of(name + " must be non-negative")
                : Failure.NONE;
    }

    private static Failure clientTls(String namespace, Spec tls) {
        if (!tls.present()) {
            return Failure.NONE;
        }
        Failure failure = Failure.NONE;
        String mode = tls.text("mode");
        String credential = tls.text("credentialName");
        if (credential.startsWith(CONFIG_MAP)) {
            failure = configMap(namespace, credential.substring(CONFIG_MAP.length()));
        }
        boolean certificateAuthority = !tls.text("caCertificates").isEmpty();
        boolean names = !tls.texts("subjectAltNames").isEmpty();
        if (tls.flag("insecureSkipVerify")) {
            if (mode.equals("SIMPLE") && (certificateAuthority || !credential.isEmpty() || names)) {
                failure =
                        failure.and(
                                Failure.of(
                                        "cannot specify CaCertificates or CredentialName or"
                                                + " SubjectAltNames when InsecureSkipVerify is set true"));
            }
            if (mode.equals("MUTUAL") && (certificateAuthority || names)) {
                failure =
                        failure.and(
                                Failure.of(
                                        "cannot specify CaCertificates or SubjectAltNames when"
                                                + " InsecureSkipVerify is set true"));
            }
        }
        if ((mode.equals("SIMPLE") || mode.equals("MUTUAL")) && !credential.isEmpty()) {
            boolean files =
                    certificateAuthority
                            || Stream.of("clientCertificate", "privateKey", "caCrl")
                                    .anyMatch(field -> !tls.text(field).isEmpty());
            return files
                    ? failure.and(
                            Failure.of(
                                    "cannot specify client certificates or CA certificate or CA CRL If"
                                            + " credentialName is set"))
                    : failure;
        }
        if (mode.equals("MUTUAL")) {
            if (tls.text("clientCertificate").isEmpty()) {
                failure = failure.and(Failure.of("client certificate required for mutual tls"));
            }
            if (tls.text("privateKey").isEmpty()) {
                failure = failure.and(Failure.of("private key required for mutual tls"));
            }
        }
        return failure;
    }

    private static Failure configMap(String namespace, String resource) {
        int slash = resource.indexOf('/');
        String of = slash < 0 ? namespace : resource.substring(0, slash);
        return of.equals(namespace) && !namespace.isEmpty()
                ? Failure.NONE
                : Failure.of(
                        "invalid configmap:// credentialName: namespace must match the configuration"
                                + " namespace \""
                                + namespace
                                + "\"");
    }

    private static Failure tunnel(Spec tunnel) {
        if (!tunnel.present()) {
            return Failure.NONE;
        }
        Failure failure = Failure.NONE;
        String protocol = tunnel.text("protocol");
        if (!protocol.isEmpty() && !protocol.equals("CONNECT") && !protocol.equals("POST")) {
            failure = Failure.of("tunnel protocol must be \"CONNECT\" or \"POST\"");
        }
        String host = tunnel.text("targetHost");
        Failure name = DomainRules.fqdn(host);
        Failure address = CommonRules.address(host);
        if (!name.isNone() && !address.isNone()) {
            failure =
                    failure.and(
                            Failure.of(
                                    "tunnel target host must be valid FQDN or IP address: "
                                            + name.print()
                                            + "; "
                                            + address.print()));
        }
        Failure port = CommonRules.port(tunnel.number("targetPort"));
        return port.isNone()
                ? failure
                : failure.and(Failure.of("tunnel target port is invalid: " + port.print()));
    }

    /** A cookie to hash by. */
    static Failure cookie(Spec cookie) {
        if (!cookie.present()) {
            return Failure.NONE;
        }
        Failure failure =
                cookie.text("name").isEmpty()
                        ? Failure.of("name required for HttpCookie")
                        : Failure.NONE;
        Set<String> names = new HashSet<>();
        for (Spec attribute : cookie.list("attributes")) {
            String name = attribute.text("name");
            if (name.isEmpty()) {
                failure = failure.and(Failure.of("cookie attribute name cannot be empty"));
            } else if (!names.add(name)) {
                failure = failure.and(Failure.of("duplicate cookie attribute name: " + name));
            }
        }
        return failure;
    }

    static Failure maglev(Spec maglev) {
        if (!maglev.present()) {
            return Failure.NONE;
        }
        long size = maglev.number("tableSize");
        Failure failure = Failure.NONE;
        if (size == 0) {
            failure = Failure.of("tableSize must be set for maglev");
        }
        if (size >= MAX_MAGLEV_TABLE) {
            failure = failure.and(Failure.of("tableSize must be less than 5000011 for maglev"));
        }
        return isPrime(size)
                ? failure
                : failure.and(Failure.of("tableSize must be a prime number for maglev"));
    }

    private static boolean isPrime(long number) {
        if (number > 0 && number < 4) {
            return true;
        }
        if (number % 2 == 0) {
            return false;
        }
        for (long factor = 3; factor * factor <= number; factor += 2) {
            if (number % factor == 0) {
                return false;
            }
        }
        return true;
    }
}
