package dev.meshdojo.simulator.scenario.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one mapping of a document field by field. Problems are gathered, so a user sees all of them
 * at once; {@link #finish} reports every key that nobody asked for. Not thread-safe.
 */
public final class SpecReader {

    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m)");

    private final LocatedDocument document;
    private final String path;
    private final JsonNode mapping;
    private final List<SpecProblem> problems;
    private final Set<String> known = new LinkedHashSet<>();

    private SpecReader(
            LocatedDocument document, String path, JsonNode mapping, List<SpecProblem> problems) {
        this.document = document;
        this.path = path;
        this.mapping = mapping;
        this.problems = problems;
    }

    /** Starts at the document's root. */
    public static SpecReader of(LocatedDocument document) {
        return new SpecReader(document, "$", document.root(), new ArrayList<>());
    }

    /** Where this mapping stands, as {@code file:line}. */
    public String location() {
        SpecProblem here = document.problem(path, "");
        return here.file() + ":" + here.line();
    }

    /** Whether a key is present and not null. */
    public boolean has(String key) {
        return mapping.hasNonNull(key);
    }

    /** A required text; empty after a problem was noted. */
    public String text(String key) {
        return optionalText(key)
                .orElseGet(
                        () -> {
                            if (!mapping.hasNonNull(key)) {
                                problem(key, "is missing");
                            }
                            return "";
                        });
    }

    /** A text that may be absent. Numbers and booleans count as their text. */
    public Optional<String> optionalText(String key) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value.isContainerNode()) {
            problem(key, "must be a text");
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }

    /** A number that may be absent. */
    public Optional<Integer> optionalInteger(String key) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isInt() && !value.isLong()) {
            problem(key, "must be a whole number, but is " + value);
            return Optional.empty();
        }
        return Optional.of(value.asInt());
    }

    /**
     * A duration such as {@code 500ms}, {@code 10s}, {@code 2m}, or {@code fallback} when absent.
     */
    public Duration duration(String key, Duration fallback) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty()) {
            return fallback;
        }
        Matcher matcher = DURATION.matcher(text.get());
        if (!matcher.matches()) {
            problem(key, "must be a duration such as 500ms, 10s or 2m, but is " + text.get());
            return fallback;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    /** A list of texts; empty when absent. */
    public List<String> texts(String key) {
        JsonNode value = value(key);
        List<String> texts = new ArrayList<>();
        if (value.isMissingNode()) {
            return texts;
        }
        if (!value.isArray()) {
            problem(key, "must be a list");
            return texts;
        }
        value.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /** A mapping of texts, in file order; empty when absent. */
    public Map<String, String> textMap(String key) {
        JsonNode value = value(key);
        Map<String, String> texts = new LinkedHashMap<>();
        if (value.isMissingNode()) {
            return texts;
        }
        if (!value.isObject()) {
            problem(key, "must be a mapping");
            return texts;
        }
        value.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    /** Any value, missing included. */
    public JsonNode raw(String key) {
        return value(key);
    }

    /** A mapping that may be absent. */
    public Optional<SpecReader> optionalObject(String key) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            problem(key, "must be a mapping");
            return Optional.empty();
        }
        return Optional.of(new SpecReader(document, path + "." + key, value, problems));
    }

    /** A required mapping; an empty one after a problem was noted. */
    public SpecReader object(String key) {
        return optionalObject(key)
                .orElseGet(
                        () -> {
                            if (!mapping.hasNonNull(key)) {
                                problem(key, "is missing");
                            }
                            return new SpecReader(
                                    document,
                                    path + "." + key,
                                    JsonNodeFactory.instance.objectNode(),
                                    new ArrayList<>());
                        });
    }

    /** A list of mappings; empty when absent. */
    public List<SpecReader> objects(String key) {
        JsonNode value = value(key);
        List<SpecReader> readers = new ArrayList<>();
        if (value.isMissingNode()) {
            return readers;
        }
        if (!value.isArray()) {
            problem(key, "must be a list");
            return readers;
        }
        for (int i = 0; i < value.size(); i++) {
            String itemPath = path + "." + key + "[" + i + "]";
            if (value.get(i).isObject()) {
                readers.add(new SpecReader(document, itemPath, value.get(i), problems));
            } else {
                problems.add(document.problem(itemPath, "must be a mapping"));
            }
        }
        return readers;
    }

    /** Notes a problem at a key. */
    public void problem(String key, String message) {
        problems.add(document.problem(path + "." + key, message));
    }

    /** Notes a problem at this mapping as a whole. */
    public void problem(String message) {
        problems.add(document.problem(path, message));
    }

    /**
     * Notes every key that was never asked for. Call it once all fields of this mapping were read.
     */
    public void finish() {
        mapping.fieldNames()
                .forEachRemaining(
                        key -> {
                            if (!known.contains(key)) {
                                problem(key, "unknown key; expected " + String.join(", ", known));
                            }
                        });
    }

    /** Throws when this or any reader made from it noted a problem. */
    public void throwIfInvalid() throws InvalidSpecException {
        if (!problems.isEmpty()) {
            throw new InvalidSpecException(problems);
        }
    }

    private JsonNode value(String key) {
        known.add(key);
        JsonNode value = mapping.path(key);
        return value.isNull() ? mapping.path("\u0000") : value;
    }
}
