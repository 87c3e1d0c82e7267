package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.ContainerFiles;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code ls}: names, or with {@code -l} the long form of busybox; {@code -a}, {@code -R}. */
final class Listing {

    private final Process process;
    private final boolean all;
    private final boolean detailed;
    private final boolean recursive;
    private final boolean itself;

    private Listing(Process process, String flags) {
        this.process = process;
        this.all = flags.contains("a") || flags.contains("A");
        this.detailed = flags.contains("l");
        this.recursive = flags.contains("R");
        this.itself = flags.contains("d");
    }

    static int run(Process process, List<String> args) throws IOException {
        StringBuilder flags = new StringBuilder();
        List<String> paths = new ArrayList<>();
        for (String arg : args) {
            if (arg.startsWith("-")) {
                flags.append(arg.substring(1));
            } else {
                paths.add(arg);
            }
        }
        Listing listing = new Listing(process, flags.toString());
        int code = 0;
        for (String path : paths.isEmpty() ? List.of(".") : paths) {
            code = Math.max(code, listing.show(path, paths.size() > 1));
        }
        return code;
    }

    private int show(String path, boolean headed) throws IOException {
        ContainerFiles files = process.container().files();
        String full = process.path(path);
        if (files.read(full) != null || (itself && files.isDirectory(full))) {
            print(full, path);
            return 0;
        }
        if (!files.isDirectory(full)) {
            return process.fail(1, "ls: " + path + ": No such file or directory");
        }
        if (headed || recursive) {
            process.out(path + ":\n");
        }
        List<String> names = files.list(full);
        if (detailed) {
            process.out("total " + 4 * names.size() + "\n");
        }
        if (all) {
            print(full, ".");
            print(full, "..");
        }
        for (String name : names) {
            if (all || !name.startsWith(".")) {
                print(full + "/" + name, name);
            }
        }
        if (recursive) {
            for (String name : names) {
                if (files.isDirectory(full + "/" + name)) {
                    process.out("\n");
                    show(path.endsWith("/") ? path + name : path + "/" + name, true);
                }
            }
        }
        return 0;
    }

    private void print(String full, String name) throws IOException {
        if (!detailed) {
            process.out(name + "\n");
            return;
        }
        ContainerFiles files = process.container().files();
        byte[] content = files.read(full);
        String time =
                DateTimeFormatter.ofPattern("MMM ppd HH:mm", Locale.ROOT)
                        .format(process.container().clock().instant().atZone(ZoneOffset.UTC));
        process.out(
                "%s %4d root     root     %9d %s %s\n"
                        .formatted(
                                content == null ? "drwxr-xr-x" : "-rw-r--r--",
                                content == null ? 2 : 1,
                                content == null ? 4096 : content.length,
                                time,
                                name));
    }
}
