package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.node.ContainerSpec.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The containers of one pod, by their place in its spec. Thread-safe. */
final class PodContainers {

    private final List<ContainerRuntime> init = new CopyOnWriteArrayList<>();
    private final List<ContainerRuntime> main = new CopyOnWriteArrayList<>();
    private final List<ContainerRuntime> ephemeral = new CopyOnWriteArrayList<>();
    private final Runnable changed;

    /**
     * @param changed told when the state of a container changes
     */
    PodContainers(Runnable changed) {
        this.changed = changed;
    }

    /** Makes the containers of a new pod. */
    void create(PodSandbox sandbox) {
        for (ObjectNode json : Fields.objects(sandbox.pod(), "spec", Role.INIT.field())) {
            init.add(container(sandbox, sandbox.pod(), json, Role.INIT));
        }
        for (ObjectNode json : Fields.objects(sandbox.pod(), "spec", Role.MAIN.field())) {
            main.add(container(sandbox, sandbox.pod(), json, Role.MAIN));
        }
    }

    private ContainerRuntime container(
            PodSandbox sandbox, ObjectNode pod, ObjectNode json, Role role) {
        return new ContainerRuntime(sandbox, ContainerSpec.of(pod, json, role), changed);
    }

    List<ContainerRuntime> init() {
        return init;
    }

    List<ContainerRuntime> main() {
        return main;
    }

    /** All in the order in which they are stopped: sidecars last, the first of them at the end. */
    List<ContainerRuntime> stopping() {
        List<ContainerRuntime> order = new ArrayList<>(main);
        order.addAll(ephemeral);
        order.addAll(List.copyOf(init).reversed());
        return order;
    }

    List<ContainerRuntime.View> initViews() {
        return init.stream().map(ContainerRuntime::view).toList();
    }

    List<ContainerRuntime.View> mainViews() {
        return main.stream().map(ContainerRuntime::view).toList();
    }

    List<ContainerRuntime.View> ephemeralViews() {
        return ephemeral.stream().map(ContainerRuntime::view).toList();
    }

    /** The container of that name, or null. */
    @Nullable ContainerRuntime find(String name) {
        return Stream.of(main, init, ephemeral)
                .flatMap(List::stream)
                .filter(container -> container.spec().name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * Takes over what may change in a pod: images of containers, and ephemeral containers.
     *
     * @return the ephemeral containers that are new, for the caller to run
     */
    List<ContainerRuntime> update(PodSandbox sandbox, ObjectNode pod) {
        for (ObjectNode json : Fields.objects(pod, "spec", Role.MAIN.field())) {
            ContainerSpec next = ContainerSpec.of(pod, json, Role.MAIN);
            ContainerRuntime container = find(next.name());
            if (container != null && !container.spec().image().equals(next.image())) {
                container.redefine(next);
            }
        }
        List<ContainerRuntime> added = new ArrayList<>();
        for (ObjectNode json : Fields.objects(pod, "spec", Role.EPHEMERAL.field())) {
            if (find(Fields.text(json, "name")) == null) {
                ContainerRuntime container = container(sandbox, pod, json, Role.EPHEMERAL);
                ephemeral.add(container);
                added.add(container);
            }
        }
        return added;
    }

    /** Runs the {@code preStop} hooks side by side, at most for the grace period. */
    void preStop(Duration grace) throws InterruptedException {
        List<Thread> hooks = new ArrayList<>();
        try {
            for (ContainerRuntime container : main) {
                hooks.add(
                        Thread.ofVirtual()
                                .name("pre-stop-" + container.spec().name())
                                .start(() -> preStop(container, grace)));
            }
            for (Thread hook : hooks) {
                hook.join();
            }
        } finally {
            hooks.forEach(Thread::interrupt);
        }
    }

    private static void preStop(ContainerRuntime container, Duration grace) {
        try {
            container.preStop(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
