package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apps.PodIdentity;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.network.ClusterNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs one pod from its binding to its end, on a virtual thread of its own. */
final class PodWorker {

    private static final Logger LOG = Logger.getLogger(PodWorker.class.getName());
    private static final String DEADLINE_EXCEEDED = "DeadlineExceeded";
    private static final String DEADLINE_MESSAGE =
            "Pod was active on the node longer than the specified deadline";
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);

    private final KubeletServices services;
    private final ObjectNode pod;
    private final ResourceKey key;
    private final Semaphore changes = new Semaphore(0);
    private final PodContainers containers = new PodContainers(changes::release);
    private final List<Thread> running = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private final Instant startTime;
    private final PodStatusWriter status;
    private volatile @Nullable PodSandbox sandbox;
    private volatile Duration grace = Duration.ZERO;
    private volatile boolean deleting;
    private volatile boolean orphaned;
    private volatile boolean killing;

    PodWorker(KubeletServices services, ObjectNode pod) {
        this.services = services;
        this.pod = pod;
        this.key = new ResourceKey("", "pods", Meta.namespace(pod), Meta.name(pod));
        Instant before = Meta.instant(Fields.text(pod, "status", "startTime"));
        this.startTime = before.equals(Instant.EPOCH) ? services.now() : before;
        this.status = new PodStatusWriter(services, pod, containers, startTime);
        this.thread = Thread.ofVirtual().name("pod-" + Meta.name(pod)).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Whether the pod was told to end. */
    boolean deleting() {
        return deleting;
    }

    String uid() {
        return Meta.uid(pod);
    }

    /**
     * Takes over what changed in the pod, and tells again how it is when the API server's status
     * says something else.
     */
    void observe(ObjectNode stored) {
        PodSandbox own = sandbox;
        if (own != null && !killing) {
            for (ContainerRuntime added : containers.update(own, stored)) {
                running.add(start(added));
            }
        }
        if (status.differs(stored)) {
            changes.release();
        }
    }

    /**
     * The pod has a deletion time now.
     *
     * @param period what its containers have to end
     */
    void delete(Duration period) {
        grace = period;
        deleting = true;
        killing = true;
        changes.release();
    }

    /** The pod is gone from the API server: stop. */
    void remove() {
        killing = true;
        abandon();
    }

    /** The node shuts down: stop without another word. */
    void abandon() {
        orphaned = true;
        changes.release();
        thread.interrupt();
    }

    /** Waits until everything of the pod has ended. */
    void awaitEnd() throws InterruptedException {
        if (!ended.await(SHUTDOWN.toSeconds() * 2, TimeUnit.SECONDS)) {
            LOG.warning("pod " + key.namespace() + "/" + key.name() + " does not end");
        }
    }

    @Nullable PodSandbox sandbox() {
        return sandbox;
    }

    /** The container of that name, or null. */
    @Nullable ContainerRuntime container(String name) {
        return containers.find(name);
    }

    /** The container that commands without a name mean: the annotated one, else the first. */
    String defaultContainer() {
        String annotated = Meta.annotation(pod, "kubectl.kubernetes.io/default-container");
        if (!annotated.isEmpty() && container(annotated) != null) {
            return annotated;
        }
        List<ObjectNode> all = Fields.objects(pod, "spec", "containers");
        return all.isEmpty() ? "" : Fields.text(all.getFirst(), "name");
    }

    private void run() {
        ClusterNetwork.PodAttachment attachment = null;
        try {
            if (Pods.finished(pod)) {
                awaitDeletion();
            } else {
                awaitVolumes();
                attachment = attach();
                live(attachment);
            }
        } catch (InterruptedException e) {
            orphaned = true;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "pod " + key.namespace() + "/" + key.name() + " failed", e);
        } finally {
            stopContainers();
            if (attachment != null) {
                attachment.close();
            }
            finish();
            ended.countDown();
        }
    }

    private void awaitDeletion() throws InterruptedException {
        while (!deleting && !orphaned) {
            changes.acquire();
        }
    }

    private void awaitVolumes() throws InterruptedException {
        PodVolumes volumes = volumes();
        Duration wait = Duration.ofMillis(500);
        for (String missing = volumes.unmountable();
                missing != null && !deleting && !orphaned;
                missing = volumes.unmountable()) {
            services.events().warning(pod, "", "FailedMount", missing);
            status.creating();
            boolean signalled = changes.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
            wait = signalled ? wait : wait.multipliedBy(2);
        }
    }

    private PodVolumes volumes() {
        return new PodVolumes(services.api(), pod, services.options().tokens());
    }

    /** A restored pod gets its address back, unless another pod was faster. */
    private ClusterNetwork.PodAttachment attach() {
        String asked = Meta.annotation(pod, "cni.projectcalico.org/ipAddrs");
        String ip = asked.replaceAll("[\\[\\]\"\\s]", "").split(",", 2)[0];
        String before = Fields.text(pod, "status", "podIP");
        if (ip.isEmpty() && !before.isEmpty()) {
            services.events()
                    .normal(
                            pod,
                            "",
                            "SandboxChanged",
                            "Pod sandbox changed, it will be killed and re-created.");
            try {
                return services.network().attachPod(key.namespace(), key.name(), before);
            } catch (IllegalArgumentException _) {
                LOG.fine(() -> key.name() + " cannot have " + before + " again");
            }
        }
        return services.network().attachPod(key.namespace(), key.name(), ip.isEmpty() ? null : ip);
    }

    private void live(ClusterNetwork.PodAttachment attachment) throws InterruptedException {
        if (deleting || orphaned) {
            return;
        }
        PodSandbox own =
                new PodSandbox(
                        services,
                        pod,
                        identity(attachment.podIp()),
                        attachment,
                        volumes(),
                        Ids.hex64(),
                        "/var/run/netns/cni-" + java.util.UUID.randomUUID());
        containers.create(own);
        sandbox = own;
        writeStatus();
        running.add(Thread.ofVirtual().name("pod-" + key.name() + "-sync").start(this::sync));
        while (!deleting && !orphaned) {
            if (!awaitChange()) {
                expire();
                awaitDeletion();
                return;
            }
            changes.drainPermits();
            writeStatus();
        }
    }

    /** Waits for news; false once the pod has run for longer than it may. */
    private boolean awaitChange() throws InterruptedException {
        if (!Fields.has(pod, "spec", "activeDeadlineSeconds")) {
            changes.acquire();
            return true;
        }
        Instant end = startTime.plusSeconds(Fields.number(pod, "spec", "activeDeadlineSeconds"));
        Duration left = Duration.between(services.now(), end);
        return changes.tryAcquire(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
    }

    private void expire() {
        if (status.over()) {
            return;
        }
        services.events().normal(pod, "", DEADLINE_EXCEEDED, DEADLINE_MESSAGE);
        killing = true;
        stopContainers();
        status.fail(DEADLINE_EXCEEDED, DEADLINE_MESSAGE);
        writeStatus();
    }

    private PodIdentity identity(String ip) {
        return new PodIdentity(
                key.namespace(),
                key.name(),
                Meta.uid(pod),
                ip,
                Fields.text(pod, "spec", "serviceAccountName"),
                services.options().nodeName(),
                Meta.labels(pod),
                Fields.strings(pod, "metadata", "annotations"));
    }

    /** Init containers one after the other, then all others together. */
    private void sync() {
        List<Thread> started = new ArrayList<>();
        try {
            Duration create = services.options().pace().create();
            boolean cut = new CountDownLatch(1).await(create.toMillis(), TimeUnit.MILLISECONDS);
            for (ContainerRuntime container : containers.init()) {
                if (container.spec().sidecar()) {
                    started.add(start(container));
                    awaitStarted(container);
                } else if (cut || container.run() != 0) {
                    return;
                }
            }
            for (ContainerRuntime container : containers.main()) {
                started.add(start(container));
            }
            for (int i = started.size() - containers.main().size(); i < started.size(); i++) {
                started.get(i).join();
            }
        } catch (InterruptedException e) {
            LOG.finest("pod " + key.name() + " is told to stop");
        } finally {
            started.forEach(Thread::interrupt);
            changes.release();
            started.forEach(PodWorker::join);
        }
    }

    private Thread start(ContainerRuntime container) {
        return Thread.ofVirtual()
                .name("pod-" + key.name() + "-" + container.spec().name())
                .start(
                        () -> {
                            try {
                                int code = container.run();
                                LOG.finest(() -> container.spec().name() + " ended with " + code);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } finally {
                                changes.release();
                            }
                        });
    }

    private static void awaitStarted(ContainerRuntime container) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (!container.view().started()) {
            boolean counted = never.await(5, TimeUnit.MILLISECONDS);
            assert !counted : "nobody counts down";
        }
    }

    private static void join(Thread thread) {
        try {
            boolean ended = thread.join(SHUTDOWN);
            if (!ended) {
                LOG.warning(thread.getName() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopContainers() {
        if (killing) {
            containers.stopping().forEach(this::tellStop);
            runPreStopHooks();
        }
        boolean interrupted = Thread.interrupted();
        running.forEach(Thread::interrupt);
        running.forEach(PodWorker::join);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellStop(ContainerRuntime container) {
        if (container.running() != null) {
            services.events()
                    .normal(
                            pod,
                            container.spec().fieldPath(),
                            "Killing",
                            "Stopping container " + container.spec().name());
        }
    }

    private void runPreStopHooks() {
        if (deleting && !orphaned && !grace.isZero()) {
            try {
                containers.preStop(grace);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void writeStatus() {
        PodSandbox own = sandbox;
        status.write(own == null ? "" : own.identity().ip());
    }

    private void finish() {
        if (orphaned || !deleting) {
            return;
        }
        try {
            services.api().deleteNow(key, uid());
        } catch (ApiException e) {
            LOG.log(Level.FINE, "pod " + key.name() + " was gone already", e);
        }
    }
}
