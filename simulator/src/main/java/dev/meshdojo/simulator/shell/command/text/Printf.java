package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code printf}: the format is used again while arguments are left. */
final class Printf {

    private static final Pattern CONVERSION =
            Pattern.compile("%([-+ #0]*)(\\*|\\d*)(?:\\.(\\*|\\d*))?([diouxXeEfgGcsbq%])");

    private final List<String> arguments;
    private final StringBuilder output = new StringBuilder();
    private int next;
    private int status;
    private boolean stopped;

    private Printf(List<String> arguments) {
        this.arguments = arguments;
    }

    static int run(List<String> words, Invocation in) {
        List<String> rest =
                !words.isEmpty() && words.getFirst().equals("--")
                        ? words.subList(1, words.size())
                        : words;
        if (rest.isEmpty()) {
            throw new UsageException(2, "usage: printf format [arguments]");
        }
        Printf printf = new Printf(rest.subList(1, rest.size()));
        int before;
        do {
            before = printf.next;
            printf.once(rest.getFirst(), in);
        } while (printf.next < printf.arguments.size() && printf.next > before && !printf.stopped);
        in.stdout().print(printf.output);
        return printf.status;
    }

    private void once(String format, Invocation in) {
        Matcher matcher = CONVERSION.matcher(format);
        int at = 0;
        while (matcher.find(at)) {
            stopped |= escapes(format.substring(at, matcher.start()), output, false);
            at = matcher.end();
            convert(matcher, in);
        }
        stopped |= escapes(format.substring(at), output, false);
    }

    private String argument() {
        return next < arguments.size() ? arguments.get(next++) : "";
    }

    private void convert(Matcher matcher, Invocation in) {
        char verb = matcher.group(4).charAt(0);
        if (verb == '%') {
            output.append('%');
            return;
        }
        String flags = matcher.group(1);
        String width = matcher.group(2).equals("*") ? argument() : matcher.group(2);
        String precision = matcher.group(3);
        precision = "*".equals(precision) ? argument() : precision;
        String spec = "%" + flags + width;
        String argument = argument();
        switch (verb) {
            case 's', 'q' -> output.append(padded(argument, flags, width, precision));
            case 'b' -> {
                StringBuilder expanded = new StringBuilder();
                stopped |= escapes(argument, expanded, true);
                output.append(padded(expanded.toString(), flags, width, precision));
            }
            case 'c' ->
                    output.append(
                            padded(
                                    argument.isEmpty() ? "" : argument.substring(0, 1),
                                    flags,
                                    width,
                                    null));
            case 'd', 'i', 'u' -> {
                String digits = precision == null || precision.isEmpty() ? "" : precision;
                long value = integer(argument, in);
                output.append(
                        digits.isEmpty()
                                ? (spec + "d").formatted(value)
                                : padded(
                                        ("%0" + digits + "d").formatted(value),
                                        flags,
                                        width,
                                        null));
            }
            case 'o', 'x', 'X' -> output.append((spec + verb).formatted(integer(argument, in)));
            default -> {
                String decimals =
                        precision == null ? "" : "." + (precision.isEmpty() ? "0" : precision);
                output.append(
                        (spec + decimals + (verb == 'E' ? 'E' : verb == 'G' ? 'G' : verb))
                                .formatted(decimal(argument, in)));
            }
        }
    }

    private static String padded(
            String text,
            String flags,
            String width,
            @org.jspecify.annotations.Nullable String precision) {
        String cut = text;
        if (precision != null) {
            int limit = precision.isEmpty() ? 0 : Integer.parseInt(precision);
            cut = text.substring(0, Math.min(limit, text.length()));
        }
        if (width.isEmpty() || width.equals("0")) {
            return cut;
        }
        return ("%" + (flags.contains("-") ? "-" : "") + width + "s").formatted(cut);
    }

    private long integer(String text, Invocation in) {
        if (text.isEmpty()) {
            return 0;
        }
        if (text.startsWith("'") || text.startsWith("\"")) {
            return text.length() > 1 ? text.codePointAt(1) : 0;
        }
        try {
            return Long.decode(text.strip());
        } catch (NumberFormatException e) {
            in.stderr().println("printf: " + text + ": invalid number");
            status = 1;
            Matcher digits = Pattern.compile("-?\\d+").matcher(text);
            return digits.lookingAt() ? Long.parseLong(digits.group()) : 0;
        }
    }

    private double decimal(String text, Invocation in) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            in.stderr().println("printf: " + text + ": invalid number");
            status = 1;
            return 0;
        }
    }

    /** Expands backslashes; true when {@code \c} said to stop. */
    static boolean escapes(String text, StringBuilder out, boolean zeroOctal) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char e = text.charAt(++i);
            switch (e) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'a' -> out.append('\u0007');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'v' -> out.append('\u000b');
                case 'e' -> out.append('\u001b');
                case '\\' -> out.append('\\');
                case '"' -> out.append(zeroOctal ? "\\\"" : "\"");
                case 'c' -> {
                    return true;
                }
                case 'x' -> {
                    int end = digits(text, i + 1, 2, 16);
                    out.append(
                            end == i + 1
                                    ? "\\x"
                                    : String.valueOf(
                                            (char)
                                                    Integer.parseInt(
                                                            text.substring(i + 1, end), 16)));
                    i = end - 1;
                }
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    if (zeroOctal && e != '0') {
                        out.append('\\').append(e);
                        continue;
                    }
                    int start = zeroOctal ? i + 1 : i;
                    int end = digits(text, start, 3, 8);
                    out.append(
                            end == start
                                    ? '\0'
                                    : (char) Integer.parseInt(text.substring(start, end), 8));
                    i = end - 1;
                }
                default -> out.append('\\').append(e);
            }
        }
        return false;
    }

    private static int digits(String text, int from, int most, int radix) {
        int end = from;
        while (end < text.length()
                && end - from < most
                && Character.digit(text.charAt(end), radix) >= 0) {
            end++;
        }
        return end;
    }
}
