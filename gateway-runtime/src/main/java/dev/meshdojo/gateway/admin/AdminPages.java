package dev.meshdojo.gateway.admin;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.meshdojo.gateway.stream.CertificateFields;
import dev.meshdojo.gateway.stream.format.SocketAddresses;
import dev.meshdojo.gateway.telemetry.StatTags;
import io.envoyproxy.envoy.admin.v3.CertificateDetails;
import io.envoyproxy.envoy.admin.v3.Certificates;
import io.envoyproxy.envoy.admin.v3.Listeners;
import io.envoyproxy.envoy.admin.v3.ServerInfo;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Envoy's admin interface. Pages are made from one immutable view; only POST requests do something.
 * Thread-safe. Source: Envoy "Administration interface".
 */
public final class AdminPages {

    private static final Set<String> POSTS =
            Set.of(
                    "/quitquitquit",
                    "/drain_listeners",
                    "/reset_counters",
                    "/healthcheck/fail",
                    "/healthcheck/ok",
                    "/logging");

    private static final String HELP =
            """
            admin commands are:
              /: Admin home page
              /certs: print certs on machine
              /clusters: upstream cluster status
              /config_dump: dump current Envoy configs
                  resource: The resource to dump
                  mask: The mask to apply. When both resource and mask are specified, the mask is applied to every element in the desired repeated field so that only a subset of fields are returned. The mask is parsed as a Protobuf::FieldMask
                  include_eds: Dump currently loaded configuration including EDS. See the response definition for more information
              /drain_listeners (POST): drain listeners
                  graceful: When draining listeners, enter a graceful drain period prior to closing listeners. This behaviour and duration is configurable via server options or CLI
              /healthcheck/fail (POST): cause the server to fail health checks
              /healthcheck/ok (POST): cause the server to pass health checks
              /help: print out list of admin commands
              /listeners: print listener info
                  format: File format to use; One of (text, json)
              /logging (POST): query/change logging levels
              /quitquitquit (POST): exit the server
              /ready: print server state, return 200 if LIVE, otherwise return 503
              /reset_counters (POST): reset all counters to zero
              /server_info: print server version/status information
              /stats: print server stats
                  filter: Regular expression (Google re2) for filtering stats
              /stats/prometheus: print server stats in prometheus format
                  filter: Regular expression (Google re2) for filtering stats
            """;

    private final AdminControls controls;
    private final LogLevels levels = new LogLevels();

    /** Pages whose POST requests go to {@code controls}. */
    public AdminPages(AdminControls controls) {
        this.controls = controls;
    }

    /**
     * Answers one request.
     *
     * @param method GET, HEAD or POST
     * @param pathAndQuery as received
     */
    public AdminResponse handle(String method, String pathAndQuery, AdminView view) {
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        Map<String, String> query = query(mark < 0 ? "" : pathAndQuery.substring(mark + 1));
        if (POSTS.contains(path) && !method.equals("POST")) {
            return AdminResponse.text(405, "Method " + method + " not allowed, POST required.");
        }
        return switch (path) {
            case "/", "/help" -> AdminResponse.text(200, HELP);
            case "/config_dump" -> ConfigDumpPage.page(view, query);
            case "/clusters" -> ClustersPage.page(view, query);
            case "/listeners" -> listeners(view, query);
            case "/stats" -> stats(view, query);
            case "/stats/prometheus" -> prometheus(view, query);
            case "/server_info" -> AdminResponse.json(AdminJson.print(serverInfo(view)));
            case "/ready" -> ready(view);
            case "/certs" -> AdminResponse.json(AdminJson.print(certificates(view)));
            case "/logging" -> levels.page(query);
            case "/quitquitquit" -> done(controls::quit);
            case "/reset_counters" -> done(controls::resetCounters);
            case "/healthcheck/fail" -> done(() -> controls.failHealthChecks(true));
            case "/healthcheck/ok" -> done(() -> controls.failHealthChecks(false));
            case "/drain_listeners" ->
                    done(() -> controls.drainListeners(query.containsKey("graceful")));
            default -> AdminResponse.text(404, "invalid path. " + HELP);
        };
    }

    private static AdminResponse done(Runnable action) {
        action.run();
        return AdminResponse.text(200, "OK\n");
    }

    private static AdminResponse ready(AdminView view) {
        int status = view.state() == ServerInfo.State.LIVE ? 200 : 503;
        return AdminResponse.text(status, view.state().name() + "\n");
    }

    private static AdminResponse listeners(AdminView view, Map<String, String> query) {
        if (!"json".equals(query.get("format"))) {
            StringBuilder text = new StringBuilder();
            view.boundListeners()
                    .forEach(
                            (name, address) ->
                                    text.append(name)
                                            .append("::")
                                            .append(SocketAddresses.print(address))
                                            .append('\n'));
            return AdminResponse.text(200, text.toString());
        }
        Listeners.Builder listeners = Listeners.newBuilder();
        view.boundListeners()
                .forEach(
                        (name, address) ->
                                listeners
                                        .addListenerStatusesBuilder()
                                        .setName(name)
                                        .getLocalAddressBuilder()
                                        .setSocketAddress(
                                                SocketAddress.newBuilder()
                                                        .setAddress(SocketAddresses.host(address))
                                                        .setPortValue(address.getPort())));
        return AdminResponse.json(AdminJson.print(listeners));
    }

    private static AdminResponse stats(AdminView view, Map<String, String> query) {
        return "prometheus".equals(query.get("format"))
                ? prometheus(view, query)
                : filtered(query, view.stats()::text);
    }

    private static AdminResponse prometheus(AdminView view, Map<String, String> query) {
        StatTags tags =
                view.bootstrap().getStatsConfig().getStatsTagsCount() > 0
                        ? StatTags.ISTIO
                        : StatTags.ENVOY;
        return filtered(query, filter -> view.stats().prometheus(filter, tags));
    }

    private static AdminResponse filtered(
            Map<String, String> query,
            java.util.function.Function<Predicate<String>, String> page) {
        String filter = query.get("filter");
        if (filter == null) {
            return AdminResponse.text(200, page.apply(name -> true));
        }
        try {
            Pattern pattern = Pattern.compile(filter);
            return AdminResponse.text(200, page.apply(name -> pattern.matcher(name).find()));
        } catch (PatternSyntaxException e) {
            return AdminResponse.text(400, "Invalid re2 regex");
        }
    }

    private static ServerInfo serverInfo(AdminView view) {
        Duration uptime = Duration.newBuilder().setSeconds(view.uptime().toSeconds()).build();
        ServerInfo.Builder info =
                ServerInfo.newBuilder()
                        .setVersion(view.version())
                        .setState(view.state())
                        .setUptimeCurrentEpoch(uptime)
                        .setUptimeAllEpochs(uptime)
                        .setHotRestartVersion("disabled")
                        .setNode(view.bootstrap().getNode());
        info.getCommandLineOptionsBuilder()
                .setServiceCluster(view.bootstrap().getNode().getCluster())
                .setServiceNode(view.bootstrap().getNode().getId());
        return info.build();
    }

    private static Certificates certificates(AdminView view) {
        Certificates.Builder all = Certificates.newBuilder();
        for (AdminView.CertificateView one : view.certificates()) {
            var certificate = all.addCertificatesBuilder();
            one.authorities().forEach(ca -> certificate.addCaCert(details(ca, view.now())));
            one.chain().forEach(link -> certificate.addCertChain(details(link, view.now())));
        }
        return all.build();
    }

    private static CertificateDetails details(X509Certificate certificate, Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        CertificateDetails.Builder details =
                CertificateDetails.newBuilder()
                        .setPath("<inline>")
                        .setSerialNumber(CertificateFields.serial(certificate))
                        .setDaysUntilExpiration(
                                Math.max(0, java.time.Duration.between(now, end).toDays()))
                        .setValidFrom(seconds(certificate.getNotBefore().toInstant()))
                        .setExpirationTime(seconds(end));
        CertificateFields.dnsSans(certificate)
                .forEach(name -> details.addSubjectAltNamesBuilder().setDns(name));
        CertificateFields.uriSans(certificate)
                .forEach(name -> details.addSubjectAltNamesBuilder().setUri(name));
        return details.build();
    }

    private static Timestamp seconds(Instant instant) {
        return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.isEmpty()) {
                query.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
