package dev.meshdojo.simulator.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Expands a pattern to the names of existing files, sorted. */
final class PathGlob {

    private PathGlob() {}

    static List<String> expand(Path directory, String pattern) {
        boolean absolute = pattern.startsWith("/");
        String[] steps = (absolute ? pattern.substring(1) : pattern).split("/+", -1);
        List<String> found = List.of(absolute ? "/" : "");
        for (int i = 0; i < steps.length && !found.isEmpty(); i++) {
            boolean last = i == steps.length - 1;
            List<String> next = new ArrayList<>();
            for (String prefix : found) {
                step(directory, prefix, steps[i], last, next);
            }
            found = next;
        }
        return found.stream().sorted().toList();
    }

    private static void step(
            Path directory, String prefix, String pattern, boolean last, List<String> next) {
        Path base = prefix.isEmpty() ? directory : directory.resolve(prefix);
        String end = last ? "" : "/";
        if (!GlobPattern.isMagic(pattern)) {
            String name = pattern.replaceAll("\\\\(.)", "$1");
            if (name.isEmpty() || Files.exists(base.resolve(name))) {
                next.add(prefix + name + end);
            }
            return;
        }
        for (String name : names(base)) {
            boolean hidden = name.startsWith(".") && !pattern.startsWith(".");
            if (!hidden
                    && GlobPattern.matches(pattern, name)
                    && (last || Files.isDirectory(base.resolve(name)))) {
                next.add(prefix + name + end);
            }
        }
    }

    private static List<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
