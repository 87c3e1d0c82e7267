package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.ShellCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Programs about files. */
public final class FilePrograms {

    private FilePrograms() {}

    /** All of them. */
    public static List<ShellCommand> programs() {
        return List.of(
                new Program("cat", "prints files", FilePrograms::cat),
                new Program("ls", "lists a directory", Listing::ls),
                new Program("mkdir", "makes directories", FilePrograms::mkdir),
                new Program("rm", "removes files", FilePrograms::rm),
                new Program("rmdir", "removes empty directories", FilePrograms::rmdir),
                new Program("touch", "makes empty files", FilePrograms::touch),
                new Program("cp", "copies files", FilePrograms::cp),
                new Program("mv", "moves files", FilePrograms::mv),
                new Program("chmod", "sets permissions", FilePrograms::chmod),
                new Program("mktemp", "makes a temporary file", FilePrograms::mktemp),
                new Program("tee", "copies its input to files", FilePrograms::tee),
                new Program("basename", "strips the directory of a name", FilePrograms::basename),
                new Program("dirname", "strips the last part of a name", FilePrograms::dirname));
    }

    private static int cat(List<String> arguments, Invocation in) throws IOException {
        Options options = Options.parse("nAu", Map.of("number", 'n'), arguments);
        int status = 0;
        int number = 0;
        for (String name : options.operands().isEmpty() ? List.of("-") : options.operands()) {
            try (InputStream stream = Inputs.open(name, in)) {
                if (!options.has('n')) {
                    copy(stream, in.stdout());
                    continue;
                }
                for (String line :
                        new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                                .lines()
                                .toList()) {
                    number++;
                    in.stdout().printf("%6d\t%s\n", number, line);
                }
            } catch (java.io.InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                in.stderr().println("cat: " + Program.reason(e));
                status = 1;
            }
        }
        return status;
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[8192];
        int count = from.read(buffer);
        while (count >= 0) {
            to.write(buffer, 0, count);
            to.flush();
            count = from.read(buffer);
        }
    }

    private static int mkdir(List<String> arguments, Invocation in) throws IOException {
        Options options = Options.parse("pm:v", Map.of("parents", 'p'), arguments);
        int status = 0;
        for (String name : options.operands()) {
            Path directory = in.file(name);
            if (options.has('p')) {
                Files.createDirectories(directory);
            } else if (Files.exists(directory)) {
                in.stderr().println("mkdir: cannot create directory ‘" + name + "’: File exists");
                status = 1;
            } else if (!Files.isDirectory(directory.resolve("..").normalize())) {
                in.stderr()
                        .println(
                                "mkdir: cannot create directory ‘"
                                        + name
                                        + "’: No such file or directory");
                status = 1;
            } else {
                Files.createDirectory(directory);
            }
        }
        return status;
    }

    private static int rm(List<String> arguments, Invocation in) throws IOException {
        Options options = Options.parse("rfRv", Map.of("recursive", 'r', "force", 'f'), arguments);
        boolean recursive = options.has('r') || options.has('R');
        int status = 0;
        for (String name : options.operands()) {
            Path file = in.file(name);
            if (!Files.exists(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                if (!options.has('f')) {
                    in.stderr()
                            .println("rm: cannot remove '" + name + "': No such file or directory");
                    status = 1;
                }
            } else if (Files.isDirectory(file) && !recursive) {
                in.stderr().println("rm: cannot remove '" + name + "': Is a directory");
                status = 1;
            } else {
                delete(file);
            }
        }
        return status;
    }

    private static void delete(Path file) throws IOException {
        Files.walkFileTree(
                file,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(path);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @org.jspecify.annotations.Nullable IOException failure)
                            throws IOException {
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static int rmdir(List<String> arguments, Invocation in) throws IOException {
        for (String name : arguments) {
            Files.delete(in.file(name));
        }
        return 0;
    }

    private static int touch(List<String> arguments, Invocation in) throws IOException {
        for (String name : Options.parse("acm", Map.of(), arguments).operands()) {
            Path file = in.file(name);
            if (Files.exists(file)) {
                Files.setLastModifiedTime(file, FileTime.from(in.host().clock().instant()));
            } else {
                Files.createFile(file);
            }
        }
        return 0;
    }

    private static int cp(List<String> arguments, Invocation in) throws IOException {
        Options options = Options.parse("rRfapv", Map.of("recursive", 'r'), arguments);
        boolean recursive = options.has('r') || options.has('R') || options.has('a');
        List<String> names = options.operands();
        if (names.size() < 2) {
            throw new UsageException(1, "missing file operand");
        }
        Path target = in.file(names.getLast());
        for (String name : names.subList(0, names.size() - 1)) {
            Path from = in.file(name);
            if (!Files.exists(from)) {
                throw new UsageException(
                        1, "cannot stat '" + name + "': No such file or directory");
            }
            if (Files.isDirectory(from) && !recursive) {
                throw new UsageException(1, "-r not specified; omitting directory '" + name + "'");
            }
            copyTree(from, Files.isDirectory(target) ? target.resolve(from.getFileName()) : target);
        }
        return 0;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static int mv(List<String> arguments, Invocation in) throws IOException {
        List<String> names = Options.parse("fvn", Map.of(), arguments).operands();
        if (names.size() < 2) {
            throw new UsageException(1, "missing file operand");
        }
        Path target = in.file(names.getLast());
        for (String name : names.subList(0, names.size() - 1)) {
            Path from = in.file(name);
            if (!Files.exists(from)) {
                throw new UsageException(
                        1, "cannot stat '" + name + "': No such file or directory");
            }
            Path to = Files.isDirectory(target) ? target.resolve(from.getFileName()) : target;
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
        return 0;
    }

    private static int chmod(List<String> arguments, Invocation in) throws IOException {
        List<String> operands = new ArrayList<>(arguments);
        String mode = operands.isEmpty() ? "" : operands.removeFirst();
        for (String name : operands) {
            java.io.File file = in.file(name).toFile();
            if (!file.exists()) {
                throw new NoSuchFileException(name);
            }
            if (mode.contains("x") || mode.matches("[0-7]*7[0-7]*")) {
                boolean changed = file.setExecutable(!mode.startsWith("-"));
                if (!changed) {
                    throw new UsageException(1, name + ": Operation not permitted");
                }
            }
        }
        return 0;
    }

    private static int mktemp(List<String> arguments, Invocation in) throws IOException {
        boolean directory = arguments.contains("-d");
        Path made =
                directory ? Files.createTempDirectory("tmp.") : Files.createTempFile("tmp.", "");
        in.stdout().println(made);
        return 0;
    }

    private static int tee(List<String> arguments, Invocation in) throws IOException {
        Options options = Options.parse("a", Map.of("append", 'a'), arguments);
        List<OutputStream> files = new ArrayList<>();
        try {
            for (String name : options.operands()) {
                files.add(
                        Files.newOutputStream(
                                in.file(name),
                                StandardOpenOption.CREATE,
                                options.has('a')
                                        ? StandardOpenOption.APPEND
                                        : StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE));
            }
            byte[] buffer = new byte[8192];
            int count = in.stdin().read(buffer);
            while (count >= 0) {
                in.stdout().write(buffer, 0, count);
                in.stdout().flush();
                for (OutputStream file : files) {
                    file.write(buffer, 0, count);
                }
                count = in.stdin().read(buffer);
            }
        } finally {
            for (OutputStream file : files) {
                file.close();
            }
        }
        return 0;
    }

    private static int basename(List<String> arguments, Invocation in) {
        if (arguments.isEmpty()) {
            throw new UsageException(1, "missing operand");
        }
        String name = arguments.getFirst().replaceAll("(.)/+$", "$1");
        name = name.equals("/") ? name : name.substring(name.lastIndexOf('/') + 1);
        String suffix = arguments.size() > 1 ? arguments.get(1) : "";
        boolean cut = !suffix.isEmpty() && name.endsWith(suffix) && !name.equals(suffix);
        in.stdout().println(cut ? name.substring(0, name.length() - suffix.length()) : name);
        return 0;
    }

    private static int dirname(List<String> arguments, Invocation in) {
        if (arguments.isEmpty()) {
            throw new UsageException(1, "missing operand");
        }
        String name = arguments.getFirst().replaceAll("(.)/+$", "$1");
        int slash = name.lastIndexOf('/');
        in.stdout().println(slash < 0 ? "." : slash == 0 ? "/" : name.substring(0, slash));
        return 0;
    }
}
