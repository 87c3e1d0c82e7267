package dev.meshdojo.simulator.pilot.model;

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
    public String serverName() {
        JsonView server = headers().at("server");
        if (server.flag("disabled")) {
            return "";
        }
        String value = server.text("value");
        return value.isEmpty() ? "istio-envoy" : value;
    }

    /** Whether the backend's {@code server} header is passed on. */
    public boolean passServerHeader() {
        return headers().at("server").flag("disabled");
    }

    /** Whether requests get no {@code x-request-id}. */
    public boolean requestIdDisabled() {
        return headers().at("requestId").flag("disabled");
    }

    /** Whether upstream requests carry their attempt's number. */
    public boolean attemptCount() {
        return !headers().at("attemptCount").flag("disabled");
    }

    /** Whether Envoy's own headers are left out. */
    public boolean suppressDebugHeaders() {
        return headers().at("envoyDebugHeaders").flag("disabled");
    }

    /** Whether {@code x-forwarded-port} is added. */
    public boolean forwardedPort() {
        return headers().at("xForwardedPort").flag("enabled");
    }

    /** Whether a rewritten Host is kept in {@code x-forwarded-host}. */
    public boolean forwardedHost() {
        return headers().at("xForwardedHost").flag("enabled");
    }

    /** How many proxies in front are trusted. */
    public int trustedProxies() {
        return topology().integer("numTrustedProxies");
    }

    /** What becomes of {@code x-forwarded-client-cert}, in Envoy's words. */
    public String forwardClientCertificate() {
        String written = topology().text("forwardClientCertDetails");
        return written.isEmpty() || written.equals("UNDEFINED") ? "SANITIZE_SET" : written;
    }

    /** Whether connections start with the PROXY protocol. */
    public boolean proxyProtocol() {
        return topology().has("proxyProtocol");
    }

    /** Whether the case of HTTP/1 header names is kept. */
    public boolean preserveCase() {
        return headers().flag("preserveHttp1HeaderCase");
    }
}
