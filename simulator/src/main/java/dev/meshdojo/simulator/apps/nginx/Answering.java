package dev.meshdojo.simulator.apps.nginx;

import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.apps.ContainerFiles;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers one request by the directives that are in force for it. One thread. */
final class Answering {

    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> HEADER_STATUSES =
            Set.of(200, 201, 204, 206, 301, 302, 303, 304, 307, 308);
    static final String WELCOME =
            """
            <!DOCTYPE html>
            <html>
            <head>
            <title>Welcome to nginx!</title>
            </head>
            <body>
            <h1>Welcome to nginx!</h1>
            <p>This page is served by an in-process stand-in for nginx.</p>
            </body>
            </html>
            """;

    private final Container container;
    private final Variables variables;
    private final Scope server;
    private final Proxying proxying;
    private Scope scope;
    private int redirects;
    private boolean explained;

    Answering(Container container, Variables variables, Scope server, Proxying proxying) {
        this.container = container;
        this.variables = variables;
        this.server = server;
        this.scope = server;
        this.proxying = proxying;
    }

    /** The location that answered, for its log settings. */
    Scope scope() {
        return scope;
    }

    HttpApp.Reply answer() {
        HttpApp.Reply reply = rewritten(server);
        if (reply == null) {
            reply = located();
        }
        reply = withErrorPage(reply);
        for (Directive header : scope.inherited("add_header")) {
            boolean always = header.arg(2).equals("always");
            String value = variables.expand(header.arg(1));
            if ((always || HEADER_STATUSES.contains(reply.status())) && !value.isEmpty()) {
                reply = reply.with(header.arg(0), value);
            }
        }
        return reply;
    }

    private HttpApp.Reply withErrorPage(HttpApp.Reply reply) {
        for (Directive page : scope.inherited("error_page")) {
            List<String> args = page.args();
            boolean meant =
                    args.subList(0, args.size() - 1).contains(String.valueOf(reply.status()));
            String change =
                    args.stream().filter(arg -> arg.matches("=\\d*")).findFirst().orElse("");
            if (meant && !explained) {
                explained = true;
                HttpApp.Reply other = elsewhere(args.getLast());
                boolean found = other.status() < 400 || args.getLast().startsWith("@");
                if (!found) {
                    return reply;
                }
                int status =
                        change.length() > 1
                                ? Integer.parseInt(change.substring(1))
                                : change.isEmpty() ? reply.status() : other.status();
                return new HttpApp.Reply(status, other.headers(), other.body());
            }
        }
        return reply;
    }

    /** Goes to another path, or to a named location. */
    private HttpApp.Reply elsewhere(String target) {
        if (target.startsWith("@")) {
            for (Directive location : server.innermost().all("location").toList()) {
                if (location.arg(0).equals(target)) {
                    scope = server.with(location);
                    return content();
                }
            }
            return StatusPage.of(500);
        }
        if (target.startsWith("http")) {
            return redirect(302, target);
        }
        variables.rewrite(target);
        return located();
    }

    private HttpApp.Reply located() {
        if (++redirects > MOST_REDIRECTS) {
            return StatusPage.of(500);
        }
        scope = Locations.locate(server, variables);
        return content();
    }

    private HttpApp.Reply content() {
        HttpApp.Reply early = rewritten(scope);
        if (early != null) {
            return early;
        }
        if (denied()) {
            return StatusPage.of(403);
        }
        if (variables.request().body().length > limit(scope.value("client_max_body_size", "1m"))) {
            return StatusPage.of(413);
        }
        Directive pass = scope.innermost().last("proxy_pass");
        if (pass != null) {
            return proxying.pass(pass, scope, variables);
        }
        if (scope.innermost().last("stub_status") != null) {
            return HttpApp.Reply.of(
                    200,
                    "text/plain",
                    "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0"
                            + " Writing: 1 Waiting: 0 \n");
        }
        Directive tries = scope.one("try_files");
        return tries == null ? file(variables.uri()) : tried(tries);
    }

    /** {@code set}, {@code rewrite}, {@code return} and {@code if}, in order. */
    private HttpApp.@Nullable Reply rewritten(Scope of) {
        return rewritten(of.innermost());
    }

    private HttpApp.@Nullable Reply rewritten(Directive block) {
        for (Directive directive : block.children()) {
            switch (directive.name()) {
                case "set" ->
                        variables.set(
                                directive.arg(0).replaceFirst("^\\$", ""),
                                variables.expand(directive.arg(1)));
                case "return" -> {
                    return returned(directive);
                }
                case "if" -> {
                    HttpApp.Reply reply = holds(directive) ? rewritten(directive) : null;
                    if (reply != null) {
                        return reply;
                    }
                }
                case "rewrite" -> {
                    Matcher matcher = Pattern.compile(directive.arg(0)).matcher(variables.uri());
                    if (matcher.find()) {
                        variables.captured(matcher);
                        String target = variables.expand(directive.arg(1));
                        String how = directive.arg(2);
                        if (how.equals("redirect")
                                || how.equals("permanent")
                                || target.startsWith("http")) {
                            return redirect(how.equals("permanent") ? 301 : 302, target);
                        }
                        variables.rewrite(target);
                        if (how.equals("break")) {
                            return null;
                        }
                        if (block.name().equals("location")) {
                            return located();
                        }
                    }
                }
                default -> {
                    // others do not run in this phase
                }
            }
        }
        return null;
    }

    /** {@code ($variable)}, {@code ($variable = text)}, {@code ($variable ~ regex)}, {@code !}. */
    private boolean holds(Directive condition) {
        String text = String.join(" ", condition.args());
        String inner = text.replaceFirst("^\\(\\s*", "").replaceFirst("\\s*\\)$", "");
        String[] parts = inner.split("\\s+", 3);
        String value = variables.expand(parts[0]);
        if (parts.length == 1) {
            return !value.isEmpty() && !value.equals("0");
        }
        if (parts[0].matches("!?-[fde]")) {
            String path = variables.expand(parts[1]);
            ContainerFiles files = container.files();
            boolean there =
                    (!parts[0].endsWith("d") && files.read(path) != null)
                            || (!parts[0].endsWith("f") && files.isDirectory(path));
            return there != parts[0].startsWith("!");
        }
        String operand = parts.length > 2 ? parts[2] : "";
        switch (parts[1]) {
            case "=":
                return value.equals(variables.expand(operand));
            case "!=":
                return !value.equals(variables.expand(operand));
            default:
                int flags = parts[1].endsWith("*") ? Pattern.CASE_INSENSITIVE : 0;
                Matcher matcher = Pattern.compile(operand, flags).matcher(value);
                boolean found = matcher.find();
                if (found) {
                    variables.captured(matcher);
                }
                return found != parts[1].startsWith("!");
        }
    }

    private HttpApp.Reply returned(Directive directive) {
        String first = directive.arg(0);
        if (!first.matches("\\d{3}")) {
            return redirect(302, variables.expand(first));
        }
        int status = Integer.parseInt(first);
        String text = variables.expand(directive.arg(1));
        if (Set.of(301, 302, 303, 307, 308).contains(status)) {
            return redirect(status, text);
        }
        return directive.args().size() < 2
                ? StatusPage.of(status)
                : HttpApp.Reply.of(status, scope.value("default_type", "text/plain"), text);
    }

    private HttpApp.Reply redirect(int status, String target) {
        String location =
                target.startsWith("/") ? variables.expand("$scheme://$http_host") + target : target;
        return StatusPage.of(status).with("location", location);
    }

    private boolean denied() {
        for (Directive block : scope.blocks().reversed()) {
            for (Directive rule : block.children()) {
                boolean all = rule.arg(0).equals("all");
                boolean meant = all || rule.arg(0).equals(variables.request().peer());
                if (meant && rule.name().equals("deny")) {
                    return true;
                }
                if (meant && rule.name().equals("allow")) {
                    return false;
                }
            }
        }
        return false;
    }

    private static long limit(String size) {
        String number = size.replaceAll("\\D", "");
        if (number.isEmpty() || number.equals("0")) {
            return Long.MAX_VALUE;
        }
        char unit = Character.toLowerCase(size.charAt(size.length() - 1));
        long factor = unit == 'k' ? 1L << 10 : unit == 'm' ? 1L << 20 : unit == 'g' ? 1L << 30 : 1;
        return Long.parseLong(number) * factor;
    }

    private HttpApp.Reply tried(Directive tries) {
        List<String> targets = tries.args();
        for (String target : targets.subList(0, targets.size() - 1)) {
            String path = variables.expand(target);
            String real = real(path);
            boolean there =
                    path.endsWith("/")
                            ? container.files().isDirectory(real)
                            : container.files().read(real) != null;
            if (there) {
                return file(path);
            }
        }
        String last = variables.expand(targets.getLast());
        return last.matches("=\\d{3}")
                ? StatusPage.of(Integer.parseInt(last.substring(1)))
                : elsewhere(last);
    }

    private String real(String path) {
        Directive alias = scope.innermost().last("alias");
        if (alias != null) {
            String rest =
                    path.substring(
                            Math.min(path.length(), Locations.prefix(scope.innermost()).length()));
            return ContainerFiles.normal(variables.expand(alias.arg(0)) + "/" + rest);
        }
        String root = variables.expand(scope.value("root", "/etc/nginx/html"));
        return ContainerFiles.normal((root.startsWith("/") ? root : "/etc/nginx/" + root) + path);
    }

    private HttpApp.Reply file(String path) {
        if (!Set.of("GET", "HEAD").contains(variables.request().method())) {
            return StatusPage.of(405);
        }
        ContainerFiles files = container.files();
        if (path.endsWith("/")) {
            Directive index = scope.one("index");
            for (String name : index == null ? List.of("index.html") : index.args()) {
                byte[] content = page(path + variables.expand(name));
                if (content != null) {
                    return served(name, content);
                }
            }
            return StatusPage.of(files.isDirectory(real(path)) ? 403 : 404);
        }
        byte[] content = page(path);
        if (content == null && files.isDirectory(real(path))) {
            return redirect(301, path + "/");
        }
        return content == null ? StatusPage.of(404) : served(path, content);
    }

    private byte @Nullable [] page(String path) {
        String real = real(path);
        byte[] content = container.files().read(real);
        boolean image = real.equals("/usr/share/nginx/html/index.html");
        boolean covered = !container.files().list("/usr/share/nginx/html").isEmpty();
        return content == null && image && !covered
                ? WELCOME.getBytes(StandardCharsets.UTF_8)
                : content;
    }

    private HttpApp.Reply served(String name, byte[] content) {
        return HttpApp.Reply.of(200, type(name), content)
                .with("last-modified", "Wed, 16 Apr 2025 12:01:11 GMT")
                .with("etag", "\"67ff9c07-" + Integer.toHexString(content.length) + "\"")
                .with("accept-ranges", "bytes");
    }

    private String type(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (lower.substring(lower.lastIndexOf('.') + 1)) {
            case "html", "htm" -> "text/html";
            case "txt" -> "text/plain";
            case "css" -> "text/css";
            case "js" -> "application/javascript";
            case "json" -> "application/json";
            case "xml" -> "text/xml";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "jpg", "jpeg" -> "image/jpeg";
            default -> scope.value("default_type", "application/octet-stream");
        };
    }
}
