package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** {@code ls}: one name a line, as when its output is no terminal. */
final class Listing {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm", Locale.ROOT);

    private Listing() {}

    static int ls(List<String> arguments, Invocation in) throws IOException {
        Options options = Options.parse("laA1hdFR", Map.of("all", 'a'), arguments);
        List<String> names = options.operands().isEmpty() ? List.of(".") : options.operands();
        int status = 0;
        List<Path> files = new ArrayList<>();
        List<String> directories = new ArrayList<>();
        for (String name : names) {
            Path file = in.file(name);
            if (!Files.exists(file)) {
                in.stderr().println("ls: cannot access '" + name + "': No such file or directory");
                status = 2;
            } else if (Files.isDirectory(file) && !options.has('d')) {
                directories.add(name);
            } else {
                files.add(Path.of(name));
            }
        }
        for (Path file : files) {
            in.stdout().println(line(in.directory(), file.toString(), options));
        }
        for (String name : directories) {
            if (names.size() > 1) {
                boolean first = files.isEmpty() && name.equals(directories.getFirst());
                in.stdout().print((first ? "" : "\n") + name + ":\n");
            }
            directory(in, in.file(name), options);
        }
        return status;
    }

    private static void directory(Invocation in, Path directory, Options options)
            throws IOException {
        List<String> entries = new ArrayList<>();
        if (options.has('a')) {
            entries.add(".");
            entries.add("..");
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.map(f -> f.getFileName().toString())
                    .filter(n -> options.has('a') || options.has('A') || !n.startsWith("."))
                    .sorted()
                    .forEach(entries::add);
        }
        if (options.has('l')) {
            in.stdout().println("total " + entries.size() * 4);
        }
        for (String entry : entries) {
            in.stdout().println(line(directory, entry, options));
        }
    }

    private static String line(Path base, String name, Options options) throws IOException {
        Path file = base.resolve(name);
        String mark = options.has('F') && Files.isDirectory(file) ? "/" : "";
        if (!options.has('l')) {
            return name + mark;
        }
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        return "%s%s 1 %s %s %6d %s %s%s"
                .formatted(
                        attributes.isDirectory() ? "d" : "-",
                        PosixFilePermissions.toString(attributes.permissions()),
                        attributes.owner().getName(),
                        attributes.group().getName(),
                        attributes.size(),
                        TIME.format(
                                attributes
                                        .lastModifiedTime()
                                        .toInstant()
                                        .atZone(ZoneId.systemDefault())),
                        name,
                        mark);
    }
}
