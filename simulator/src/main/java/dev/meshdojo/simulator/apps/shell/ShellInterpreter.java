package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.shell.ShellNode.Redirect;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a parsed script. One run, one thread; background commands get threads of their own. */
final class ShellInterpreter {

    private final boolean exitOnError;
    private final List<Thread> background = new ArrayList<>();
    private boolean exited;
    private int loops;
    private int breaks;
    private boolean continues;

    ShellInterpreter(boolean exitOnError) {
        this.exitOnError = exitOnError;
    }

    /** Whether {@code exit} was called. */
    boolean exited() {
        return exited;
    }

    /** Runs a node to its end; the code is also left in {@code $?}. */
    int run(Process process, ShellNode node) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int code =
                switch (node) {
                    case ShellNode.Simple simple -> simple(process, simple);
                    case ShellNode.Pipeline pipeline -> pipeline(process, pipeline);
                    case ShellNode.Chain chain -> chain(process, chain);
                    case ShellNode.Sequence sequence -> sequence(process, sequence);
                    case ShellNode.If branches -> conditional(process, branches);
                    case ShellNode.While loop -> loop(process, loop);
                    case ShellNode.For loop -> loop(process, loop);
                };
        process.variables().put("?", Integer.toString(code));
        return code;
    }

    private int sequence(Process process, ShellNode.Sequence sequence)
            throws IOException, InterruptedException {
        int code = 0;
        for (ShellNode.Step step : sequence.steps()) {
            if (step.background()) {
                start(process, step.command());
                code = 0;
                continue;
            }
            code = run(process, step.command());
            if (stopped()
                    || (exitOnError && code != 0 && step.command() instanceof ShellNode.Simple)) {
                exited |= !stopped();
                return code;
            }
        }
        return code;
    }

    private boolean stopped() {
        return exited || breaks > 0 || continues;
    }

    private void start(Process process, ShellNode command) {
        Map<String, String> variables = new HashMap<>(process.variables());
        Process own =
                new Process(
                        process.container(),
                        variables,
                        new StringBuilder(process.directory()),
                        ContainerShell.noInput(),
                        process.stdout(),
                        process.stderr(),
                        process.terminal());
        background.add(
                Thread.startVirtualThread(
                        () -> {
                            try {
                                new ShellInterpreter(exitOnError).run(own, command);
                            } catch (IOException | InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }));
    }

    private int chain(Process process, ShellNode.Chain chain)
            throws IOException, InterruptedException {
        int code = run(process, chain.left());
        boolean more = chain.and() ? code == 0 : code != 0;
        return more && !stopped() ? run(process, chain.right()) : code;
    }

    private int conditional(Process process, ShellNode.If branches)
            throws IOException, InterruptedException {
        for (ShellNode.Branch branch : branches.branches()) {
            ShellNode condition = branch.condition();
            if (condition == null || run(process, condition) == 0) {
                return run(process, branch.body());
            }
            if (exited) {
                break;
            }
        }
        return 0;
    }

    private int loop(Process process, ShellNode.While loop)
            throws IOException, InterruptedException {
        int code = 0;
        loops++;
        while (!stopped() && (run(process, loop.condition()) == 0) != loop.until()) {
            code = run(process, loop.body());
            continues = false;
        }
        loops--;
        breaks = Math.max(0, breaks - 1);
        return code;
    }

    private int loop(Process process, ShellNode.For loop) throws IOException, InterruptedException {
        int code = 0;
        loops++;
        List<String> values = expansion(process).words(loop.words());
        for (String value : values) {
            if (stopped()) {
                break;
            }
            process.variables().put(loop.variable(), value);
            code = run(process, loop.body());
            continues = false;
        }
        loops--;
        breaks = Math.max(0, breaks - 1);
        return code;
    }

    private int pipeline(Process process, ShellNode.Pipeline pipeline)
            throws IOException, InterruptedException {
        InputStream in = process.stdin();
        List<Thread> running = new ArrayList<>();
        int last = pipeline.commands().size() - 1;
        for (int i = 0; i < last; i++) {
            PipedInputStream next = new PipedInputStream(1 << 16);
            OutputStream out = new PipedOutputStream(next);
            Process part = process.with(in, out, process.stderr());
            ShellNode command = pipeline.commands().get(i);
            running.add(
                    Thread.startVirtualThread(
                            () -> {
                                try (out) {
                                    new ShellInterpreter(exitOnError).run(part, command);
                                } catch (IOException | InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            }));
            in = next;
        }
        int code;
        try (InputStream input = in) {
            code =
                    run(
                            process.with(input, process.stdout(), process.stderr()),
                            pipeline.commands().get(last));
        } finally {
            running.forEach(Thread::interrupt);
        }
        return pipeline.negated() ? (code == 0 ? 1 : 0) : code;
    }

    private ShellExpansion expansion(Process process) {
        return new ShellExpansion(process, this::substitute);
    }

    private String substitute(Process process, ShellNode script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new ShellInterpreter(exitOnError)
                    .run(process.with(process.stdin(), out, process.stderr()), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return out.toString(java.nio.charset.StandardCharsets.UTF_8).replaceAll("\n+$", "");
    }

    private int simple(Process process, ShellNode.Simple command)
            throws IOException, InterruptedException {
        ShellExpansion expansion = expansion(process);
        List<String> words = expansion.words(command.words());
        Map<String, String> assigned = new HashMap<>();
        for (ShellNode.Assignment assignment : command.assignments()) {
            assigned.put(assignment.name(), expansion.text(assignment.value()));
        }
        if (words.isEmpty()) {
            process.variables().putAll(assigned);
        }
        List<OutputStream> opened = new ArrayList<>();
        try {
            Process redirected = process;
            for (Redirect redirect : command.redirects()) {
                redirected =
                        redirect(redirected, redirect, expansion.text(redirect.target()), opened);
            }
            return words.isEmpty() ? 0 : invoke(redirected, assigned, words);
        } catch (java.io.FileNotFoundException e) {
            return process.fail(1, "sh: " + e.getMessage());
        } finally {
            for (OutputStream stream : opened) {
                stream.close();
            }
        }
    }

    private static Process redirect(
            Process process, Redirect redirect, String target, List<OutputStream> opened)
            throws IOException {
        if (redirect.kind() == Redirect.Kind.DUPLICATE) {
            OutputStream copy = target.equals("2") ? process.stderr() : process.stdout();
            return redirect.descriptor() == 2
                    ? process.with(process.stdin(), process.stdout(), copy)
                    : process.with(process.stdin(), copy, process.stderr());
        }
        String path = process.path(target);
        if (redirect.kind() == Redirect.Kind.READ) {
            byte[] content = process.container().files().read(path);
            if (content == null) {
                throw new java.io.FileNotFoundException("can't open " + target + ": no such file");
            }
            return process.with(
                    new ByteArrayInputStream(content), process.stdout(), process.stderr());
        }
        if (!process.container().files().canHold(path)) {
            throw new java.io.FileNotFoundException(
                    "can't create " + target + ": nonexistent directory");
        }
        OutputStream file = Userland.open(process, path, redirect.kind() == Redirect.Kind.APPEND);
        opened.add(file);
        return redirect.descriptor() == 2
                ? process.with(process.stdin(), process.stdout(), file)
                : process.with(process.stdin(), file, process.stderr());
    }

    private int invoke(Process process, Map<String, String> assigned, List<String> words)
            throws IOException, InterruptedException {
        List<String> args = words.subList(1, words.size());
        switch (words.getFirst()) {
            case "exit":
                exited = true;
                return args.isEmpty()
                        ? Integer.parseInt(process.variables().getOrDefault("?", "0"))
                        : Integer.parseInt(args.getFirst()) & 0xff;
            case "break":
                breaks = loops > 0 ? 1 : 0;
                return 0;
            case "continue":
                continues = loops > 0;
                return 0;
            case "wait":
                for (Thread thread : background) {
                    thread.join();
                }
                return 0;
            case "exec":
                exited = !args.isEmpty();
                return args.isEmpty() ? 0 : invoke(process, assigned, args);
            default:
                break;
        }
        Map<String, String> variables = process.variables();
        if (!assigned.isEmpty()) {
            variables = new HashMap<>(variables);
            variables.putAll(assigned);
        }
        return ContainerShell.execute(
                new Process(
                        process.container(),
                        variables,
                        process.directory(),
                        process.stdin(),
                        process.stdout(),
                        process.stderr(),
                        process.terminal()),
                words);
    }
}
