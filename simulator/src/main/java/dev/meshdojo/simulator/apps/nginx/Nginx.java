package dev.meshdojo.simulator.apps.nginx;

import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.apps.Serving;
import dev.meshdojo.simulator.apps.Workload;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code nginx}: runs the configuration that is mounted, {@code /etc/nginx/nginx.conf} or {@code
 * /etc/nginx/conf.d/*.conf} and the templates of the image, or the image's own. Serves HTTP;
 * listeners with {@code ssl} are named in the log and left out. Caches, limits, compression and
 * timeouts are read and have no effect.
 */
public final class Nginx implements Workload {

    @SuppressWarnings("InlineFormatString") // a file of its own
    private static final String OWN =
            """
            server {
                listen %d;
                server_name localhost;
                location / { root /usr/share/nginx/html; index index.html index.htm; }
                error_page 500 502 503 504 /50x.html;
            }
            """;

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ERROR_LOG =
            DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final int port;

    /**
     * @param port where the image's own configuration listens
     */
    public Nginx(int port) {
        this.port = port;
    }

    @Override
    public int run(Container container) throws IOException, InterruptedException {
        container.log("/docker-entrypoint.sh: Configuration complete; ready for start up");
        Directive http;
        Proxying proxying;
        Map<Integer, List<Directive>> servers = new TreeMap<>();
        try {
            http = http(container);
            proxying = new Proxying(container, http);
            for (Directive target : proxying.targets().toList()) {
                proxying.check(target);
            }
            listeners(container, http, servers);
        } catch (ConfigException e) {
            String text = " [emerg] 1#1: " + e.getMessage();
            container.log(ERROR_LOG.format(container.clock().instant()) + text);
            container.log("nginx: [emerg] " + e.getMessage());
            return 1;
        }
        for (String notice :
                List.of(
                        "using the \"epoll\" event method",
                        "nginx/1.27.5",
                        "start worker processes",
                        "start worker process 29")) {
            container.log(
                    ERROR_LOG.format(container.clock().instant()) + " [notice] 1#1: " + notice);
        }
        Scope scope = new Scope(List.of(http));
        return Serving.blockingByPort(
                container,
                List.copyOf(servers.keySet()),
                (number, request) ->
                        answer(
                                container,
                                scope,
                                proxying,
                                servers.getOrDefault(number, List.of()),
                                request));
    }

    private Directive http(Container container) throws ConfigException {
        byte[] main = container.files().read("/etc/nginx/nginx.conf");
        if (main != null) {
            List<Directive> all =
                    ConfigReader.read(
                            container.files(),
                            "/etc/nginx/nginx.conf",
                            new String(main, StandardCharsets.UTF_8));
            return all.stream()
                    .filter(directive -> directive.name().equals("http"))
                    .findFirst()
                    .orElse(new Directive("http", List.of(), List.of(), "nginx.conf", 1));
        }
        List<Directive> servers = new ArrayList<>();
        boolean any = false;
        for (String name : container.files().list("/etc/nginx/templates")) {
            if (name.endsWith(".template")) {
                String file = "/etc/nginx/conf.d/" + name.substring(0, name.length() - 9);
                servers.addAll(
                        ConfigReader.read(
                                container.files(),
                                file,
                                substituted(
                                        container,
                                        text(container, "/etc/nginx/templates/" + name))));
                any = true;
            }
        }
        for (String name : container.files().list("/etc/nginx/conf.d")) {
            if (name.endsWith(".conf")) {
                String file = "/etc/nginx/conf.d/" + name;
                servers.addAll(ConfigReader.read(container.files(), file, text(container, file)));
                any = true;
            }
        }
        if (!any) {
            servers.addAll(
                    ConfigReader.read(
                            container.files(),
                            "/etc/nginx/conf.d/default.conf",
                            OWN.formatted(port)));
        }
        servers.add(
                new Directive(
                        "default_type",
                        List.of("application/octet-stream"),
                        List.of(),
                        "/etc/nginx/nginx.conf",
                        17));
        return new Directive("http", List.of(), servers, "/etc/nginx/nginx.conf", 15);
    }

    private static String text(Container container, String file) {
        byte[] content = container.files().read(file);
        return content == null ? "" : new String(content, StandardCharsets.UTF_8);
    }

    /** Replaces what the environment has, as envsubst does. */
    private static String substituted(Container container, String template) {
        String text = template;
        for (var variable : container.env().entrySet()) {
            text = text.replace("${" + variable.getKey() + "}", variable.getValue());
        }
        return text;
    }

    private static void listeners(
            Container container, Directive http, Map<Integer, List<Directive>> servers)
            throws ConfigException {
        for (Directive server : http.all("server").toList()) {
            List<Directive> listens = server.all("listen").toList();
            if (listens.isEmpty()) {
                servers.computeIfAbsent(80, _ -> new ArrayList<>()).add(server);
            }
            for (Directive listen : listens) {
                String number = listen.arg(0).replaceFirst("^.*:", "");
                boolean address = !number.matches("\\d{1,5}");
                if (listen.args().contains("ssl")) {
                    container.log(
                            "[warn] 1#1: \"listen "
                                    + String.join(" ", listen.args())
                                    + "\" is left out: this stand-in for nginx speaks no TLS");
                    continue;
                }
                List<Directive> own =
                        servers.computeIfAbsent(
                                address ? 80 : Integer.parseInt(number), _ -> new ArrayList<>());
                if (own.stream().noneMatch(server::equals)) {
                    own.add(server);
                }
            }
        }
        if (servers.isEmpty()) {
            throw new ConfigException("no server listens: add \"listen 80;\" to a server block");
        }
    }

    private static HttpApp.Reply answer(
            Container container,
            Scope http,
            Proxying proxying,
            List<Directive> servers,
            HttpApp.Request request) {
        Variables variables = new Variables(container, request, http);
        Directive server = Locations.server(servers, variables.value("host"), variables);
        Directive serverName = server.last("server_name");
        variables.set("server_name", serverName == null ? "" : serverName.arg(0));
        Answering answering = new Answering(container, variables, http.with(server), proxying);
        HttpApp.Reply reply = answering.answer();
        boolean named = !answering.scope().value("server_tokens", "on").equals("off");
        if (!answering.scope().value("access_log", "").equals("off")) {
            log(container, variables, reply);
        }
        return reply.with("server", named ? "nginx/1.27.5" : "nginx");
    }

    private static void log(Container container, Variables variables, HttpApp.Reply reply) {
        container.log(
                variables.value("remote_addr")
                        + " - - ["
                        + LOCAL.format(container.clock().instant())
                        + "] \""
                        + variables.value("request")
                        + "\" "
                        + reply.status()
                        + " "
                        + reply.body().length
                        + " \""
                        + orDash(variables.value("http_referer"))
                        + "\" \""
                        + orDash(variables.value("http_user_agent"))
                        + "\" \""
                        + orDash(variables.value("http_x_forwarded_for"))
                        + "\"");
    }

    private static String orDash(String value) {
        return value.isEmpty() ? "-" : value;
    }
}
