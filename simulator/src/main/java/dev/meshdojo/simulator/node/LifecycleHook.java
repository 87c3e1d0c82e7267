package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.shell.ContainerShell;
import dev.meshdojo.simulator.controller.object.Fields;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A handler of a container's {@code lifecycle}: exec, httpGet or sleep. */
record LifecycleHook(ObjectNode json) {

    /** The container's {@code postStart} or {@code preStop}, or null. */
    static @Nullable LifecycleHook of(ContainerSpec spec, String name) {
        return spec.json().path("lifecycle").get(name) instanceof ObjectNode json
                ? new LifecycleHook(json)
                : null;
    }

    /** Runs it to its end; false when it failed. */
    boolean run(ContainerSpec spec, RunningContainer container) throws InterruptedException {
        if (Fields.has(json, "exec")) {
            return exec(container);
        }
        if (Fields.has(json, "httpGet")) {
            return HttpProbe.get(json.path("httpGet"), spec, container).isEmpty();
        }
        Duration sleep = Duration.ofSeconds(Fields.number(json, "sleep", "seconds"));
        return !new CountDownLatch(1).await(sleep.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The same, at most for {@code limit} and as long as the program runs. */
    boolean run(ContainerSpec spec, RunningContainer container, Duration limit)
            throws InterruptedException {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread thread =
                Thread.ofVirtual()
                        .name("hook-" + spec.name())
                        .start(() -> ended.complete(runQuietly(spec, container)));
        container.exit().thenAccept(code -> ended.complete(true));
        try {
            return ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            thread.interrupt();
        }
    }

    private boolean runQuietly(ContainerSpec spec, RunningContainer container) {
        try {
            return run(spec, container);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private boolean exec(RunningContainer container) throws InterruptedException {
        List<String> command = Fields.texts(json, "exec", "command");
        OutputStream nowhere = OutputStream.nullOutputStream();
        try {
            return !command.isEmpty()
                    && ContainerShell.knows(command.getFirst())
                    && ContainerShell.run(
                                    container, command, ContainerShell.noInput(), nowhere, nowhere)
                            == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
