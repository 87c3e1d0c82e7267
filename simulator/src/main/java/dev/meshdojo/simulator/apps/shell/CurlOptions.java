package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.http.HttpApp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed {@code curl} command line. */
final class CurlOptions {

    private static final Map<String, String> LONG =
            Map.ofEntries(
                    Map.entry("--silent", "-s"),
                    Map.entry("--show-error", "-S"),
                    Map.entry("--include", "-i"),
                    Map.entry("--show-headers", "-i"),
                    Map.entry("--head", "-I"),
                    Map.entry("--insecure", "-k"),
                    Map.entry("--location", "-L"),
                    Map.entry("--fail", "-f"),
                    Map.entry("--verbose", "-v"),
                    Map.entry("--request", "-X"),
                    Map.entry("--header", "-H"),
                    Map.entry("--data", "-d"),
                    Map.entry("--data-raw", "-d"),
                    Map.entry("--output", "-o"),
                    Map.entry("--write-out", "-w"),
                    Map.entry("--user-agent", "-A"),
                    Map.entry("--max-time", "-m"));
    private static final String WITH_VALUE = "XHdowAm";

    final List<String> urls = new ArrayList<>();
    final Map<String, String> resolved = new HashMap<>();
    private final List<HttpApp.Header> headers = new ArrayList<>();
    private final StringBuilder data = new StringBuilder();
    private String request = "";
    private String agent = "curl/8.11.1";
    private double maxSeconds;
    String output = "";
    String writeOut = "";
    boolean silent;
    boolean showError;
    boolean include;
    boolean headOnly;
    boolean insecure;
    boolean follow;
    boolean fail;
    boolean verbose;

    private CurlOptions() {}

    /**
     * Parses.
     *
     * @throws IllegalArgumentException worded as curl words it
     */
    static CurlOptions parse(List<String> args) {
        CurlOptions options = new CurlOptions();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            String value = i + 1 < args.size() ? args.get(i + 1) : null;
            if (arg.equals("--url")) {
                options.urls.add(options.required(arg, value));
                i++;
            } else if (arg.equals("--resolve")
                    || arg.equals("--connect-timeout")
                    || arg.equals("--retry")) {
                options.special(arg, options.required(arg, value));
                i++;
            } else if (LONG.containsKey(arg)) {
                i += options.flag(LONG.get(arg).charAt(1), "", value, arg);
            } else if (arg.startsWith("--")) {
                if (!arg.matches("--(compressed|http1\\.1|no-progress-meter|no-buffer)")) {
                    throw new IllegalArgumentException("option " + arg + ": is unknown");
                }
            } else if (arg.startsWith("-") && arg.length() > 1) {
                i += options.flags(arg, value);
            } else {
                options.urls.add(arg);
            }
        }
        return options;
    }

    private String required(String arg, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException("option " + arg + ": requires parameter");
        }
        return value;
    }

    private void special(String arg, String value) {
        if (arg.equals("--resolve")) {
            String[] parts = value.split(":", 3);
            if (parts.length == 3) {
                resolved.put(parts[0] + ":" + parts[1], parts[2]);
            }
        }
    }

    private int flags(String arg, @Nullable String value) {
        for (int i = 1; i < arg.length(); i++) {
            char flag = arg.charAt(i);
            if (WITH_VALUE.indexOf(flag) >= 0) {
                return flag(flag, arg.substring(i + 1), value, "-" + flag);
            }
            flag(flag, "", null, arg);
        }
        return 0;
    }

    /** Sets one option; answers how many more arguments it took. */
    private int flag(char flag, String attached, @Nullable String next, String arg) {
        if (WITH_VALUE.indexOf(flag) >= 0) {
            set(flag, attached.isEmpty() ? required(arg, next) : attached);
            return attached.isEmpty() ? 1 : 0;
        }
        switch (flag) {
            case 's' -> silent = true;
            case 'S' -> showError = true;
            case 'i' -> include = true;
            case 'I' -> headOnly = true;
            case 'k' -> insecure = true;
            case 'L' -> follow = true;
            case 'f' -> fail = true;
            case 'v' -> verbose = true;
            case 'N', '#', '4', 'g' -> {}
            default -> throw new IllegalArgumentException("option " + arg + ": is unknown");
        }
        return 0;
    }

    private void set(char flag, String value) {
        switch (flag) {
            case 'X' -> request = value;
            case 'H' -> {
                int colon = value.indexOf(':');
                if (colon > 0) {
                    headers.add(
                            new HttpApp.Header(
                                    value.substring(0, colon), value.substring(colon + 1).strip()));
                }
            }
            case 'd' -> data.append(data.isEmpty() ? "" : "&").append(value);
            case 'o' -> output = value;
            case 'w' -> writeOut = value;
            case 'A' -> agent = value;
            default -> maxSeconds = Double.parseDouble(value);
        }
    }

    String method() {
        if (!request.isEmpty()) {
            return request;
        }
        return headOnly ? "HEAD" : data.isEmpty() ? "GET" : "POST";
    }

    byte[] body() {
        return data.toString().getBytes(StandardCharsets.UTF_8);
    }

    boolean hasHeader(String name) {
        return headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(name));
    }

    /** The header lines in curl's order; {@code host} null when one is given. */
    List<HttpApp.Header> requestHeaders(@Nullable String host) {
        List<HttpApp.Header> all = new ArrayList<>();
        if (host != null) {
            all.add(new HttpApp.Header("Host", host));
        }
        headers.stream().filter(h -> h.name().equalsIgnoreCase("host")).forEach(all::add);
        if (!hasHeader("user-agent")) {
            all.add(new HttpApp.Header("User-Agent", agent));
        }
        if (!hasHeader("accept")) {
            all.add(new HttpApp.Header("Accept", "*/*"));
        }
        headers.stream()
                .filter(h -> !h.name().equalsIgnoreCase("host") && !h.value().isEmpty())
                .forEach(all::add);
        if (!data.isEmpty()) {
            all.add(new HttpApp.Header("Content-Length", Integer.toString(body().length)));
            if (!hasHeader("content-type")) {
                all.add(new HttpApp.Header("Content-Type", "application/x-www-form-urlencoded"));
            }
        }
        return all;
    }

    /** What is left of {@code --max-time}, 0 for no limit. */
    int timeoutMillis(long startNanos) {
        if (maxSeconds <= 0) {
            return 0;
        }
        long left = (long) (maxSeconds * 1000) - (System.nanoTime() - startNanos) / 1_000_000;
        return (int) Math.max(1, left);
    }
}
