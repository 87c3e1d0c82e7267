package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiServerExtension;
import dev.meshdojo.simulator.apiserver.ExtensionPoints;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceApi.Event;
import dev.meshdojo.simulator.apiserver.ResourceApi.EventStream;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Serves what CustomResourceDefinitions define, as long as they exist. Those that a cluster comes
 * with are served from the first request on; others as soon as their definition is stored.
 */
public final class CustomResources implements ApiServerExtension {

    private static final String GROUP = "apiextensions.k8s.io";
    private static final String PLURAL = "customresourcedefinitions";

    private final List<CustomDefinition> preinstalled;
    private final Clock clock;

    public CustomResources(List<CustomDefinition> preinstalled, Clock clock) {
        this.preinstalled = List.copyOf(preinstalled);
        this.clock = clock;
    }

    @Override
    public void install(ExtensionPoints points) {
        ResourceApi api = points.api("kube-apiserver");
        ResourceRegistry registry = points.registry();
        Map<String, JsonNode> served = new HashMap<>();
        if (points.restored()) {
            serveStored(api, registry, served);
        } else {
            registry.add(preinstalled.stream().map(CustomDefinition::resource).toList());
            for (CustomDefinition definition : preinstalled) {
                api.create(definition.object());
                establish(api, definition.object());
            }
        }
        EventStream events = api.watch(GROUP, PLURAL, "", api.resourceVersion());
        Thread follower =
                Thread.ofVirtual()
                        .name("customresourcedefinitions")
                        .start(() -> follow(events, api, registry, served));
        points.onClose(
                () -> {
                    events.close();
                    follower.join();
                });
    }

    /** Kinds that came with the cluster and did not change share what all clusters share. */
    private void serveStored(
            ResourceApi api, ResourceRegistry registry, Map<String, JsonNode> served) {
        Map<String, CustomDefinition> shared = new HashMap<>();
        preinstalled.forEach(definition -> shared.put(name(definition.object()), definition));
        List<ResourceDefinition> resources = new ArrayList<>();
        for (ObjectNode stored : api.list(GROUP, PLURAL, "", "").items()) {
            CustomDefinition known = shared.get(name(stored));
            boolean same = known != null && known.object().path("spec").equals(stored.path("spec"));
            CustomDefinition definition =
                    known != null && same ? known : CustomDefinition.of(stored);
            resources.add(definition.resource());
            served.put(name(stored), stored.path("spec"));
        }
        registry.add(resources);
    }

    private static String name(ObjectNode definition) {
        return definition.path("metadata").path("name").asText();
    }

    private void follow(
            EventStream events,
            ResourceApi api,
            ResourceRegistry registry,
            Map<String, JsonNode> served) {
        try {
            for (Event event = events.next(); event != null; event = events.next()) {
                switch (event.type()) {
                    case ADDED, MODIFIED -> serve(event.object(), api, registry, served);
                    case DELETED -> {
                        JsonNode spec = event.object().path("spec");
                        served.remove(name(event.object()));
                        registry.remove(
                                spec.path("group").asText(),
                                spec.path("names").path("plural").asText());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(
            ObjectNode object,
            ResourceApi api,
            ResourceRegistry registry,
            Map<String, JsonNode> served) {
        JsonNode spec = object.path("spec");
        JsonNode before = served.put(name(object), spec);
        boolean known =
                before == null
                        ? registry.find(
                                                spec.path("group").asText(),
                                                spec.path("names").path("plural").asText())
                                        != null
                                && isEstablished(object)
                                && !changed(object)
                        : before.equals(spec);
        if (!known) {
            registry.add(List.of(CustomDefinition.of(object).resource()));
        }
        if (!isEstablished(object) || changed(object)) {
            establish(api, object);
        }
    }

    /** Whether the status does not say yet what the spec does. */
    private boolean changed(ObjectNode object) {
        return !established(object.deepCopy()).path("status").equals(object.path("status"));
    }

    private static boolean isEstablished(ObjectNode object) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Established")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private void establish(ResourceApi api, ObjectNode object) {
        try {
            api.editStatus(
                    new ResourceKey(GROUP, PLURAL, "", name(object)),
                    live -> live == null ? null : established(live));
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    private ObjectNode established(ObjectNode definition) {
        JsonNode spec = definition.path("spec");
        ObjectNode status = definition.withObject("/status");
        if (!isEstablished(definition)) {
            String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
            ArrayNode conditions = status.putArray("conditions");
            condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found", now);
            condition(
                    conditions,
                    "Established",
                    "InitialNamesAccepted",
                    "the initial names have been accepted",
                    now);
            ApiApproval.addCondition(conditions, definition, now);
        }
        ObjectNode accepted = spec.path("names").deepCopy();
        status.set("acceptedNames", accepted);
        ArrayNode stored = status.withArray("/storedVersions");
        for (JsonNode version : spec.path("versions")) {
            if (version.path("storage").asBoolean() && !contains(stored, version.path("name"))) {
                stored.add(version.path("name").asText());
            }
        }
        return definition;
    }

    private static boolean contains(ArrayNode texts, JsonNode text) {
        for (JsonNode each : texts) {
            if (each.asText().equals(text.asText())) {
                return true;
            }
        }
        return false;
    }

    private static void condition(
            ArrayNode conditions, String type, String reason, String message, String now) {
        conditions
                .addObject()
                .put("lastTransitionTime", now)
                .put("message", message)
                .put("reason", reason)
                .put("status", "True")
                .put("type", type);
    }
}
