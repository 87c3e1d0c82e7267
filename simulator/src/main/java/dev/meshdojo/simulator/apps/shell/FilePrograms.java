package dev.meshdojo.simulator.apps.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Commands on the container's files. */
final class FilePrograms {

    private FilePrograms() {}

    static void register(Map<String, Program> programs) {
        programs.put("ls", Listing::run);
        programs.put("pwd", FilePrograms::pwd);
        programs.put("cd", FilePrograms::cd);
        programs.put("touch", FilePrograms::touch);
        programs.put("rm", FilePrograms::remove);
        programs.put("mkdir", FilePrograms::makeDirectory);
        programs.put("rmdir", FilePrograms::remove);
        programs.put("chown", (process, args) -> 0);
        programs.put("chmod", (process, args) -> 0);
        programs.put("cp", (process, args) -> copy(process, args, false));
        programs.put("mv", (process, args) -> copy(process, args, true));
        programs.put("tar", Tar::run);
    }

    private static int makeDirectory(Process process, List<String> args) throws IOException {
        boolean parents = args.stream().anyMatch(arg -> arg.matches("-\\w*p\\w*"));
        var files = process.container().files();
        int code = 0;
        for (String arg : args) {
            String path = process.path(arg);
            if (arg.startsWith("-")) {
                continue;
            }
            if (!parents && (files.isDirectory(path) || files.read(path) != null)) {
                code = process.fail(1, "mkdir: can't create directory '" + arg + "': File exists");
            } else {
                files.makeDirectory(path);
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
        if (!process.container().files().isDirectory(path)) {
            boolean file = process.container().files().read(path) != null;
            return process.fail(
                    2,
                    "sh: cd: can't cd to "
                            + target
                            + (file ? ": Not a directory" : ": No such file or directory"));
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
        boolean recursive = args.stream().anyMatch(arg -> arg.matches("-\\w*[rR]\\w*"));
        int code = 0;
        for (String arg : args) {
            boolean directory =
                    recursive
                            && !arg.startsWith("-")
                            && process.container().files().removeDirectory(process.path(arg));
            if (!arg.startsWith("-")
                    && !directory
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
