package dev.meshdojo.gateway.route.match;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * A compiled URI template: {@code *} is one path segment, {@code **} any rest, {@code {name}} and
 * {@code {name=pattern}} name what they match. Source: Envoy's {@code uri_template} path matcher.
 */
public final class UriTemplate {

    private static final String SEGMENT_CHARACTERS = "a-zA-Z0-9\\-._~%!$&'()+,;:@=";
    private static final String ONE_SEGMENT = "[" + SEGMENT_CHARACTERS + "]+";
    private static final String ANY_REST = "[" + SEGMENT_CHARACTERS + "/]*";
    private static final Pattern VARIABLE =
            Pattern.compile("\\{([a-zA-Z][a-zA-Z0-9_]*)(?:=([^}]+))?\\}");

    private final String source;
    private final Pattern pattern;
    private final List<String> names;

    private UriTemplate(String source, Pattern pattern, List<String> names) {
        this.source = source;
        this.pattern = pattern;
        this.names = List.copyOf(names);
    }

    /**
     * Compiles {@code template}.
     *
     * @throws InvalidConfigException when it is no valid template
     */
    public static UriTemplate compile(String template) {
        if (!template.startsWith("/")) {
            throw new InvalidConfigException("Invalid uri_template path: " + template);
        }
        StringBuilder regex = new StringBuilder();
        List<String> names = new ArrayList<>();
        int position = 0;
        while (position < template.length()) {
            char c = template.charAt(position);
            if (c == '{') {
                Matcher variable = VARIABLE.matcher(template.substring(position));
                if (!variable.lookingAt()) {
                    throw new InvalidConfigException("Invalid uri_template path: " + template);
                }
                names.add(variable.group(1));
                String inner = variable.group(2) == null ? "*" : variable.group(2);
                regex.append('(').append(globs(inner)).append(')');
                position += variable.end();
            } else {
                int end = template.indexOf('{', position);
                end = end < 0 ? template.length() : end;
                regex.append(globs(template.substring(position, end)));
                position = end;
            }
        }
        return new UriTemplate(template, Pattern.compile(regex.toString()), names);
    }

    private static String globs(String text) {
        StringBuilder regex = new StringBuilder();
        int position = 0;
        while (position < text.length()) {
            int star = text.indexOf('*', position);
            if (star < 0) {
                return regex.append(Pattern.quote(text.substring(position))).toString();
            }
            regex.append(Pattern.quote(text.substring(position, star)));
            boolean two = text.startsWith("**", star);
            regex.append(two ? ANY_REST : ONE_SEGMENT);
            position = star + (two ? 2 : 1);
        }
        return regex.toString();
    }

    /** Whether the whole {@code path} (no query) fits. */
    public boolean matches(String path) {
        return pattern.matches(path);
    }

    /** The template as configured. */
    public String source() {
        return source;
    }

    /**
     * {@code rewrite} with each {@code {name}} replaced by what it matched in {@code path}; {@code
     * path} itself when it does not match.
     */
    public String rewrite(String path, String rewrite) {
        Matcher matcher = pattern.matcher(path);
        if (!matcher.matches()) {
            return path;
        }
        String result = rewrite;
        for (int i = 0; i < names.size(); i++) {
            result = result.replace("{" + names.get(i) + "}", matcher.group(i + 1));
        }
        return result;
    }
}
