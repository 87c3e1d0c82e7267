package dev.meshdojo.simulator.apps.nginx;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Chooses server and location as nginx does. */
final class Locations {

    private Locations() {}

    /** The server for a host name: exact, wildcard at its begin or end, regex, the default one. */
    static Directive server(List<Directive> servers, String host, Variables variables) {
        List<String> ranks = List.of("exact", "*.", ".*", "~");
        for (String rank : ranks) {
            for (Directive server : servers) {
                for (Directive names : server.all("server_name").toList()) {
                    for (String name : names.args()) {
                        if (matches(rank, name.toLowerCase(Locale.ROOT), host, variables)) {
                            return server;
                        }
                    }
                }
            }
        }
        return servers.stream()
                .filter(s -> s.all("listen").anyMatch(l -> l.args().contains("default_server")))
                .findFirst()
                .orElse(servers.getFirst());
    }

    private static boolean matches(String rank, String name, String host, Variables variables) {
        return switch (rank) {
            case "exact" ->
                    name.equals(host) || (name.startsWith(".") && name.substring(1).equals(host));
            case "*." ->
                    (name.startsWith("*.") && host.endsWith(name.substring(1)))
                            || (name.startsWith(".") && host.endsWith(name));
            case ".*" ->
                    name.endsWith(".*") && host.startsWith(name.substring(0, name.length() - 1));
            default -> {
                if (!name.startsWith("~")) {
                    yield false;
                }
                Matcher matcher = Pattern.compile(name.substring(1)).matcher(host);
                boolean found = matcher.find();
                if (found) {
                    variables.captured(matcher);
                }
                yield found;
            }
        };
    }

    /** The innermost location for the path; the scope itself when there is none. */
    static Scope locate(Scope scope, Variables variables) {
        Directive found = find(scope.innermost(), variables);
        return found == null ? scope : locate(scope.with(found), variables);
    }

    private static @Nullable Directive find(Directive block, Variables variables) {
        String path = variables.uri();
        List<Directive> all = block.all("location").toList();
        for (Directive location : all) {
            if (location.arg(0).equals("=") && location.arg(1).equals(path)) {
                return location;
            }
        }
        Directive prefix =
                all.stream()
                        .filter(l -> !List.of("=", "~", "~*").contains(l.arg(0)))
                        .filter(l -> !prefix(l).startsWith("@") && path.startsWith(prefix(l)))
                        .max(Comparator.comparingInt(l -> prefix(l).length()))
                        .orElse(null);
        if (prefix != null && prefix.arg(0).equals("^~")) {
            return prefix;
        }
        for (Directive location : all) {
            if (location.arg(0).startsWith("~")) {
                int flags = location.arg(0).equals("~*") ? Pattern.CASE_INSENSITIVE : 0;
                Matcher matcher = Pattern.compile(location.arg(1), flags).matcher(path);
                if (matcher.find()) {
                    variables.captured(matcher);
                    return location;
                }
            }
        }
        return prefix;
    }

    /** The path that a prefix location is for. */
    static String prefix(Directive location) {
        return List.of("=", "^~", "~", "~*").contains(location.arg(0))
                ? location.arg(1)
                : location.arg(0);
    }
}
