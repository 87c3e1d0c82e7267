package dev.meshdojo.simulator.apps.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Commands on the container's files. */
final class FilePrograms {

    private FilePrograms() {}

    static void register(Map<String, Program> programs) {
        programs.put("ls", FilePrograms::list);
        programs.put("pwd", FilePrograms::pwd);
        programs.put("cd", FilePrograms::cd);
        programs.put("touch", FilePrograms::touch);
        programs.put("rm", FilePrograms::remove);
        programs.put("mkdir", (process, args) -> 0);
        programs.put("chmod", (process, args) -> 0);
        programs.put("cp", (process, args) -> copy(process, args, false));
        programs.put("mv", (process, args) -> copy(process, args, true));
        programs.put("tar", Tar::run);
    }

    private static int list(Process process, List<String> args) throws IOException {
        List<String> paths = args.stream().filter(arg -> !arg.startsWith("-")).toList();
        var files = process.container().files();
        int code = 0;
        for (String path : paths.isEmpty() ? List.of(".") : paths) {
            String full = process.path(path);
            if (files.read(full) != null) {
                process.out(path + "\n");
            } else if (files.isDirectory(full)) {
                for (String name : files.list(full)) {
                    process.out(name + "\n");
                }
            } else {
                code = process.fail(1, "ls: " + path + ": No such file or directory");
            }
        }
        return code;
    }

    private static int pwd(Process process, List<String> args) throws IOException {
        process.out(process.directory() + "\n");
        return 0;
    }

    private static int cd(Process process, List<String> args) throws IOException {
        String target = args.isEmpty() ? "/root" : args.getFirst();
        String path = process.path(target);
        if (process.container().files().read(path) != null) {
            return process.fail(2, "sh: cd: can't cd to " + target + ": Not a directory");
        }
        process.directory().setLength(0);
        process.directory().append(path);
        return 0;
    }

    private static int touch(Process process, List<String> args) {
        for (String arg : args) {
            String path = process.path(arg);
            if (!arg.startsWith("-") && process.container().files().read(path) == null) {
                process.container().files().write(path, new byte[0]);
            }
        }
        return 0;
    }

    private static int remove(Process process, List<String> args) throws IOException {
        boolean force = args.stream().anyMatch(arg -> arg.startsWith("-") && arg.contains("f"));
        int code = 0;
        for (String arg : args) {
            if (!arg.startsWith("-")
                    && !process.container().files().remove(process.path(arg))
                    && !force) {
                code = process.fail(1, "rm: can't remove '" + arg + "': No such file or directory");
            }
        }
        return code;
    }

    private static int copy(Process process, List<String> args, boolean move) throws IOException {
        List<String> paths = args.stream().filter(arg -> !arg.startsWith("-")).toList();
        if (paths.size() != 2) {
            return process.fail(1, (move ? "mv" : "cp") + ": expected: SOURCE DEST");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int code = TextPrograms.read(process, move ? "mv" : "cp", paths.subList(0, 1), content);
        if (code == 0) {
            String target = process.path(paths.get(1));
            if (process.container().files().isDirectory(target)) {
                target += "/" + ContainerShell.baseName(paths.getFirst());
            }
            process.container().files().write(target, content.toByteArray());
            if (move) {
                process.container().files().remove(process.path(paths.getFirst()));
            }
        }
        return code;
    }
}
