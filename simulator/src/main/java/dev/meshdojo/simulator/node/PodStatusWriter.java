package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells the API server of a pod's state. Written by one thread, asked by any. */
final class PodStatusWriter {

    private static final Logger LOG = Logger.getLogger(PodStatusWriter.class.getName());

    private final KubeletServices services;
    private final ObjectNode pod;
    private final ResourceKey key;
    private final PodContainers containers;
    private final Instant startTime;
    private final String restartPolicy;
    private volatile JsonNode written = MissingNode.getInstance();
    private volatile String failure = "";
    private volatile String failureMessage = "";

    PodStatusWriter(
            KubeletServices services, ObjectNode pod, PodContainers containers, Instant startTime) {
        this.services = services;
        this.pod = pod;
        this.key = new ResourceKey("", "pods", Meta.namespace(pod), Meta.name(pod));
        this.containers = containers;
        this.startTime = startTime;
        String policy = Fields.text(pod, "spec", "restartPolicy");
        this.restartPolicy = policy.isEmpty() ? "Always" : policy;
    }

    /** Whether somebody else's word of the pod stands in the API server. */
    boolean differs(ObjectNode stored) {
        return !written.isMissingNode() && !written.equals(stored.path("status"));
    }

    /** Whether the pod has ended, as last written. */
    boolean over() {
        String phase = Fields.text(written, "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** From now on the pod counts as failed, whatever its containers do. */
    void fail(String reason, String message) {
        failureMessage = message;
        failure = reason;
    }

    /** Writes that containers are about to be made. */
    void creating() {
        List<ContainerRuntime.View> views = new ArrayList<>();
        for (ObjectNode json : Fields.objects(pod, "spec", "containers")) {
            views.add(
                    new ContainerRuntime.View(
                            ContainerSpec.of(pod, json, ContainerSpec.Role.MAIN),
                            new ContainerState.Waiting("ContainerCreating", ""),
                            null,
                            "",
                            0,
                            false,
                            false));
        }
        write(List.of(), views, List.of(), "");
    }

    /** Writes how the containers are. */
    void write(String ip) {
        write(containers.initViews(), containers.mainViews(), containers.ephemeralViews(), ip);
    }

    private void write(
            List<ContainerRuntime.View> inits,
            List<ContainerRuntime.View> mains,
            List<ContainerRuntime.View> ephemerals,
            String ip) {
        PodStatus status = new PodStatus(inits, mains, ephemerals, restartPolicy, ip, startTime);
        if (!failure.isEmpty()) {
            status.fail(failure, failureMessage);
        }
        try {
            ObjectNode stored =
                    services.api()
                            .editStatus(
                                    key,
                                    live -> {
                                        if (live == null || !Meta.uid(live).equals(Meta.uid(pod))) {
                                            return null;
                                        }
                                        status.write(live, services.now());
                                        return live;
                                    });
            written = stored == null ? MissingNode.getInstance() : stored.path("status");
        } catch (ApiException e) {
            LOG.log(Level.FINE, "status of pod " + key.name() + " not written", e);
        }
    }
}
