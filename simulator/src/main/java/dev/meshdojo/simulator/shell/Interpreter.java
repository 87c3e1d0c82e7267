package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Command;
import dev.meshdojo.simulator.shell.syntax.Redirection;
import dev.meshdojo.simulator.shell.syntax.Word;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Walks a tree and does what it says. One instance per (sub)shell, used by one thread. */
final class Interpreter {

    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(5);

    private final Session session;
    private final ShellState state;
    private final Task task;
    private final Expander expander;
    private final SimpleCommands simple;
    private final Conditionals conditionals;
    private Streams ambient;
    private int conditionDepth;
    private boolean substituted;

    Interpreter(Session session, ShellState state, Task task, Streams streams) {
        this.session = session;
        this.state = state;
        this.task = task;
        this.ambient = streams;
        this.expander = new Expander(state, session.pid(), this::substitute);
        this.simple = new SimpleCommands(this);
        this.conditionals = new Conditionals(state, expander);
    }

    Session session() {
        return session;
    }

    ShellState state() {
        return state;
    }

    Task task() {
        return task;
    }

    Expander expander() {
        return expander;
    }

    /** Runs a whole (sub)shell: what leaves the script ends here. */
    int runToEnd(Command script, Streams streams) {
        try {
            return execute(script, streams);
        } catch (ControlFlow.Exit exit) {
            state.status = exit.status;
        } catch (ControlFlow.Return left) {
            state.status = left.status;
        } catch (ControlFlow.Loop ignored) {
            state.status = 0;
        } catch (ControlFlow.Interrupted interrupted) {
            state.status = 128 + task.signal();
        } catch (BrokenPipeException closed) {
            state.status = 141;
        } catch (ScriptException failed) {
            streams.err().println("meshdojo: " + failed.getMessage());
            state.status = 1;
        }
        return state.status;
    }

    int execute(Command command, Streams streams) {
        if (Thread.currentThread().isInterrupted()) {
            throw new ControlFlow.Interrupted();
        }
        Streams before = ambient;
        ambient = streams;
        try {
            int status = dispatch(command, streams);
            state.status = status;
            if (status != 0 && conditionDepth == 0 && stopsOnFailure(command)) {
                throw new ControlFlow.Exit(status);
            }
            return status;
        } finally {
            ambient = before;
        }
    }

    private boolean stopsOnFailure(Command command) {
        if (!state.has(ShellState.Option.ERREXIT)) {
            return false;
        }
        return switch (command) {
            case Command.Simple ignored -> true;
            case Command.Subshell ignored -> true;
            case Command.Conditional ignored -> true;
            case Command.ArithmeticCommand ignored -> true;
            case Command.Pipeline pipeline -> !pipeline.negated();
            default -> false;
        };
    }

    private int dispatch(Command command, Streams streams) {
        return switch (command) {
            case Command.Simple c -> simple(c, streams);
            case Command.Sequence c -> sequence(c, streams);
            case Command.AndOr c -> andOr(c, streams);
            case Command.Pipeline c -> pipeline(c, streams);
            case Command.Redirected c -> redirected(c.body(), c.redirections(), streams);
            case Command.Subshell c -> subshell().runToEnd(c.body(), streams);
            case Command.If c -> conditional(c, streams);
            case Command.Loop c -> loop(c, streams);
            case Command.For c -> forEach(c, streams);
            case Command.Case c -> choose(c, streams);
            case Command.Function c -> {
                state.functions.put(c.name(), c);
                yield 0;
            }
            case Command.Conditional c -> test(c, streams);
            case Command.ArithmeticCommand c ->
                    new Arithmetic(state).evaluate(expander.text(c.expression())) != 0 ? 0 : 1;
        };
    }

    private int simple(Command.Simple command, Streams streams) {
        substituted = false;
        try {
            return simple.run(command, streams);
        } catch (ScriptException failed) {
            streams.err().println("meshdojo: " + failed.getMessage());
            if (failed.fatal()) {
                throw new ControlFlow.Exit(1);
            }
            return 1;
        }
    }

    /** The status of a command that only assigns. */
    int assignmentStatus() {
        return substituted ? state.status : 0;
    }

    private int test(Command.Conditional command, Streams streams) {
        try {
            return conditionals.evaluate(command.words()) ? 0 : 1;
        } catch (ScriptException bad) {
            streams.err().println("meshdojo: " + bad.getMessage());
            return 2;
        }
    }

    private int sequence(Command.Sequence sequence, Streams streams) {
        int status = 0;
        for (Command.Item item : sequence.items()) {
            status =
                    item.background()
                            ? background(item, streams)
                            : execute(item.command(), streams);
        }
        return status;
    }

    private int andOr(Command.AndOr command, Streams streams) {
        conditionDepth++;
        int left;
        try {
            left = execute(command.left(), streams);
        } finally {
            conditionDepth--;
        }
        return command.and() == (left == 0) ? execute(command.right(), streams) : left;
    }

    int redirected(Command body, List<Redirection> redirections, Streams streams) {
        try (OpenedRedirections opened =
                new OpenedRedirections(state, expander, streams, redirections)) {
            return execute(body, opened.streams());
        } catch (ScriptException failed) {
            if (failed.fatal()) {
                throw failed;
            }
            streams.err().println("meshdojo: " + failed.getMessage());
            return 1;
        }
    }

    private int condition(Command command, Streams streams) {
        conditionDepth++;
        try {
            return execute(command, streams);
        } finally {
            conditionDepth--;
        }
    }

    private int conditional(Command.If command, Streams streams) {
        for (Command.Branch branch : command.branches()) {
            if (condition(branch.condition(), streams) == 0) {
                return execute(branch.body(), streams);
            }
        }
        return command.otherwise() == null ? 0 : execute(command.otherwise(), streams);
    }

    private int loop(Command.Loop loop, Streams streams) {
        int status = 0;
        state.loopDepth++;
        try {
            while ((condition(loop.condition(), streams) == 0) != loop.until()) {
                try {
                    status = execute(loop.body(), streams);
                } catch (ControlFlow.Loop leave) {
                    if (stops(leave)) {
                        return 0;
                    }
                }
            }
        } finally {
            state.loopDepth--;
        }
        return status;
    }

    private int forEach(Command.For loop, Streams streams) {
        int status = 0;
        List<String> values =
                loop.words() == null ? state.positional : expander.fields(loop.words());
        state.loopDepth++;
        try {
            for (String value : values) {
                state.assign(loop.variable(), value);
                try {
                    status = execute(loop.body(), streams);
                } catch (ControlFlow.Loop leave) {
                    if (stops(leave)) {
                        return 0;
                    }
                }
            }
        } finally {
            state.loopDepth--;
        }
        return status;
    }

    private static boolean stops(ControlFlow.Loop leave) {
        if (leave.levels > 1) {
            throw new ControlFlow.Loop(leave.again, leave.levels - 1);
        }
        return !leave.again;
    }

    private int choose(Command.Case command, Streams streams) {
        String subject = expander.text(command.subject());
        for (Command.Choice choice : command.choices()) {
            for (Word pattern : choice.patterns()) {
                if (GlobPattern.matches(expander.pattern(pattern), subject)) {
                    return execute(choice.body(), streams);
                }
            }
        }
        return 0;
    }

    Interpreter subshell() {
        return subshell(task);
    }

    private Interpreter subshell(Task owner) {
        Interpreter child = new Interpreter(session, state.copy(), owner, ambient);
        child.conditionDepth = conditionDepth;
        return child;
    }

    private int pipeline(Command.Pipeline pipeline, Streams streams) {
        if (pipeline.negated()) {
            conditionDepth++;
        }
        try {
            int status =
                    pipeline.stages().size() == 1
                            ? execute(pipeline.stages().getFirst(), streams)
                            : new PipelineRun(this, streams).run(pipeline.stages());
            return pipeline.negated() ? (status == 0 ? 1 : 0) : status;
        } finally {
            if (pipeline.negated()) {
                conditionDepth--;
            }
        }
    }

    private int background(Command.Item item, Streams streams) {
        Task job = session.jobs().background(item.source());
        Interpreter child = subshell(job);
        child.conditionDepth = 0;
        Streams detached = streams.withIn(InputStream.nullInputStream());
        if (!(item.command() instanceof Command.Simple)) {
            job.settle();
        }
        job.start(
                Thread.ofVirtual()
                        .name("job-" + job.identity().pid())
                        .unstarted(() -> job.finish(child.runToEnd(item.command(), detached))));
        state.lastBackground = job.identity().pid();
        try {
            job.awaitSettled(SETTLE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlFlow.Interrupted();
        }
        return 0;
    }

    private String substitute(Command script) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Streams captured = ambient.withOut(OpenedRedirections.print(output));
        Interpreter child = subshell();
        int status = child.runToEnd(script, captured);
        captured.out().flush();
        state.status = status;
        substituted = true;
        if (Thread.currentThread().isInterrupted()) {
            throw new ControlFlow.Interrupted();
        }
        return output.toString(StandardCharsets.UTF_8);
    }
}
