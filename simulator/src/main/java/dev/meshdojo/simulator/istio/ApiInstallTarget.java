package dev.meshdojo.simulator.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceApi.Event;
import dev.meshdojo.simulator.apiserver.ResourceApi.EventStream;
import dev.meshdojo.simulator.apiserver.ResourceApi.EventType;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.istio.operator.OperatorValues;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Installs into the in-process API server without the wire. */
public final class ApiInstallTarget implements InstallTarget {

    private final ResourceApi api;

    /** Over the verbs of one server, under the field manager {@code istio-operator}. */
    public ApiInstallTarget(ResourceApi api) {
        this.api = api;
    }

    @Override
    public void apply(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        ResourceKey key =
                new ResourceKey(
                        slash < 0 ? "" : apiVersion.substring(0, slash),
                        plural(object.path("kind").asText()),
                        object.path("metadata").path("namespace").asText(""),
                        object.path("metadata").path("name").asText());
        ObjectNode stored =
                api.edit(
                        key,
                        copy -> {
                            if (copy == null) {
                                return null;
                            }
                            overlay(copy, object);
                            return copy;
                        });
        if (stored == null) {
            api.create(object);
        }
    }

    /** Lays the wanted state over the stored one; a port keeps the node port it was given. */
    private static void overlay(ObjectNode stored, ObjectNode wanted) {
        JsonNode before = stored.path("spec").path("ports").deepCopy();
        OperatorValues.mergeInto(stored, wanted);
        if (!stored.path("kind").asText().equals("Service")) {
            return;
        }
        for (JsonNode port : stored.path("spec").path("ports")) {
            for (JsonNode old : before) {
                if (old.path("port").equals(port.path("port"))
                        && old.has("nodePort")
                        && !port.has("nodePort")
                        && port instanceof ObjectNode open) {
                    open.set("nodePort", old.get("nodePort"));
                }
            }
        }
    }

    private static String plural(String kind) {
        String lower = kind.toLowerCase(Locale.ROOT);
        return lower.endsWith("s") ? lower + "es" : lower + "s";
    }

    @Override
    public @Nullable ObjectNode find(Kind kind, String namespace, String name) {
        return api.find(new ResourceKey(kind.group(), kind.plural(), namespace, name));
    }

    @Override
    public List<ObjectNode> list(Kind kind, String labelSelector) {
        if (api.type(kind.group(), kind.plural()) == null) {
            return List.of();
        }
        return api.list(kind.group(), kind.plural(), "", labelSelector).items();
    }

    @Override
    public void delete(Kind kind, String namespace, String name) {
        api.delete(new ResourceKey(kind.group(), kind.plural(), namespace, name));
    }

    @Override
    public boolean await(
            Kind kind,
            String namespace,
            String name,
            Predicate<ObjectNode> condition,
            Duration limit)
            throws InterruptedException {
        String from = api.resourceVersion();
        ObjectNode now = find(kind, namespace, name);
        if (now != null && condition.test(now)) {
            return true;
        }
        try (ScheduledExecutorService timer =
                        Executors.newSingleThreadScheduledExecutor(
                                Thread.ofVirtual().name("install-timer").factory());
                EventStream events = api.watch(kind.group(), kind.plural(), namespace, from)) {
            timer.schedule(events::close, limit.toMillis(), TimeUnit.MILLISECONDS);
            try {
                for (Event event = events.next(); event != null; event = events.next()) {
                    boolean same =
                            event.object().path("metadata").path("name").asText().equals(name);
                    if (same
                            && event.type() != EventType.DELETED
                            && condition.test(event.object())) {
                        return true;
                    }
                }
                return false;
            } finally {
                timer.shutdownNow();
            }
        } catch (ApiException e) {
            if (e.code() == 410) {
                return await(kind, namespace, name, condition, limit);
            }
            throw e;
        }
    }
}
