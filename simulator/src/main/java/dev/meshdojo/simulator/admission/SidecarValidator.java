package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules for Sidecar. */
final class SidecarValidator implements KindValidator {

    private static final String UNIX = "unix://";
    private static final Set<String> LOCAL_HOSTS = Set.of("", "127.0.0.1", "0.0.0.0", "::1", "::");

    @Override
    public Review review(ObjectUnderReview object) {
        Spec spec = object.spec();
        Review review = new Review();
        Review selector = CommonRules.selector(spec.get("workloadSelector"), "labels");
        if (!selector.errors().isNone()) {
            review.error(selector.errors());
            return review;
        }
        if (spec.has("workloadSelector") && spec.get("workloadSelector").map("labels").isEmpty()) {
            review.warn(
                    "sidecar: workload selector specified without labels, will be applied to all"
                            + " services in namespace");
        }
        List<Spec> ingress = spec.list("ingress");
        List<Spec> egress = spec.list("egress");
        if (ingress.isEmpty()
                && egress.isEmpty()
                && !spec.has("outboundTrafficPolicy")
                && !spec.has("inboundConnectionPool")) {
            Review empty = new Review();
            empty.error("sidecar: empty configuration provided");
            return empty;
        }
        Set<Long> ports = new HashSet<>();
        ingress.forEach(listener -> review.add(ingress(listener, ports)));
        review.error(TrafficPolicyRules.connectionPool(spec.get("inboundConnectionPool")));
        egress(egress, object.namespace(), review);
        review.error(outboundTraffic(spec.get("outboundTrafficPolicy")));
        return review;
    }

    private static Review ingress(Spec listener, Set<Long> ports) {
        Review review = new Review();
        Spec port = listener.get("port");
        if (!port.present()) {
            review.error("sidecar: port is required for ingress listeners");
            return review;
        }
        if (port.number("targetPort") > 0) {
            review.error("targetPort has no impact on Sidecars");
        }
        Failure failure =
                portName(port).and(protocol(port)).and(CommonRules.port(port.number("number")));
        String bind = listener.text("bind");
        review.error(bind.isEmpty() ? failure : failure.and(CommonRules.address(bind)));
        if (!ports.add(port.number("number"))) {
            review.error("sidecar: ports on IP bound listeners must be unique");
        }
        defaultEndpoint(listener.text("defaultEndpoint"), review);
        if (listener.has("tls")) {
            ingressTls(listener.get("tls"), port, review);
        }
        Spec pool = listener.get("connectionPool");
        review.error(TrafficPolicyRules.connectionPool(pool));
        if (pool.has("http") && !Protocol.parse(port.text("protocol")).isHttp()) {
            review.warn(
                    "sidecar: HTTP connection pool settings are configured for port "
                            + port.number("number")
                            + " ("
                            + GoText.quote(port.text("name"))
                            + ") but its protocol is not HTTP ("
                            + port.text("protocol")
                            + "); only TCP settings will apply");
        }
        return review;
    }

    private static void defaultEndpoint(String endpoint, Review review) {
        if (endpoint.isEmpty()) {
            return;
        }
        if (endpoint.startsWith(UNIX)) {
            review.error(CommonRules.unixAddress(endpoint.substring(UNIX.length())));
            return;
        }
        HostPort split = HostPort.split(endpoint);
        if (!split.error().isEmpty()) {
            review.error(split.error());
        }
        if (!LOCAL_HOSTS.contains(split.host())) {
            review.error(
                    "sidecar: defaultEndpoint must be of form"
                            + " 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or"
                            + " unset");
        }
        if (split.port().matches("[+-]?[0-9]{1,18}")) {
            review.error(CommonRules.port(Long.parseLong(split.port())));
        } else {
            review.error(
                    "sidecar: defaultEndpoint port ("
                            + split.port()
                            + ") is not a number: strconv.Atoi: parsing "
                            + GoText.quote(split.port())
                            + ": invalid syntax");
        }
    }

    private static void ingressTls(Spec tls, Spec port, Review review) {
        if (!tls.texts("subjectAltNames").isEmpty()) {
            review.error("sidecar: subjectAltNames is not supported in ingress tls");
        }
        if (tls.flag("httpsRedirect")) {
            review.error("sidecar: httpsRedirect is not supported");
        }
        if (!tls.text("credentialName").isEmpty()) {
            review.error("sidecar: credentialName is not currently supported");
        }
        if (!tls.texts("credentialNames").isEmpty()) {
            review.error("sidecar: credentialNames is not currently supported");
        }
        if (!tls.list("tlsCertificates").isEmpty()) {
            review.error("sidecar: tls_certificates is not currently supported");
        }
        String mode = ServerTlsRules.mode(tls);
        if (mode.equals("ISTIO_MUTUAL") || mode.equals("AUTO_PASSTHROUGH")) {
            review.error(
                    "configuration is invalid: cannot set mode to "
                            + mode
                            + " in sidecar ingress tls");
        }
        if (!Protocol.parse(port.text("protocol")).isTls()) {
            review.error("server cannot have TLS settings for non HTTPS/TLS ports");
        }
        review.add(ServerTlsRules.review(tls));
    }

    private static void egress(List<Spec> listeners, String namespace, Review review) {
        Set<Long> ports = new HashSet<>();
        Set<String> sockets = new HashSet<>();
        boolean catchAll = false;
        for (int i = 0; i < listeners.size(); i++) {
            Spec listener = listeners.get(i);
            Spec port = listener.get("port");
            if (!port.present()) {
                if (catchAll) {
                    review.error("sidecar: egress can have only one listener with empty port");
                    continue;
                }
                if (i == listeners.size() - 1) {
                    catchAll = true;
                } else {
                    review.error(
                            "sidecar: the egress listener with empty port should be the last listener"
                                    + " in the list");
                }
            } else {
                egressPort(listener, port, review);
                long number = port.number("number");
                if (number == 0) {
                    if (!sockets.add(listener.text("bind"))) {
                        review.error(
                                "sidecar: unix domain socket values for listeners must be unique");
                    }
                } else if (!ports.add(number)) {
                    review.error("sidecar: ports on IP bound listeners must be unique");
                }
            }
            egressHosts(listener.texts("hosts"), namespace, review);
        }
    }

    private static void egressPort(Spec listener, Spec port, Review review) {
        if (port.number("targetPort") > 0) {
            review.error("targetPort has no impact on Sidecars");
        }
        String bind = listener.text("bind");
        Failure failure = portName(port).and(protocol(port));
        if (port.number("number") == 0) {
            failure =
                    failure.and(
                            bind.startsWith(UNIX)
                                    ? CommonRules.unixAddress(bind.substring(UNIX.length()))
                                    : Failure.of(
                                            "sidecar: ports with 0 value must have a unix domain socket"
                                                    + " bind address"));
            String capture = listener.text("captureMode");
            if (!capture.isEmpty() && !capture.equals("DEFAULT") && !capture.equals("NONE")) {
                failure =
                        failure.and(
                                Failure.of(
                                        "sidecar: captureMode must be DEFAULT/NONE for unix domain"
                                                + " socket listeners"));
            }
        } else {
            failure = failure.and(CommonRules.port(port.number("number")));
            if (!bind.isEmpty()) {
                failure = failure.and(CommonRules.address(bind));
            }
        }
        review.error(failure);
    }

    private static void egressHosts(List<String> hosts, String namespace, Review review) {
        if (hosts.isEmpty()) {
            review.error("sidecar: egress listener must contain at least one host");
            return;
        }
        Map<String, Set<String>> seen = new HashMap<>();
        for (String host : hosts) {
            int slash = host.indexOf('/');
            if (slash >= 0 && !host.startsWith("~")) {
                String of =
                        host.substring(0, slash).equals(".") ? namespace : host.substring(0, slash);
                String service = host.substring(slash + 1);
                Set<String> services = seen.computeIfAbsent(of, key -> new HashSet<>());
                boolean duplicate =
                        service.equals("*")
                                ? !services.isEmpty()
                                : services.contains(service) || services.contains("*");
                if (duplicate) {
                    review.warn("duplicated egress host: " + host);
                }
                services.add(service);
            }
            review.error(DomainRules.sidecarHost(host));
        }
        if (seen.getOrDefault("*", Set.of()).contains("*") && seen.size() != 1) {
            review.warn("`*/*` host select all resources, no other hosts can be added");
        }
    }

    private static Failure outboundTraffic(Spec policy) {
        if (!policy.present()) {
            return Failure.NONE;
        }
        String mode = policy.text("mode");
        if (mode.equals("ALLOW_ANY_DYNAMIC_DNS")) {
            return Failure.of(
                    "sidecar: ALLOW_ANY_DYNAMIC_DNS mode is only supported in MeshConfig, not in Sidecar"
                            + " resource");
        }
        Spec proxy = policy.get("egressProxy");
        if (!proxy.present()) {
            return Failure.NONE;
        }
        if (!mode.equals("ALLOW_ANY")) {
            return Failure.of(
                    "sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy"
                            + " mode");
        }
        Failure host = DomainRules.fqdn(proxy.text("host"));
        return proxy.has("port")
                ? host.and(RouteRules.destination(proxy))
                : host.and(Failure.of("sidecar: egress_proxy port must be non-nil"));
    }

    private static Failure portName(Spec port) {
        return port.text("name").isEmpty() ? Failure.NONE : CommonRules.portName(port.text("name"));
    }

    private static Failure protocol(Spec port) {
        String protocol = port.text("protocol");
        return !protocol.isEmpty() && Protocol.parse(protocol) == Protocol.UNSUPPORTED
                ? Failure.of("unsupported protocol: " + protocol)
                : Failure.NONE;
    }

    /** Go's {@code net.SplitHostPort}. */
    private record HostPort(String host, String port, String error) {
        static HostPort split(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 0) {
                return failed(text, "missing port in address");
            }
            if (text.startsWith("[")) {
                int end = text.indexOf(']');
                if (end < 0) {
                    return failed(text, "missing ']' in address");
                }
                if (end + 1 != colon) {
                    return failed(
                            text,
                            end + 1 == text.length()
                                    ? "missing port in address"
                                    : "too many colons in address");
                }
                return new HostPort(text.substring(1, end), text.substring(colon + 1), "");
            }
            return text.indexOf(':') == colon
                    ? new HostPort(text.substring(0, colon), text.substring(colon + 1), "")
                    : failed(text, "too many colons in address");
        }

        private static HostPort failed(String text, String why) {
            return new HostPort("", "", "address " + text + ": " + why);
        }
    }
}
