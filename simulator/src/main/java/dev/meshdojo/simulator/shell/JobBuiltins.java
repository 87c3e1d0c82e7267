package dev.meshdojo.simulator.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code jobs}, {@code kill}, {@code wait}, {@code fg}, {@code bg}. */
final class JobBuiltins {

    private static final Map<String, Integer> SIGNALS =
            Map.of(
                    "HUP",
                    1,
                    "INT",
                    Task.SIGINT,
                    "QUIT",
                    3,
                    "KILL",
                    Task.SIGKILL,
                    "TERM",
                    Task.SIGTERM);

    private JobBuiltins() {}

    static int jobs(Interpreter shell, List<String> arguments, Streams streams) {
        JobTable table = shell.session().jobs();
        List<Task> jobs = table.background();
        boolean pids = arguments.contains("-p");
        boolean longForm = arguments.contains("-l");
        for (int i = 0; i < jobs.size(); i++) {
            Task job = jobs.get(i);
            if (pids) {
                streams.out().println(job.identity().pid());
            } else {
                streams.out().println(line(job, mark(i, jobs.size()), longForm));
            }
            if (!job.running()) {
                table.forget(job);
            }
        }
        return 0;
    }

    private static char mark(int index, int count) {
        return index == count - 1 ? '+' : index == count - 2 ? '-' : ' ';
    }

    static String line(Task job, char mark, boolean longForm) {
        String pid = longForm ? job.identity().pid() + " " : "";
        String state = job.running() ? "Running" : ended(job);
        return "[%d]%c  %s%-23s %s%s"
                .formatted(job.number(), mark, pid, state, job.source(), job.running() ? " &" : "");
    }

    private static String ended(Task job) {
        return switch (job.status()) {
            case 0 -> "Done";
            case 128 + Task.SIGINT -> "Interrupt";
            case 128 + Task.SIGTERM -> "Terminated";
            case 128 + Task.SIGKILL -> "Killed";
            default -> "Exit " + job.status();
        };
    }

    private static @Nullable Task find(Interpreter shell, String spec) {
        JobTable table = shell.session().jobs();
        if (spec.startsWith("%")) {
            return table.bySpec(spec);
        }
        try {
            return table.byPid(Integer.parseInt(spec));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static int kill(Interpreter shell, List<String> arguments, Streams streams)
            throws InterruptedException {
        int signal = Task.SIGTERM;
        List<String> targets = new ArrayList<>(arguments);
        if (!targets.isEmpty() && targets.getFirst().startsWith("-")) {
            String name = targets.removeFirst().substring(1);
            if (name.equals("l")) {
                streams.out().println("HUP INT QUIT KILL TERM");
                return 0;
            }
            if (name.equals("s") || name.equals("n")) {
                name = targets.isEmpty() ? "" : targets.removeFirst();
            }
            Integer number = signal(name);
            if (number == null) {
                streams.err().println("meshdojo: kill: " + name + ": invalid signal specification");
                return 1;
            }
            signal = number;
        }
        if (targets.isEmpty()) {
            streams.err().println("kill: usage: kill [-s sigspec | -sigspec] pid | jobspec ...");
            return 2;
        }
        int status = 0;
        for (String target : targets) {
            Task task = find(shell, target);
            if (task == null || (!task.running() && !target.startsWith("%"))) {
                String why = target.startsWith("%") ? ": no such job" : ") - No such process";
                streams.err()
                        .println(
                                "meshdojo: kill: "
                                        + (target.startsWith("%") ? "" : "(")
                                        + target
                                        + why);
                status = 1;
            } else {
                task.kill(signal);
                if (signal != 0 && task != shell.task()) {
                    boolean ended = task.await(java.time.Duration.ofSeconds(2));
                    status = ended ? status : 0;
                }
            }
        }
        return status;
    }

    private static @Nullable Integer signal(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
        if (bare.matches("\\d{1,2}")) {
            return Integer.valueOf(bare);
        }
        return SIGNALS.get(bare);
    }

    static int await(Interpreter shell, List<String> arguments, Streams streams)
            throws InterruptedException {
        JobTable table = shell.session().jobs();
        if (arguments.isEmpty()) {
            for (Task job : table.background()) {
                if (job == shell.task()) {
                    continue;
                }
                int ended = job.await();
                shell.state().status = ended;
                table.forget(job);
            }
            return 0;
        }
        int status = 0;
        for (String spec : arguments) {
            Task job = find(shell, spec);
            if (job == null) {
                streams.err()
                        .println(
                                "meshdojo: wait: "
                                        + (spec.startsWith("%")
                                                ? spec + ": no such job"
                                                : "pid " + spec + " is not a child of this shell"));
                status = 127;
            } else {
                status = job.await();
                table.forget(job);
            }
        }
        return status;
    }

    static int foreground(Interpreter shell, List<String> arguments, Streams streams)
            throws InterruptedException {
        String spec = arguments.isEmpty() ? "%%" : arguments.getFirst();
        Task job = find(shell, spec.startsWith("%") ? spec : "%" + spec);
        if (job == null) {
            streams.err()
                    .println(
                            "meshdojo: fg: "
                                    + (arguments.isEmpty() ? "current" : spec)
                                    + ": no such job");
            return 1;
        }
        streams.out().println(job.source());
        try {
            int status = job.await();
            shell.session().jobs().forget(job);
            return status;
        } catch (InterruptedException e) {
            job.kill(Task.SIGINT);
            throw e;
        }
    }

    static int background(Interpreter shell, List<String> arguments, Streams streams) {
        return 0;
    }
}
