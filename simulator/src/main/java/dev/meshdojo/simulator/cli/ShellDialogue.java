package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.lab.UndoLog;
import dev.meshdojo.simulator.shell.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The lab shell at a prompt: line after line from standard input, and {@code undo}. */
final class ShellDialogue {

    private final Shell shell;
    private final UndoLog<String> log;

    ShellDialogue(Cluster cluster, Shell shell) {
        this.shell = shell;
        this.log = new UndoLog<>(cluster, shell, System.out, System.err);
    }

    /** Runs lines until {@code exit} or the end of the input; returns the last exit status. */
    int converse() throws IOException, InterruptedException {
        boolean interactive = Console.interactive();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int exitCode = 0;
        while (true) {
            if (interactive) {
                System.out.print("meshdojo:" + shell.directory().getFileName() + "$ ");
                System.out.flush();
            }
            String line = in.readLine();
            if (line == null || line.strip().equals("exit")) {
                return exitCode;
            }
            exitCode = run(line);
        }
    }

    private int run(String line) throws InterruptedException {
        return switch (line.strip()) {
            case "undo" -> undo();
            case "undo -l" -> list();
            default -> {
                log.remember(line.strip());
                int exitCode = shell.run(line, System.out, System.err);
                log.forgetUnchanged();
                yield exitCode;
            }
        };
    }

    private int undo() throws InterruptedException {
        Optional<UndoLog.Undone<String>> undone = log.undo();
        if (undone.isEmpty()) {
            System.err.println("meshdojo: nothing to undo");
            return 1;
        }
        System.out.println("Undone: " + undone.get().label());
        undone.get().notes().forEach(System.out::println);
        return 0;
    }

    private int list() {
        List<String> labels = log.labels();
        labels.forEach(System.out::println);
        return labels.isEmpty() ? 1 : 0;
    }
}
