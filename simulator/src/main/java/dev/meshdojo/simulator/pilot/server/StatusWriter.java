package dev.meshdojo.simulator.pilot.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.pilot.gatewayapi.GatewayApi;
import dev.meshdojo.simulator.pilot.gatewayapi.GatewayDeployments;
import dev.meshdojo.simulator.pilot.gatewayapi.GatewayStatuses;
import dev.meshdojo.simulator.pilot.ingress.IngressStatuses;
import dev.meshdojo.simulator.pilot.ingress.Ingresses;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.ObjectStatus;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What istiod writes to the API server: the classes it serves, Deployments and Services for
 * Gateways that name none, statuses of Gateway API objects and Ingresses. One virtual thread, which
 * works on the newest model and passes over those between. Writes nothing while no istiod is
 * installed.
 */
final class StatusWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final List<String> KINDS = kinds();
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private sealed interface Work {}

    private record Look(MeshModel model) implements Work {}

    private record Stop() implements Work {}

    private final ResourceApi api;
    private final InstantSource clock;
    private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final GatewayStatuses gatewayStatuses = new GatewayStatuses();
    private @Nullable MeshModel done;

    StatusWriter(ResourceApi api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("pilot-status").unstarted(this::run);
    }

    private static List<String> kinds() {
        List<String> all = new ArrayList<>(GatewayApi.KINDS);
        all.addAll(Ingresses.KINDS);
        all.add("endpointslices.discovery.k8s.io");
        return List.copyOf(all);
    }

    void start() {
        thread.start();
    }

    /** Takes the newest model; does not block. */
    void look(MeshModel model) {
        queue.add(new Look(model));
    }

    private void run() {
        List<Work> batch = new ArrayList<>();
        try {
            while (true) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch);
                if (batch.stream().anyMatch(work -> work instanceof Stop)) {
                    return;
                }
                if (batch.getLast() instanceof Look(MeshModel model)) {
                    work(model);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(MeshModel model) {
        if (unchanged(model) || model.objects("services").find("istio-system", "istiod") == null) {
            return;
        }
        try {
            String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
            if (api.type("gateway.networking.k8s.io", "gatewayclasses") != null) {
                GatewayDeployments.classes(model).forEach(this::create);
                GatewayDeployments.wanted(model).forEach(this::provide);
                gatewayStatuses.of(model, now).forEach(this::write);
            }
            IngressStatuses.of(model).forEach(this::write);
            done = model;
        } catch (RuntimeException e) {
            LOG.error("statuses were not written; they will be with the next change", e);
        }
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged set is the same instance
    private boolean unchanged(MeshModel model) {
        MeshModel before = done;
        return before != null
                && before.mesh().equals(model.mesh())
                && KINDS.stream().allMatch(kind -> model.objects(kind) == before.objects(kind));
    }

    private void provide(ObjectNode object) {
        String kind = object.path("kind").asText();
        ResourceKey key =
                new ResourceKey(
                        kind.equals("Deployment") ? "apps" : "",
                        kind.toLowerCase(Locale.ROOT) + "s",
                        object.path("metadata").path("namespace").asText(),
                        object.path("metadata").path("name").asText());
        ObjectNode existing = api.find(key);
        if (existing == null) {
            create(object);
        } else if (kind.equals("Service") && !samePorts(existing, object)) {
            api.edit(
                    key,
                    live -> {
                        if (live != null) {
                            live.withObject("/spec")
                                    .set("ports", object.path("spec").path("ports").deepCopy());
                        }
                        return live;
                    });
        }
    }

    private static boolean samePorts(ObjectNode existing, ObjectNode wanted) {
        return ports(existing).equals(ports(wanted));
    }

    private static List<String> ports(ObjectNode service) {
        List<String> out = new ArrayList<>();
        for (JsonNode port : service.path("spec").path("ports")) {
            out.add(
                    port.path("name").asText()
                            + ":"
                            + port.path("port").asText()
                            + ":"
                            + port.path("appProtocol").asText());
        }
        return out;
    }

    private void create(ObjectNode object) {
        try {
            api.create(object);
        } catch (ApiException e) {
            if (e.code() != CONFLICT && e.code() != NOT_FOUND) {
                LOG.warn(
                        "{} {} was not created: {}",
                        object.path("kind").asText(),
                        object.path("metadata").path("name").asText(),
                        e.getMessage());
            }
        }
    }

    private void write(ObjectStatus wanted) {
        ResourceKey key =
                new ResourceKey(
                        wanted.object().group(),
                        wanted.plural(),
                        wanted.object().namespace(),
                        wanted.object().name());
        try {
            api.editStatus(
                    key,
                    live -> {
                        ObjectNode next =
                                live == null ? JsonNodeFactory.instance.objectNode() : live;
                        next.set("status", wanted.status());
                        return next;
                    });
        } catch (ApiException e) {
            if (e.code() != NOT_FOUND) {
                LOG.warn("the status of {} was not written: {}", key, e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        queue.add(new Stop());
    }
}
