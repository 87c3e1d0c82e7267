package dev.meshdojo.simulator.shell.command.curl;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code -w}. */
final class WriteOut {

    private static final Pattern VARIABLE = Pattern.compile("%\\{([^}]*)}|%%|\\\\(.)");

    private WriteOut() {}

    static String format(
            String format,
            Transfer.@Nullable Outcome outcome,
            Duration taken,
            int redirects,
            int exit,
            String url) {
        Matcher matcher = VARIABLE.matcher(format);
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            String value;
            if (matcher.group(1) != null) {
                value = variable(matcher.group(1), outcome, taken, redirects, exit, url);
            } else if (matcher.group(2) != null) {
                value =
                        switch (matcher.group(2)) {
                            case "n" -> "\n";
                            case "t" -> "\t";
                            case "r" -> "\r";
                            default -> "\\" + matcher.group(2);
                        };
            } else {
                value = "%";
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        matcher.appendTail(text);
        return text.toString();
    }

    private static String variable(
            String name,
            Transfer.@Nullable Outcome outcome,
            Duration taken,
            int redirects,
            int exit,
            String url) {
        if (name.startsWith("header{") || name.startsWith("time_")) {
            return String.format(Locale.ROOT, "%.6f", taken.toNanos() / 1e9);
        }
        return switch (name) {
            case "num_redirects" -> String.valueOf(redirects);
            case "exitcode" -> String.valueOf(exit);
            case "url" -> url;
            case "ssl_verify_result" -> "0";
            default -> outcome == null ? absent(name, url) : present(name, outcome);
        };
    }

    private static String absent(String name, String url) {
        return switch (name) {
            case "http_code", "response_code" -> "000";
            case "method" -> "GET";
            case "url_effective" -> url;
            case "http_version", "num_connects", "remote_port" -> "0";
            default -> name.startsWith("size_") ? "0" : "";
        };
    }

    private static String present(String name, Transfer.Outcome outcome) {
        return switch (name) {
            case "http_code", "response_code" -> "%03d".formatted(outcome.head().status());
            case "http_version" ->
                    outcome.head().lines().getFirst().split(" ", 2)[0].substring("HTTP/".length());
            case "size_download" -> String.valueOf(outcome.downloaded());
            case "size_upload" -> String.valueOf(outcome.uploaded());
            case "size_header" -> String.valueOf(outcome.head().size());
            case "size_request" -> String.valueOf(outcome.requestSize());
            case "content_type" -> outcome.head().header("content-type");
            case "redirect_url" -> outcome.head().header("location");
            case "method" -> outcome.method();
            case "scheme" -> outcome.target().scheme().toUpperCase(Locale.ROOT);
            case "url_effective" -> outcome.target().url();
            case "num_connects" -> "1";
            case "remote_port" -> String.valueOf(outcome.target().port());
            default -> "";
        };
    }
}
