package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where programs read from: named files, or standard input. */
final class Inputs {

    private Inputs() {}

    static InputStream open(String name, Invocation invocation) throws IOException {
        if (name.equals("-") || name.equals("/dev/stdin")) {
            return invocation.stdin();
        }
        Path file = invocation.file(name);
        if (Files.isDirectory(file)) {
            throw new IOException(name + ": Is a directory");
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(name);
        }
        return Files.newInputStream(file);
    }

    static BufferedReader reader(String name, Invocation invocation) throws IOException {
        return new BufferedReader(
                new InputStreamReader(open(name, invocation), StandardCharsets.UTF_8));
    }

    /** All lines of the files; of standard input when none is named. */
    static List<String> lines(List<String> names, Invocation invocation) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : names.isEmpty() ? List.of("-") : names) {
            try (BufferedReader reader = reader(name, invocation)) {
                reader.lines().forEach(lines::add);
            }
        }
        return lines;
    }
}
