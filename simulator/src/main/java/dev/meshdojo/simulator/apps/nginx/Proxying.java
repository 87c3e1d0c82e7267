package dev.meshdojo.simulator.apps.nginx;

import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.apps.UpstreamCall;
import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * {@code proxy_pass}, to names of the cluster and to {@code upstream} blocks in turn. Thread-safe.
 */
final class Proxying {

    private static final Set<String> NOT_SENT =
            Set.of(
                    "host",
                    "connection",
                    "keep-alive",
                    "content-length",
                    "transfer-encoding",
                    "upgrade",
                    "te");
    private static final Set<String> NOT_PASSED =
            Set.of(
                    "connection",
                    "keep-alive",
                    "content-length",
                    "transfer-encoding",
                    "server",
                    "date");

    private final Container container;
    private final Directive http;
    private final AtomicInteger turn = new AtomicInteger();

    Proxying(Container container, Directive http) {
        this.container = container;
        this.http = http;
    }

    /** The servers of an upstream block; empty when there is none of that name. */
    private List<String> servers(String name) {
        return http.all("upstream")
                .filter(upstream -> upstream.arg(0).equals(name))
                .flatMap(upstream -> upstream.all("server"))
                .filter(server -> !server.args().contains("down"))
                .map(server -> server.arg(0))
                .toList();
    }

    /** Host names that have to resolve before nginx starts, with the directive that names them. */
    Stream<Directive> targets() {
        return Stream.concat(
                http.all("upstream").flatMap(upstream -> upstream.all("server")),
                http.all("server").flatMap(this::passes));
    }

    private Stream<Directive> passes(Directive block) {
        return block.children().stream()
                .flatMap(
                        child ->
                                child.name().equals("proxy_pass")
                                        ? Stream.of(child)
                                        : passes(child));
    }

    /** Refuses a name that nobody knows, as nginx does when it starts. */
    void check(Directive target) throws ConfigException {
        String address = target.arg(0).replaceFirst("^https?://", "").split("/", 2)[0];
        String host = address.replaceFirst(":\\d+$", "");
        boolean literal =
                host.matches("[0-9.]+") || host.startsWith("[") || host.equals("localhost");
        if (address.contains("$")
                || address.startsWith("unix:")
                || literal
                || !servers(address).isEmpty()) {
            return;
        }
        if (container.cluster().lookup(container.pod().namespace(), host).isEmpty()) {
            throw ConfigException.at(target, "host not found in upstream \"" + host + "\"");
        }
    }

    HttpApp.Reply pass(Directive pass, Scope scope, Variables variables) {
        String url = variables.expand(pass.arg(0));
        String scheme = url.startsWith("https://") ? "https" : "http";
        String rest = url.replaceFirst("^https?://", "");
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String target =
                slash < 0 || pass.arg(0).contains("$")
                        ? path(variables)
                        : replaced(scope, rest.substring(slash), variables);
        if (slash >= 0 && pass.arg(0).contains("$")) {
            target = rest.substring(slash);
        }
        variables.set("proxy_host", authority);
        List<String> servers = servers(authority);
        List<String> order = servers.isEmpty() ? List.of(authority) : servers;
        int first = turn.getAndIncrement();
        HttpApp.Reply failure = StatusPage.of(502);
        for (int i = 0; i < order.size(); i++) {
            String to = order.get(Math.floorMod(first + i, order.size()));
            try {
                return passed(
                        UpstreamCall.send(
                                container,
                                variables.request().method(),
                                scheme + "://" + to + target,
                                headers(scope, variables, authority),
                                variables.request().body(),
                                60_000),
                        scope,
                        variables,
                        authority);
            } catch (SocketTimeoutException e) {
                failure = StatusPage.of(504);
            } catch (IOException e) {
                container.log(error(variables, to, e));
            }
        }
        return failure;
    }

    private String error(Variables variables, String to, IOException e) {
        return "[error] 29#29: *1 connect() failed (111: "
                + e.getMessage()
                + ") while connecting to upstream, client: "
                + variables.value("remote_addr")
                + ", request: \""
                + variables.value("request")
                + "\", upstream: \"http://"
                + to
                + variables.uri()
                + "\", host: \""
                + variables.value("http_host")
                + "\"";
    }

    private static String path(Variables variables) {
        String before = variables.request().path();
        String args = variables.args();
        return before + (args.isEmpty() ? "" : "?" + args);
    }

    /** A URI in {@code proxy_pass} takes the place of what the location matched. */
    private static String replaced(Scope scope, String uri, Variables variables) {
        String prefix = Locations.prefix(scope.innermost());
        String path = variables.uri();
        String rest = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
        return uri + rest + (variables.args().isEmpty() ? "" : "?" + variables.args());
    }

    private static List<HttpApp.Header> headers(
            Scope scope, Variables variables, String authority) {
        List<Directive> own = scope.inherited("proxy_set_header");
        List<HttpApp.Header> headers = new ArrayList<>();
        if (own.stream().noneMatch(header -> header.arg(0).equalsIgnoreCase("host"))) {
            headers.add(new HttpApp.Header("Host", authority));
        }
        for (Directive header : own) {
            String value = variables.expand(header.arg(1));
            if (!value.isEmpty()
                    && !List.of("connection", "upgrade")
                            .contains(header.arg(0).toLowerCase(Locale.ROOT))) {
                headers.add(new HttpApp.Header(header.arg(0), value));
            }
        }
        for (HttpApp.Header header : variables.request().headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!NOT_SENT.contains(name)
                    && own.stream().noneMatch(set -> set.arg(0).equalsIgnoreCase(name))) {
                headers.add(header);
            }
        }
        return headers;
    }

    private static HttpApp.Reply passed(
            HttpClient.Answer answer, Scope scope, Variables variables, String authority) {
        List<String> hidden =
                scope.inherited("proxy_hide_header").stream()
                        .map(header -> header.arg(0).toLowerCase(Locale.ROOT))
                        .toList();
        List<HttpApp.Header> headers = new ArrayList<>();
        for (HttpApp.Header header : answer.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (NOT_PASSED.contains(name) || hidden.contains(name)) {
                continue;
            }
            boolean own =
                    name.equals("location")
                            && header.value().startsWith("http://" + authority + "/");
            headers.add(
                    own
                            ? new HttpApp.Header(
                                    header.name(),
                                    variables.expand("$scheme://$http_host")
                                            + header.value().substring(7 + authority.length()))
                            : header);
        }
        return new HttpApp.Reply(answer.status(), headers, answer.body());
    }
}
