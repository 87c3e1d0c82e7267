package dev.meshdojo.simulator.pilot.listener;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.MeshConfig;

/**
 * {@code proxyHeaders} and {@code gatewayTopology} of the proxy configuration.
 *
 * @param config {@code defaultConfig} of the mesh
 */
public record ProxyHeaders(JsonView config) {

    /** What the mesh says of all proxies. */
    public static ProxyHeaders of(MeshConfig mesh) {
        return new ProxyHeaders(mesh.proxyDefaults());
    }

    private JsonView headers() {
        return config.at("proxyHeaders");
    }

    private JsonView topology() {
        return config.at("gatewayTopology");
    }

    /** The value of the {@code server} header; empty to leave the backend's. */
    String serverName() {
        JsonView server = headers().at("server");
        if (server.flag("disabled")) {
            return "";
        }
        String value = server.text("value");
        return value.isEmpty() ? "istio-envoy" : value;
    }

    boolean passServerHeader() {
        return headers().at("server").flag("disabled");
    }

    boolean requestIdDisabled() {
        return headers().at("requestId").flag("disabled");
    }

    /** Whether upstream requests carry their attempt's number. */
    public boolean attemptCount() {
        return !headers().at("attemptCount").flag("disabled");
    }

    boolean suppressDebugHeaders() {
        return headers().at("envoyDebugHeaders").flag("disabled");
    }

    boolean forwardedPort() {
        return headers().at("xForwardedPort").flag("enabled");
    }

    /** Whether a rewritten Host is kept in {@code x-forwarded-host}. */
    public boolean forwardedHost() {
        return headers().at("xForwardedHost").flag("enabled");
    }

    int trustedProxies() {
        return topology().integer("numTrustedProxies");
    }

    String forwardClientCertificate() {
        String written = topology().text("forwardClientCertDetails");
        return written.isEmpty() || written.equals("UNDEFINED") ? "SANITIZE_SET" : written;
    }

    boolean proxyProtocol() {
        return topology().has("proxyProtocol");
    }
}
