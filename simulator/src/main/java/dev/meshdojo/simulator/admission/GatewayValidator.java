package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for Gateway. */
final class GatewayValidator implements KindValidator {

    private static final String UNIX = "unix://";

    @Override
    public Review review(ObjectUnderReview object) {
        Review review = new Review();
        if (!CommonRules.isDnsLabel(object.name())) {
            review.error("invalid gateway name: " + GoText.quote(object.name()));
        }
        List<Spec> servers = object.spec().list("servers");
        if (servers.isEmpty()) {
            review.error("gateway must have at least one server");
        }
        servers.forEach(server -> review.add(server(server)));
        Set<String> names = new HashSet<>();
        for (Spec server : servers) {
            if (!server.has("port")) {
                continue;
            }
            String name = server.get("port").text("name");
            if (!names.add(name)) {
                review.error("port names in servers must be unique: duplicate name " + name);
            }
            if (!Protocol.parse(server.get("port").text("protocol")).isHttp()
                    && server.get("tls").flag("httpsRedirect")) {
                review.warn("tls.httpsRedirect should only be used with http servers");
            }
        }
        return review;
    }

    private static Review server(Spec server) {
        Review review = new Review();
        List<String> hosts = server.texts("hosts");
        if (hosts.isEmpty()) {
            review.error("server config must contain at least one host");
        }
        hosts.forEach(host -> review.error(DomainRules.gatewayHost(host)));
        Spec port = server.get("port");
        String bind = server.text("bind");
        Failure portFailure = port(port, bind);
        review.error(portFailure);
        review.error(bind(port, bind));
        Spec tls = server.get("tls");
        review.add(ServerTlsRules.review(tls));
        if (portFailure.isNone()) {
            Protocol protocol = Protocol.parse(port.text("protocol"));
            if (protocol.isTls() && !tls.present()) {
                review.error("server must have TLS settings for HTTPS/TLS protocols");
            } else if (!protocol.isTls() && tls.present()) {
                review.error(plaintextTls(protocol, tls));
            }
        }
        return review;
    }

    private static Failure plaintextTls(Protocol protocol, Spec tls) {
        if (!protocol.isHttp()) {
            return Failure.of("server cannot have TLS settings for non HTTPS/TLS ports");
        }
        String mode = ServerTlsRules.mode(tls);
        boolean passthrough = mode.equals("PASSTHROUGH") || mode.equals("AUTO_PASSTHROUGH");
        return passthrough
                        && tls.text("caCertificates").isEmpty()
                        && tls.text("privateKey").isEmpty()
                        && tls.text("serverCertificate").isEmpty()
                ? Failure.NONE
                : Failure.of("server cannot have TLS settings for plain text HTTP ports");
    }

    private static Failure port(Spec port, String bind) {
        if (!port.present()) {
            return Failure.of("port is required");
        }
        Failure failure = Failure.NONE;
        String protocol = port.text("protocol");
        if (Protocol.parse(protocol) == Protocol.UNSUPPORTED) {
            failure =
                    Failure.of(
                            "invalid protocol "
                                    + GoText.quote(protocol)
                                    + ", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO,"
                                    + " REDIS, MYSQL, TCP");
        }
        long number = port.number("number");
        if (number > 0 || !bind.startsWith(UNIX)) {
            failure = failure.and(CommonRules.port(number));
        }
        if (port.number("targetPort") > 0) {
            failure = failure.and(Failure.of("targetPort has no impact on Gateways"));
        }
        return port.text("name").isEmpty()
                ? failure.and(
                        Failure.of("port name must be set: " + ServerTlsRules.printPort(port)))
                : failure;
    }

    private static Failure bind(Spec port, String bind) {
        if (!bind.startsWith(UNIX)) {
            return bind.isEmpty() ? Failure.NONE : CommonRules.address(bind);
        }
        Failure failure = CommonRules.unixAddress(bind.substring(UNIX.length()));
        return port.number("number") == 0
                ? failure
                : failure.and(
                        Failure.of(
                                "port number must be 0 for unix domain socket: "
                                        + ServerTlsRules.printPort(port)));
    }
}
