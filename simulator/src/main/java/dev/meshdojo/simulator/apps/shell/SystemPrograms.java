package dev.meshdojo.simulator.apps.shell;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands about the process' surroundings. */
final class SystemPrograms {

    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)([smhd]?)");

    private SystemPrograms() {}

    static void register(Map<String, Program> programs) {
        programs.put("true", (process, args) -> 0);
        programs.put(":", (process, args) -> 0);
        programs.put("false", (process, args) -> 1);
        programs.put("trap", (process, args) -> 0);
        programs.put("set", (process, args) -> 0);
        programs.put("sleep", SystemPrograms::sleep);
        programs.put("env", SystemPrograms::env);
        programs.put("printenv", SystemPrograms::printenv);
        programs.put("export", SystemPrograms::export);
        programs.put("unset", SystemPrograms::unset);
        programs.put("hostname", SystemPrograms::hostname);
        programs.put("whoami", (process, args) -> print(process, "root"));
        programs.put(
                "id", (process, args) -> print(process, "uid=0(root) gid=0(root) groups=0(root)"));
        programs.put("uname", SystemPrograms::uname);
        programs.put("date", SystemPrograms::date);
        programs.put("ps", SystemPrograms::ps);
        programs.put("which", SystemPrograms::which);
        programs.put("timeout", SystemPrograms::timeout);
        SignalPrograms.register(programs);
    }

    private static int print(Process process, String line) throws IOException {
        process.out(line + "\n");
        return 0;
    }

    private static int sleep(Process process, List<String> args)
            throws IOException, InterruptedException {
        if (args.isEmpty()) {
            return process.fail(1, "sleep: missing operand");
        }
        Duration total = Duration.ZERO;
        for (String arg : args) {
            if (arg.equals("infinity") || arg.equals("inf")) {
                new CountDownLatch(1).await();
            }
            Duration one = duration(arg);
            if (one == null) {
                return process.fail(1, "sleep: invalid number '" + arg + "'");
            }
            total = total.plus(one);
        }
        boolean ended = new CountDownLatch(1).await(total.toMillis(), TimeUnit.MILLISECONDS);
        return ended ? 1 : 0;
    }

    private static @org.jspecify.annotations.Nullable Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long unit =
                switch (matcher.group(2)) {
                    case "m" -> 60_000;
                    case "h" -> 3_600_000;
                    case "d" -> 86_400_000;
                    default -> 1000;
                };
        return Duration.ofMillis((long) (Double.parseDouble(matcher.group(1)) * unit));
    }

    private static int env(Process process, List<String> args)
            throws IOException, InterruptedException {
        int at = 0;
        while (at < args.size() && args.get(at).contains("=")) {
            String[] assignment = args.get(at++).split("=", 2);
            process.variables().put(assignment[0], assignment[1]);
        }
        if (at < args.size()) {
            return ContainerShell.execute(process, args.subList(at, args.size()));
        }
        for (var variable : new TreeMap<>(process.variables()).entrySet()) {
            if (variable.getKey().matches("[A-Za-z_].*")) {
                process.out(variable.getKey() + "=" + variable.getValue() + "\n");
            }
        }
        return 0;
    }

    private static int printenv(Process process, List<String> args)
            throws IOException, InterruptedException {
        if (args.isEmpty()) {
            return env(process, args);
        }
        String value = process.variables().get(args.getFirst());
        return value == null ? 1 : print(process, value);
    }

    private static int export(Process process, List<String> args) {
        for (String arg : args) {
            String[] assignment = arg.split("=", 2);
            if (assignment.length == 2) {
                process.variables().put(assignment[0], assignment[1]);
            }
        }
        return 0;
    }

    private static int unset(Process process, List<String> args) {
        args.forEach(process.variables()::remove);
        return 0;
    }

    private static int hostname(Process process, List<String> args) throws IOException {
        return print(
                process,
                args.contains("-i")
                        ? process.container().pod().ip()
                        : process.container().pod().name());
    }

    private static int uname(Process process, List<String> args) throws IOException {
        return print(
                process,
                args.contains("-a")
                        ? "Linux " + process.container().pod().name() + " 6.8.0 x86_64 GNU/Linux"
                        : args.contains("-m")
                                ? "x86_64"
                                : args.contains("-n") ? process.container().pod().name() : "Linux");
    }

    private static int date(Process process, List<String> args) throws IOException {
        var now = process.container().clock().instant().atZone(ZoneOffset.UTC);
        String format = args.stream().filter(arg -> arg.startsWith("+")).findFirst().orElse("");
        return switch (format) {
            case "+%s" -> print(process, Long.toString(now.toEpochSecond()));
            case "+%F" -> print(process, DateTimeFormatter.ISO_LOCAL_DATE.format(now));
            case "+%T" ->
                    print(
                            process,
                            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).format(now));
            default ->
                    print(
                            process,
                            DateTimeFormatter.ofPattern(
                                            "EEE MMM ppd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
                                    .format(now));
        };
    }

    /** How the container's program was started, as far as the pod tells. */
    static String commandLine(dev.meshdojo.simulator.apps.Container container) {
        if (container.command().isEmpty()) {
            String image = container.image();
            String name = image.substring(image.lastIndexOf('/') + 1).split("[:@]", 2)[0];
            return (name + " " + String.join(" ", container.args())).strip();
        }
        List<String> words = new java.util.ArrayList<>(container.command());
        words.addAll(container.args());
        return String.join(" ", words);
    }

    private static int ps(Process process, List<String> args) throws IOException {
        String command = commandLine(process.container());
        process.out("PID   USER     TIME  COMMAND\n");
        process.out("    1 root      0:00 " + command + "\n");
        process.out("    7 root      0:00 ps\n");
        return 0;
    }

    private static int which(Process process, List<String> args) throws IOException {
        int code = 0;
        for (String name : args) {
            if (ContainerShell.knows(name)) {
                process.out("/bin/" + name + "\n");
            } else {
                code = 1;
            }
        }
        return code;
    }

    private static int timeout(Process process, List<String> args)
            throws IOException, InterruptedException {
        List<String> rest =
                args.isEmpty() || !args.getFirst().equals("-t")
                        ? args
                        : args.subList(1, args.size());
        Duration limit = rest.size() < 2 ? null : duration(rest.getFirst());
        if (limit == null) {
            return process.fail(1, "timeout: usage: timeout SECS PROG ARGS");
        }
        int[] code = {143};
        Thread run =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                code[0] =
                                        ContainerShell.execute(
                                                process, rest.subList(1, rest.size()));
                            } catch (IOException | InterruptedException e) {
                                code[0] = 143;
                            }
                        });
        try {
            if (!run.join(limit)) {
                run.interrupt();
                run.join();
                return 143;
            }
        } catch (InterruptedException e) {
            run.interrupt();
            throw e;
        }
        return code[0];
    }
}
