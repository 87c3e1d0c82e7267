package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.HeadLimits;
import dev.meshdojo.gateway.codec.ServerOptions;
import dev.meshdojo.gateway.filter.HttpFilterChain;
import dev.meshdojo.gateway.route.RouteTable;
import dev.meshdojo.gateway.telemetry.AccessLog;
import dev.meshdojo.gateway.telemetry.HttpStats;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP connection manager, compiled. Immutable.
 *
 * @param statPrefix for metrics
 * @param codec which protocols are spoken
 * @param routeName the RDS table; null when {@code inline} is given
 * @param inline the table that stands in the listener itself
 * @param filters without the router
 * @param accessLogs where ended streams are written
 * @param serverName the value of {@code server}
 * @param server when {@code server} is written
 * @param limits of request heads
 * @param useRemoteAddress whether the peer's address is the client's, which makes this an edge
 * @param trustedHops proxies in front whose {@code x-forwarded-for} counts
 * @param skipForwardedFor whether {@code x-forwarded-for} stays as it is
 * @param path what is done to paths
 * @param host what is done to authority and scheme
 * @param requestId how {@code x-request-id} is treated
 * @param clientCert what becomes of {@code x-forwarded-client-cert}
 * @param upgrades upgrade types let through, lower-case
 * @param via the value of {@code via}; empty for none
 * @param decorate whether the route's operation goes upstream
 * @param acceptHttp10 whether HTTP/1.0 is spoken
 * @param proxy100Continue whether {@code expect: 100-continue} is left to the upstream
 * @param timeouts how long things may take
 * @param stats where it counts
 */
public record HttpConfig(
        String statPrefix,
        Codec codec,
        @Nullable String routeName,
        @Nullable RouteTable inline,
        HttpFilterChain filters,
        List<AccessLog> accessLogs,
        String serverName,
        ServerHeader server,
        HeadLimits limits,
        boolean useRemoteAddress,
        int trustedHops,
        boolean skipForwardedFor,
        PathRules path,
        HostRules host,
        RequestIdRules requestId,
        ClientCertRules clientCert,
        Set<String> upgrades,
        String via,
        boolean decorate,
        boolean acceptHttp10,
        boolean proxy100Continue,
        HttpTimeouts timeouts,
        HttpStats stats) {

    public HttpConfig {
        accessLogs = List.copyOf(accessLogs);
        upgrades = Set.copyOf(upgrades);
    }

    /** How the codec serves a connection. */
    public ServerOptions serverOptions(boolean secure) {
        return new ServerOptions(limits, secure, timeouts.headDeadline(), timeouts.delayedClose());
    }

    /** Which protocols a connection may speak. */
    public enum Codec {
        AUTO,
        HTTP1,
        HTTP2
    }

    /** When {@code server} is written. */
    public enum ServerHeader {
        OVERWRITE,
        APPEND_IF_ABSENT,
        PASS_THROUGH
    }

    /** What is done with escaped slashes. */
    public enum EscapedSlashes {
        KEEP,
        REJECT,
        UNESCAPE_AND_REDIRECT,
        UNESCAPE_AND_FORWARD
    }

    /**
     * What is done to paths.
     *
     * @param normalize dot segments and escapes
     * @param mergeSlashes several slashes become one
     * @param escapedSlashes what becomes of {@code %2F} and {@code %5C}
     */
    public record PathRules(
            boolean normalize, boolean mergeSlashes, EscapedSlashes escapedSlashes) {}

    /**
     * What is done to authority and scheme.
     *
     * @param stripPort whether any port is taken off
     * @param stripOwnPort whether the listener's own port is taken off
     * @param stripDot whether a dot at the host's end is taken off
     * @param scheme takes the request's place; empty for none
     * @param forwardedPort whether {@code x-forwarded-port} is written
     */
    public record HostRules(
            boolean stripPort,
            boolean stripOwnPort,
            boolean stripDot,
            String scheme,
            boolean forwardedPort) {

        /** The authority as routing sees it. */
        String authority(String given, int ownPort) {
            int colon = given.lastIndexOf(':');
            if (colon <= given.lastIndexOf(']') && given.indexOf(']') >= 0) {
                colon = -1;
            }
            String name = colon < 0 ? given : given.substring(0, colon);
            String port = colon < 0 ? "" : given.substring(colon);
            if (stripDot && name.endsWith(".")) {
                name = name.substring(0, name.length() - 1);
            }
            boolean number = port.length() > 1 && port.chars().skip(1).allMatch(Character::isDigit);
            if (number && (stripPort || (stripOwnPort && port.equals(":" + ownPort)))) {
                port = "";
            }
            return name + port;
        }
    }

    /**
     * How {@code x-request-id} is treated.
     *
     * @param generate whether one is made
     * @param keepExternal whether an outside one is kept
     * @param inResponse whether responses carry it
     */
    public record RequestIdRules(boolean generate, boolean keepExternal, boolean inResponse) {}

    /** What becomes of {@code x-forwarded-client-cert}. */
    public enum ForwardClientCert {
        SANITIZE,
        FORWARD_ONLY,
        APPEND_FORWARD,
        SANITIZE_SET,
        ALWAYS_FORWARD_ONLY
    }

    /** Which parts of the certificate it gets. */
    public record ClientCertRules(
            ForwardClientCert mode,
            boolean subject,
            boolean cert,
            boolean chain,
            boolean dns,
            boolean uri) {}
}
