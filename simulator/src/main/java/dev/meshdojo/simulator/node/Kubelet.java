package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.stream.PodStreams;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.network.ClusterNetwork;
import dev.meshdojo.simulator.network.EventLoops;
import dev.meshdojo.simulator.network.ResourceInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The node of an in-process cluster: runs the pods that are bound to it as in-process workloads on
 * real sockets, and tells the API server how they are.
 *
 * <p>Thread-safe. {@link #close} ends every pod's threads and sockets and writes nothing more.
 */
public final class Kubelet implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Kubelet.class.getName());
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final KubeletServices services;
    private final NodeRegistration registration;
    private final Map<PodStreams.PodName, PodWorker> workers = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread heartbeat;
    private @Nullable ResourceInformer informer;

    /**
     * @param api with the kubelet's rights
     * @param network carries the pods' addresses; not closed here
     * @param eventLoops for the workloads' sockets; not closed here
     * @param images what images run
     */
    public Kubelet(
            ResourceApi api,
            ClusterNetwork network,
            EventLoops eventLoops,
            ImageCatalogue images,
            KubeletOptions options) {
        this.services =
                new KubeletServices(
                        api, network, eventLoops, images, options, new KubeletEvents(api, options));
        this.registration = new NodeRegistration(api, options);
        this.heartbeat = Thread.ofVirtual().name("node-heartbeat").unstarted(this::beat);
    }

    /** Registers the node and starts to run its pods. */
    public synchronized void start() {
        if (informer == null && closed.getCount() > 0) {
            registration.register();
            heartbeat.start();
            informer = ResourceInformer.start(services.api(), "", "pods", new Pods());
        }
    }

    /** Logs, exec, attach and port-forward of the node's pods. */
    public PodStreams streams() {
        return new NodeStreams(services, this::worker);
    }

    @Nullable PodWorker worker(PodStreams.PodName name) {
        return workers.get(name);
    }

    private void beat() {
        try {
            while (!closed.await(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    registration.renewLease();
                } catch (ApiException e) {
                    LOG.log(Level.FINE, "lease not renewed", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts, stops and forgets pods as the API server tells. */
    private final class Pods implements ResourceInformer.Listener {

        @Override
        public void stored(ObjectNode pod) {
            if (!Fields.text(pod, "spec", "nodeName").equals(services.options().nodeName())) {
                return;
            }
            PodStreams.PodName name = name(pod);
            PodWorker worker = workers.get(name);
            boolean restored = worker != null && worker.deleting() && !Meta.deleting(pod);
            if (worker != null && (restored || !worker.uid().equals(Meta.uid(pod)))) {
                worker.remove();
                worker = null;
            }
            if (worker == null) {
                worker = new PodWorker(services, pod);
                workers.put(name, worker);
                worker.start();
            } else {
                worker.observe(pod);
            }
            if (Meta.deleting(pod)) {
                int grace = Fields.number(30, pod, "metadata", "deletionGracePeriodSeconds");
                worker.delete(Duration.ofSeconds(grace));
            }
        }

        @Override
        public void removed(ObjectNode pod) {
            PodWorker worker = workers.get(name(pod));
            if (worker != null && worker.uid().equals(Meta.uid(pod))) {
                workers.remove(name(pod), worker);
                worker.remove();
            }
        }

        private static PodStreams.PodName name(ObjectNode pod) {
            return new PodStreams.PodName(Meta.namespace(pod), Meta.name(pod));
        }
    }

    @Override
    public void close() {
        closed.countDown();
        ResourceInformer running;
        synchronized (this) {
            running = informer;
            informer = null;
        }
        if (running != null) {
            running.close();
        }
        List<PodWorker> all = List.copyOf(workers.values());
        all.forEach(PodWorker::abandon);
        try {
            for (PodWorker worker : all) {
                worker.awaitEnd();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.clear();
    }
}
