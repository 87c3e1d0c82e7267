package dev.meshdojo.simulator.apps.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Commands that send signals. A container has one process that others can see: its program, number
 * 1.
 */
final class SignalPrograms {

    private static final int TERM = 15;
    private static final Map<String, Integer> NUMBERS =
            Map.ofEntries(
                    Map.entry("HUP", 1),
                    Map.entry("INT", 2),
                    Map.entry("QUIT", 3),
                    Map.entry("ABRT", 6),
                    Map.entry("KILL", 9),
                    Map.entry("USR1", 10),
                    Map.entry("SEGV", 11),
                    Map.entry("USR2", 12),
                    Map.entry("TERM", TERM),
                    Map.entry("CHLD", 17),
                    Map.entry("CONT", 18),
                    Map.entry("STOP", 19));

    private SignalPrograms() {}

    static void register(Map<String, Program> programs) {
        programs.put("kill", SignalPrograms::kill);
        programs.put("pkill", (process, args) -> byName(process, args, "pkill"));
        programs.put("killall", (process, args) -> byName(process, args, "killall"));
    }

    /** A signal and whom it is for. */
    private record Order(int signal, List<String> targets) {}

    /** Reads {@code -9}, {@code -TERM}, {@code -SIGTERM}, {@code -s TERM}; empty when unknown. */
    private static Optional<Order> order(List<String> args) {
        int signal = TERM;
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            boolean named = arg.equals("-s") && i + 1 < args.size();
            if (arg.equals("-f") || arg.equals("-x") || arg.equals("--")) {
                continue;
            }
            if (named || (arg.startsWith("-") && arg.length() > 1)) {
                Integer number = number(named ? args.get(++i) : arg.substring(1));
                if (number == null) {
                    return Optional.empty();
                }
                signal = number;
            } else {
                targets.add(arg);
            }
        }
        return Optional.of(new Order(signal, targets));
    }

    private static @org.jspecify.annotations.Nullable Integer number(String text) {
        if (text.matches("\\d{1,2}")) {
            return Integer.valueOf(text);
        }
        String name = text.toUpperCase(Locale.ROOT);
        return NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name);
    }

    private static int kill(Process process, List<String> args) throws IOException {
        Order order = order(args).orElse(null);
        if (order == null) {
            return process.fail(1, "sh: bad signal name '" + args.getFirst().substring(1) + "'");
        }
        if (order.targets().isEmpty()) {
            return process.fail(1, "sh: you need to specify whom to kill");
        }
        int code = 0;
        for (String target : order.targets()) {
            if (target.equals("1")) {
                process.container().signal(order.signal());
            } else if (target.matches("\\d+")) {
                code = process.fail(1, "sh: can't kill pid " + target + ": No such process");
            } else {
                code = process.fail(1, "sh: invalid number '" + target + "'");
            }
        }
        return code;
    }

    private static int byName(Process process, List<String> args, String program)
            throws IOException {
        Order order = order(args).orElse(new Order(TERM, List.of()));
        String running = SystemPrograms.commandLine(process.container());
        int code = 1;
        for (String target : order.targets()) {
            if (running.contains(target)) {
                process.container().signal(order.signal());
                code = 0;
            } else if (program.equals("killall")) {
                code = process.fail(1, "killall: " + target + ": no process killed");
            }
        }
        return code;
    }
}
