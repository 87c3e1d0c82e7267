package dev.meshdojo.simulator.controller.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control loop: one virtual thread takes names from a queue and brings the world of each closer
 * to what its object wants. A name that fails comes again, later each time; a write that met a
 * newer object is no failure worth a word.
 *
 * <p>Subclasses subscribe to informers in their constructor and are driven by one thread, so their
 * own state needs no lock.
 */
public abstract class Controller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    /** What the controller works with. */
    protected final ControllerContext context;

    /** Names to work on. */
    protected final WorkQueue queue;

    private final String name;
    private @Nullable Thread thread;

    /**
     * Builds; nothing runs until {@link #start}.
     *
     * @param name as Kubernetes names the controller, such as {@code deployment-controller}
     */
    protected Controller(String name, ControllerContext context) {
        this.name = name;
        this.context = context;
        this.queue = new WorkQueue(context.clock());
    }

    /** Works on one name. Called again after it throws. */
    protected abstract void reconcile(ObjectName target);

    /** The controller's name. */
    public final String name() {
        return name;
    }

    /** Starts the loop; it waits for the informers first. */
    public final void start(String clusterName) {
        thread = Thread.ofVirtual().name(clusterName + "-" + name).start(this::run);
    }

    /** Makes delays that a moved clock ended take effect. */
    public final void clockMoved() {
        queue.clockMoved();
    }

    /** Queues whatever controls {@code object} when that is a {@code kind}. */
    protected final void enqueueOwner(ObjectNode object, String kind) {
        Meta.Owner owner = Meta.controller(object);
        if (owner != null && owner.kind().equals(kind)) {
            queue.add(new ObjectName(Meta.namespace(object), owner.name()));
        }
    }

    /** Writes {@code object}'s status when it differs from what is stored. */
    protected final void storeStatus(
            Informer informer, ResourceKey key, ObjectNode object, ObjectNode status) {
        if (Fields.same(status, object.path("status"))) {
            return;
        }
        ObjectNode stored =
                context.api()
                        .editStatus(
                                key,
                                copy -> {
                                    if (copy == null || !Meta.uid(copy).equals(Meta.uid(object))) {
                                        return null;
                                    }
                                    copy.set("status", status);
                                    return copy;
                                });
        if (stored != null) {
            informer.observe(stored);
        }
    }

    private void run() {
        try {
            context.informers().awaitSync();
            for (ObjectName next = queue.take(); next != null; next = queue.take()) {
                work(next);
            }
        } catch (InterruptedException e) {
            LOG.debug("{} ends.", name);
        }
    }

    private void work(ObjectName target) throws InterruptedException {
        try {
            reconcile(target);
            queue.forget(target);
        } catch (ApiException e) {
            if (e.code() == 409 || e.code() == 404) {
                LOG.debug("{} tries {} again: {}", name, target, e.getMessage());
            } else {
                LOG.info("{} tries {} again: {}", name, target, e.getMessage());
            }
            queue.retry(target);
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.warn("{} failed on {}; it tries again.", name, target, e);
            queue.retry(target);
        }
    }

    @Override
    public void close() {
        queue.close();
        if (thread != null) {
            thread.interrupt();
        }
    }
}
