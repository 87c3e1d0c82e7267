package dev.meshdojo.simulator.analysis.analyzer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An annotation that Istio defines.
 *
 * @param name its name
 * @param deprecated whether it should no longer be used
 * @param kinds the kinds it may be put on; {@code Any} for all
 */
record KnownAnnotation(String name, boolean deprecated, List<String> kinds) {

    private static final Map<String, KnownAnnotation> ALL = load();

    /** The annotation of that name, null when Istio knows none. */
    static @Nullable KnownAnnotation named(String name) {
        return ALL.get(name);
    }

    private static Map<String, KnownAnnotation> load() {
        try (InputStream in =
                        Objects.requireNonNull(
                                KnownAnnotation.class.getResourceAsStream("annotations.txt"));
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(KnownAnnotation::parse)
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    KnownAnnotation::name, Function.identity()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KnownAnnotation parse(String line) {
        String[] words = line.split(" ");
        return new KnownAnnotation(
                words[0], words[1].equals("deprecated"), List.of(words[2].split(",")));
    }
}
