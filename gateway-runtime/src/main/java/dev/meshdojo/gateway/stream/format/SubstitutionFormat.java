package dev.meshdojo.gateway.stream.format;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled format string with command operators such as {@code %REQ(x?y):10%}. Immutable and
 * thread-safe.
 *
 * <p>Source: Envoy "Access logging", command operators; error texts as Envoy 1.40 words them.
 */
public final class SubstitutionFormat {

    private static final Pattern COMMAND =
            Pattern.compile("%([A-Z0-9_]+)(?:\\(([^)]*)\\))?(?::([0-9]+))?%");

    private final List<Command> parts;
    private final @Nullable String constant;

    private SubstitutionFormat(List<Command> parts, @Nullable String constant) {
        this.parts = List.copyOf(parts);
        this.constant = constant;
    }

    /**
     * Compiles {@code format}; {@code %%} is a percent sign.
     *
     * @throws InvalidConfigException with Envoy's text when it is malformed or names an operator
     *     that does not exist
     */
    public static SubstitutionFormat compile(String format) {
        List<Command> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int position = 0;
        while (position < format.length()) {
            char c = format.charAt(position);
            if (c != '%') {
                literal.append(c);
                position++;
            } else if (format.startsWith("%%", position)) {
                literal.append('%');
                position += 2;
            } else {
                flush(literal, parts);
                Matcher matcher = COMMAND.matcher(format.substring(position));
                if (!matcher.lookingAt()) {
                    throw new InvalidConfigException(
                            "Incorrect configuration: "
                                    + format
                                    + ". Couldn't find valid command at position "
                                    + position);
                }
                parts.add(
                        CommandOperators.compile(
                                matcher.group(1),
                                matcher.group(2) == null ? "" : matcher.group(2),
                                maxLength(matcher.group(3))));
                position += matcher.end();
            }
        }
        if (parts.isEmpty()) {
            return new SubstitutionFormat(List.of(), literal.toString());
        }
        flush(literal, parts);
        return new SubstitutionFormat(parts, null);
    }

    /** The text, with nothing in place of absent values: how header values are made. */
    public String omitEmpty(FormatContext context) {
        return text(context, "");
    }

    /** The text, with {@code -} in place of absent values: how access logs are made. */
    public String dashEmpty(FormatContext context) {
        return text(context, "-");
    }

    /**
     * The value for a JSON log: of the operator's own type when the format is one operator and
     * nothing else, a string otherwise; null when that operator's value is absent.
     */
    public @Nullable Object json(FormatContext context) {
        return parts.size() == 1 ? parts.getFirst().evaluate(context) : dashEmpty(context);
    }

    /** The text when it does not depend on the stream, else null. */
    public @Nullable String constant() {
        return constant;
    }

    private String text(FormatContext context, String absent) {
        if (constant != null) {
            return constant;
        }
        StringBuilder text = new StringBuilder();
        for (Command part : parts) {
            Object value = part.evaluate(context);
            text.append(value == null ? absent : JsonText.print(value));
        }
        return text.toString();
    }

    private static int maxLength(@Nullable String digits) {
        if (digits == null) {
            return -1;
        }
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new InvalidConfigException("Length must be an integer, given: " + digits);
        }
    }

    private static void flush(StringBuilder literal, List<Command> parts) {
        if (!literal.isEmpty()) {
            String text = literal.toString();
            parts.add(context -> text);
            literal.setLength(0);
        }
    }
}
