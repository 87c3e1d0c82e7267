package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.ShellCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Programs about the shell's surroundings: output, time, other programs. */
public final class EnvironmentPrograms {

    private EnvironmentPrograms() {}

    /** All of them. */
    public static List<ShellCommand> programs() {
        return List.of(
                new Program("echo", "prints its arguments", EnvironmentPrograms::echo),
                new Program("printf", "prints by a format", Printf::run),
                new Program(
                        "env", "shows or sets variables for a command", EnvironmentPrograms::env),
                new Program("date", "tells the time", EnvironmentPrograms::date),
                new Program("sleep", "waits", EnvironmentPrograms::sleep),
                new Program("seq", "counts", EnvironmentPrograms::seq),
                new Program(
                        "timeout",
                        "runs a command for a limited time",
                        EnvironmentPrograms::timeout),
                new Program("xargs", "runs a command on what it reads", XargsProgram::run),
                new Program("which", "tells whether a program exists", EnvironmentPrograms::which),
                new Program("clear", "clears the screen", EnvironmentPrograms::clear),
                new Program("help", "lists the programs", EnvironmentPrograms::help),
                new Program("whoami", "prints the user's name", EnvironmentPrograms::whoami),
                new Program(
                        "watch",
                        "not available: use kubectl get --watch",
                        (arguments, in) -> {
                            throw new UsageException(
                                    1,
                                    "needs a terminal, which this shell is not; use kubectl get"
                                            + " --watch, or: while sleep 1; do COMMAND; done");
                        }));
    }

    private static int echo(List<String> arguments, Invocation in) {
        List<String> words = new ArrayList<>(arguments);
        boolean newline = true;
        boolean escapes = false;
        while (!words.isEmpty() && words.getFirst().matches("-[neE]+")) {
            String flags = words.removeFirst();
            newline &= !flags.contains("n");
            escapes = flags.contains("e") || (escapes && !flags.contains("E"));
        }
        String text = String.join(" ", words);
        if (escapes) {
            StringBuilder expanded = new StringBuilder();
            boolean stopped = Printf.escapes(text, expanded, true);
            newline &= !stopped;
            text = expanded.toString();
        }
        in.stdout().print(newline ? text + "\n" : text);
        return 0;
    }

    private static int env(List<String> arguments, Invocation in) throws InterruptedException {
        Map<String, String> environment = new HashMap<>(in.environment());
        int i = 0;
        while (i < arguments.size()) {
            String word = arguments.get(i);
            if (word.equals("-i")) {
                environment.clear();
            } else if (word.equals("-u") && i + 1 < arguments.size()) {
                environment.remove(arguments.get(++i));
            } else if (word.indexOf('=') > 0) {
                environment.put(
                        word.substring(0, word.indexOf('=')),
                        word.substring(word.indexOf('=') + 1));
            } else {
                break;
            }
            i++;
        }
        if (i < arguments.size()) {
            return in.host()
                    .launch(
                            arguments.subList(i, arguments.size()),
                            in.withEnvironment(environment));
        }
        environment.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .sorted()
                .forEach(l -> in.stdout().print(l + "\n"));
        return 0;
    }

    private static int date(List<String> arguments, Invocation in) {
        Options options =
                Options.parse(
                        "ud:RI:",
                        Map.of("utc", 'u', "date", 'd', "iso-8601", 'I'),
                        arguments.stream()
                                .map(a -> a.equals("-I") || a.equals("--iso-8601") ? "-Idate" : a)
                                .toList());
        Instant now = in.host().clock().instant();
        if (options.has('d')) {
            now = instant(options.value('d', ""), now);
        }
        String zone = in.environment().getOrDefault("TZ", "");
        ZoneId id =
                options.has('u') || zone.equals("UTC")
                        ? ZoneOffset.UTC
                        : zone.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(zone);
        ZonedDateTime time = now.atZone(id);
        String format =
                options.has('I')
                        ? (options.value('I', "").startsWith("s") ? "%Y-%m-%dT%H:%M:%S%:z" : "%F")
                        : options.has('R') ? "%a, %d %b %Y %H:%M:%S %z" : "%a %b %e %H:%M:%S %Z %Y";
        for (String operand : options.operands()) {
            if (operand.startsWith("+")) {
                format = operand.substring(1);
            }
        }
        in.stdout().print(Strftime.format(format, time) + "\n");
        return 0;
    }

    private static Instant instant(String text, Instant now) {
        if (text.equals("now")) {
            return now;
        }
        if (text.matches("@\\d+")) {
            return Instant.ofEpochSecond(Long.parseLong(text.substring(1)));
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new UsageException(
                    1,
                    "invalid date ‘" + text + "’; write it like 2006-01-02T15:04:05Z or @SECONDS");
        }
    }

    private static int sleep(List<String> arguments, Invocation in) throws InterruptedException {
        if (arguments.isEmpty()) {
            throw new UsageException(1, "missing operand");
        }
        Duration total = Duration.ZERO;
        for (String argument : arguments) {
            total = total.plus(duration(argument));
        }
        boolean over = new CountDownLatch(1).await(total.toNanos(), TimeUnit.NANOSECONDS);
        return over ? 1 : 0;
    }

    static Duration duration(String text) {
        if (!text.matches("\\d*\\.?\\d+[smhd]?|\\d+\\.[smhd]?|infinity")) {
            throw new UsageException(1, "invalid time interval ‘" + text + "’");
        }
        if (text.equals("infinity")) {
            return Duration.ofDays(365);
        }
        char unit = text.charAt(text.length() - 1);
        double number =
                Double.parseDouble(
                        Character.isLetter(unit) ? text.substring(0, text.length() - 1) : text);
        double seconds =
                switch (unit) {
                    case 'm' -> number * 60;
                    case 'h' -> number * 3600;
                    case 'd' -> number * 86400;
                    default -> number;
                };
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static int seq(List<String> arguments, Invocation in) {
        Options options =
                Options.parse(
                        "s:wf:",
                        Map.of("separator", 's', "equal-width", 'w'),
                        negatives(arguments));
        List<Long> numbers = new ArrayList<>();
        for (String operand : options.operands()) {
            try {
                numbers.add(Long.parseLong(operand));
            } catch (NumberFormatException e) {
                throw new UsageException(1, "‘" + operand + "’ is not a whole number");
            }
        }
        if (numbers.isEmpty()) {
            throw new UsageException(1, "missing operand");
        }
        long first = numbers.size() > 1 ? numbers.getFirst() : 1;
        long step = numbers.size() > 2 ? numbers.get(1) : 1;
        long last = numbers.getLast();
        int width =
                options.has('w')
                        ? Math.max(String.valueOf(first).length(), String.valueOf(last).length())
                        : 0;
        List<String> texts = new ArrayList<>();
        for (long i = first; step > 0 ? i <= last : step < 0 && i >= last; i += step) {
            texts.add(width > 0 ? ("%0" + width + "d").formatted(i) : String.valueOf(i));
        }
        if (!texts.isEmpty()) {
            in.stdout().print(String.join(options.value('s', "\n"), texts) + "\n");
        }
        return 0;
    }

    private static List<String> negatives(List<String> arguments) {
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.matches("-\\d+") && !words.contains("--")) {
                words.add("--");
            }
            words.add(argument);
        }
        return words;
    }

    private static int timeout(List<String> arguments, Invocation in) throws InterruptedException {
        Options options =
                Options.parse(
                        "+s:k:v",
                        Map.of(
                                "signal",
                                's',
                                "kill-after",
                                'k',
                                "preserve-status",
                                'p',
                                "foreground",
                                'v'),
                        arguments);
        List<String> words = options.operands();
        if (words.size() < 2) {
            throw new UsageException(
                    125, "missing operand; usage: timeout DURATION COMMAND [ARG]...");
        }
        Duration limit = duration(words.getFirst());
        AtomicInteger status = new AtomicInteger(1);
        Thread runner =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        status.set(
                                                in.host()
                                                        .launch(
                                                                words.subList(1, words.size()),
                                                                in));
                                    } catch (InterruptedException e) {
                                        status.set(130);
                                    }
                                });
        try {
            boolean ended = limit.isZero() ? joined(runner) : runner.join(limit);
            if (ended) {
                return status.get();
            }
            runner.interrupt();
            runner.join();
            return 124;
        } catch (InterruptedException e) {
            runner.interrupt();
            throw e;
        }
    }

    private static boolean joined(Thread runner) throws InterruptedException {
        runner.join();
        return true;
    }

    private static int which(List<String> arguments, Invocation in) {
        int status = 0;
        for (String name : arguments) {
            boolean found = in.host().programs().stream().anyMatch(p -> p.name().equals(name));
            if (found) {
                in.stdout().print("/usr/bin/" + name + "\n");
            } else {
                status = 1;
            }
        }
        return status;
    }

    private static int clear(List<String> arguments, Invocation in) throws IOException {
        in.stdout().write("\u001b[H\u001b[2J".getBytes(StandardCharsets.US_ASCII));
        return 0;
    }

    private static int help(List<String> arguments, Invocation in) {
        in.stdout().print("Programs of the lab shell:\n");
        for (ShellCommand program : in.host().programs()) {
            in.stdout().printf("  %-10s %s\n", program.name(), program.summary());
        }
        in.stdout()
                .print(
                        "Built in: cd, export, unset, set, read, source, jobs, kill, wait, fg, test, exit; pipes, redirections, variables, $(…), if, for, while, case, functions.\n");
        return 0;
    }

    private static int whoami(List<String> arguments, Invocation in) {
        in.stdout().print(in.environment().getOrDefault("USER", "root") + "\n");
        return 0;
    }
}
