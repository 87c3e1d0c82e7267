package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.List;

/**
 * One entry of {@code Gateway.spec.servers}.
 *
 * @param gateway {@code namespace/name} of its Gateway
 * @param object the Gateway
 * @param portNumber the number as written
 * @param portName the port's name
 * @param protocol what is spoken
 * @param hosts hosts, with the namespace part in Istio's normal form
 * @param bind address to listen on; empty for all
 * @param name the server's own name
 * @param tls TLS settings; absent when there are none
 */
public record GatewayServer(
        String gateway,
        KubeObject object,
        int portNumber,
        String portName,
        Protocol protocol,
        List<String> hosts,
        String bind,
        String name,
        JsonView tls) {

    /** TLS modes of a server; the first is the default. */
    public enum TlsMode {
        PASSTHROUGH,
        SIMPLE,
        MUTUAL,
        AUTO_PASSTHROUGH,
        ISTIO_MUTUAL,
        OPTIONAL_MUTUAL
    }

    static GatewayServer of(KubeObject gateway, JsonView server) {
        JsonView port = server.at("port");
        return new GatewayServer(
                gateway.key(),
                gateway,
                port.integer("number"),
                port.text("name"),
                Protocol.parse(port.text("protocol")),
                normalHosts(server.texts("hosts"), gateway.namespace()),
                server.text("bind"),
                server.text("name"),
                server.at("tls"));
    }

    /** The TLS mode; PASSTHROUGH when none is written. */
    public TlsMode mode() {
        String written = tls.text("mode");
        for (TlsMode mode : TlsMode.values()) {
            if (mode.name().equals(written)) {
                return mode;
            }
        }
        return TlsMode.PASSTHROUGH;
    }

    /** Whether TLS settings are meant for a listener rather than a redirect. */
    public boolean tlsServer() {
        return tls.present() && !protocol.http();
    }

    /** Whether bytes go through untouched. */
    public boolean passthrough() {
        return tls.present()
                && (mode() == TlsMode.PASSTHROUGH || mode() == TlsMode.AUTO_PASSTHROUGH);
    }

    /** Whether requests are routed by HTTP rules, on plain or terminated TLS connections. */
    public boolean httpServer() {
        return protocol.http() || (protocol == Protocol.HTTPS && !passthrough());
    }

    /** Whether TLS ends here and HTTP follows. */
    public boolean httpsTerminated() {
        return tls.present() && protocol == Protocol.HTTPS && !passthrough();
    }

    /** Whether plain requests are sent to https. */
    public boolean httpsRedirect() {
        return tls.flag("httpsRedirect");
    }

    /** Host names for SNI, sorted, without namespaces. */
    public List<String> sniHosts() {
        return hosts.stream()
                .map(host -> host.substring(host.indexOf('/') + 1))
                .distinct()
                .sorted()
                .toList();
    }

    private static List<String> normalHosts(List<String> hosts, String namespace) {
        List<String> out = new ArrayList<>(hosts.size());
        for (String host : hosts) {
            int slash = host.indexOf('/');
            String owner = slash < 0 ? "" : host.substring(0, slash);
            String name = host.substring(slash + 1);
            if (owner.equals("*") && name.equals("*")) {
                return List.of("*");
            }
            out.add(
                    switch (owner) {
                        case "." -> namespace + "/" + name;
                        case "*" -> name;
                        default -> host;
                    });
        }
        return List.copyOf(out);
    }
}
