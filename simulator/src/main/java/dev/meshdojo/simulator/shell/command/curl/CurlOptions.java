package dev.meshdojo.simulator.shell.command.curl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** curl's command line. Long options may be given a unique prefix's full name only. */
final class CurlOptions {

    private static final Map<Character, String> LETTERS =
            Map.ofEntries(
                    Map.entry('H', "header"),
                    Map.entry('X', "request"),
                    Map.entry('d', "data"),
                    Map.entry('G', "get"),
                    Map.entry('i', "include"),
                    Map.entry('I', "head"),
                    Map.entry('v', "verbose"),
                    Map.entry('s', "silent"),
                    Map.entry('S', "show-error"),
                    Map.entry('o', "output"),
                    Map.entry('O', "remote-name"),
                    Map.entry('w', "write-out"),
                    Map.entry('L', "location"),
                    Map.entry('m', "max-time"),
                    Map.entry('f', "fail"),
                    Map.entry('u', "user"),
                    Map.entry('A', "user-agent"),
                    Map.entry('e', "referer"),
                    Map.entry('T', "upload-file"),
                    Map.entry('F', "form"),
                    Map.entry('k', "insecure"),
                    Map.entry('E', "cert"),
                    Map.entry('N', "no-buffer"),
                    Map.entry('b', "cookie"),
                    Map.entry('0', "http1.0"),
                    Map.entry('4', "ipv4"),
                    Map.entry('6', "ipv6"),
                    Map.entry('V', "version"),
                    Map.entry('D', "dump-header"),
                    Map.entry('g', "globoff"),
                    Map.entry('x', "proxy"),
                    Map.entry('#', "progress-bar"),
                    Map.entry('j', "junk-session-cookies"));

    private static final Set<String> WITH_VALUE =
            Set.of(
                    "header",
                    "request",
                    "data",
                    "data-raw",
                    "data-binary",
                    "data-urlencode",
                    "data-ascii",
                    "json",
                    "output",
                    "write-out",
                    "max-time",
                    "connect-timeout",
                    "user",
                    "user-agent",
                    "referer",
                    "upload-file",
                    "form",
                    "cert",
                    "key",
                    "cacert",
                    "resolve",
                    "connect-to",
                    "cookie",
                    "retry",
                    "retry-delay",
                    "retry-max-time",
                    "url",
                    "dump-header",
                    "max-redirs",
                    "proxy",
                    "tls-max",
                    "ciphers",
                    "tls13-ciphers",
                    "oauth2-bearer",
                    "limit-rate",
                    "interface",
                    "noproxy",
                    "form-string");

    private static final Set<String> FLAGS =
            Set.of(
                    "get",
                    "include",
                    "head",
                    "verbose",
                    "silent",
                    "show-error",
                    "remote-name",
                    "location",
                    "fail",
                    "insecure",
                    "no-buffer",
                    "http1.0",
                    "http1.1",
                    "http2",
                    "http2-prior-knowledge",
                    "path-as-is",
                    "compressed",
                    "ipv4",
                    "ipv6",
                    "fail-with-body",
                    "retry-all-errors",
                    "retry-connrefused",
                    "no-progress-meter",
                    "tlsv1",
                    "tlsv1.0",
                    "tlsv1.1",
                    "tlsv1.2",
                    "tlsv1.3",
                    "location-trusted",
                    "globoff",
                    "no-keepalive",
                    "version",
                    "help",
                    "progress-bar",
                    "raw",
                    "no-alpn",
                    "create-dirs",
                    "post301",
                    "post302",
                    "post303",
                    "junk-session-cookies");

    private final Map<String, List<String>> values = new HashMap<>();
    private final List<String> urls = new ArrayList<>();

    /** Reads the command line. */
    static CurlOptions parse(List<String> arguments) throws CurlException {
        CurlOptions options = new CurlOptions();
        int i = 0;
        while (i < arguments.size()) {
            String word = arguments.get(i++);
            if (word.startsWith("--") && word.length() > 2) {
                String name = word.substring(2);
                boolean negated =
                        name.startsWith("no-")
                                && FLAGS.contains(name.substring(3))
                                && !FLAGS.contains(name);
                if (WITH_VALUE.contains(name)) {
                    if (i >= arguments.size()) {
                        throw new CurlException(2, "option --" + name + ": requires parameter");
                    }
                    options.add(name, arguments.get(i++));
                } else if (FLAGS.contains(name)) {
                    options.add(name, "");
                } else if (negated) {
                    options.values.remove(name.substring(3));
                } else {
                    throw new CurlException(2, "option --" + name + ": is unknown");
                }
            } else if (word.startsWith("-") && word.length() > 1) {
                i = options.letters(word, arguments, i);
            } else {
                options.urls.add(word);
            }
        }
        options.urls.addAll(options.all("url"));
        return options;
    }

    private int letters(String word, List<String> arguments, int next) throws CurlException {
        for (int j = 1; j < word.length(); j++) {
            String name = LETTERS.get(word.charAt(j));
            if (name == null) {
                throw new CurlException(2, "option " + word + ": is unknown");
            }
            if (!WITH_VALUE.contains(name)) {
                add(name, "");
                continue;
            }
            if (j + 1 < word.length()) {
                add(name, word.substring(j + 1));
                return next;
            }
            if (next >= arguments.size()) {
                throw new CurlException(2, "option " + word + ": requires parameter");
            }
            add(name, arguments.get(next));
            return next + 1;
        }
        return next;
    }

    private void add(String name, String value) {
        if (name.startsWith("data") || name.equals("json")) {
            values.computeIfAbsent("body", n -> new ArrayList<>()).add(name + "\0" + value);
        }
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String value(String name, String absent) {
        List<String> list = values.get(name);
        return list == null ? absent : list.getLast();
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    List<String> urls() {
        return urls;
    }

    double seconds(String name) throws CurlException {
        String text = value(name, "0");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new CurlException(
                    2, "option --" + name + ": expected a proper numerical parameter");
        }
    }
}
