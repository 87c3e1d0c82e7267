package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * HorizontalPodAutoscalers in a cluster without a metrics API: keeps replicas inside the bounds and
 * says, each 15 s, that no metric can be read. Source: {@code pkg/controller/podautoscaler}.
 */
public final class AutoscalerController extends Controller {

    private static final Duration PERIOD = Duration.ofSeconds(15);

    private final Informer autoscalers;
    private final EventRecorder events;
    private final Map<ObjectName, LabelSelector> selectors = new HashMap<>();

    /** Subscribes; runs once started. */
    public AutoscalerController(ControllerContext context) {
        super("horizontal-pod-autoscaler", context);
        this.autoscalers = context.informer("autoscaling", "horizontalpodautoscalers");
        this.events = new EventRecorder(context, name());
        autoscalers.onChange(
                (before, after) -> {
                    if (before == null && after != null) {
                        queue.addAfter(Meta.objectName(after), PERIOD);
                    }
                });
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode autoscaler = autoscalers.get(target);
        if (autoscaler == null) {
            return;
        }
        ObjectNode status =
                autoscaler.get("status") instanceof ObjectNode old
                        ? old.deepCopy()
                        : Fields.object();
        status.remove("currentMetrics");
        JsonNode reference = Fields.at(autoscaler, "spec", "scaleTargetRef");
        ResourceKey key = targetKey(target.namespace(), reference);
        ObjectNode scaled = key == null ? null : context.api().find(key);
        if (key == null || scaled == null) {
            noTarget(autoscaler, status, reference);
        } else {
            follow(autoscaler, status, key, scaled);
        }
        storeStatus(
                autoscalers,
                new ResourceKey(
                        "autoscaling",
                        "horizontalpodautoscalers",
                        target.namespace(),
                        target.name()),
                autoscaler,
                status);
        queue.addAfter(target, PERIOD);
    }

    private @Nullable ResourceKey targetKey(String namespace, JsonNode reference) {
        String version = Fields.text(reference, "apiVersion");
        int slash = version.indexOf('/');
        String group = slash < 0 ? "" : version.substring(0, slash);
        String plural =
                switch (Fields.text(reference, "kind")) {
                    case "Deployment" -> "deployments";
                    case "ReplicaSet" -> "replicasets";
                    case "StatefulSet" -> "statefulsets";
                    case "ReplicationController" -> "replicationcontrollers";
                    default -> "";
                };
        ResourceApi api = context.api();
        if (plural.isEmpty() || api.type(group, plural) == null) {
            return null;
        }
        return new ResourceKey(group, plural, namespace, Fields.text(reference, "name"));
    }

    private void noTarget(ObjectNode autoscaler, ObjectNode status, JsonNode reference) {
        String message = missing(reference);
        events.event(autoscaler, EventRecorder.WARNING, "FailedGetScale", message);
        Conditions.set(
                status,
                "AbleToScale",
                "False",
                "FailedGetScale",
                "the HPA controller was unable to get the target's current scale: " + message,
                context.now());
    }

    private String missing(JsonNode reference) {
        String kind = Fields.text(reference, "kind");
        String version = Fields.text(reference, "apiVersion");
        String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        String plural = kind.toLowerCase(Locale.ROOT) + "s";
        if (context.api().type(group, plural) == null) {
            return "no matches for kind \"%s\" in group \"%s\"".formatted(kind, group);
        }
        if (targetKey("", reference) == null) {
            return "the server could not find the requested resource";
        }
        return "%s \"%s\" not found"
                .formatted(
                        group.isEmpty() ? plural : plural + "." + group,
                        Fields.text(reference, "name"));
    }

    private void follow(
            ObjectNode autoscaler, ObjectNode status, ResourceKey key, ObjectNode scaled) {
        int current = Fields.number(1, scaled, "spec", "replicas");
        int least = Fields.number(1, autoscaler, "spec", "minReplicas");
        int most = Fields.number(autoscaler, "spec", "maxReplicas");
        status.put("currentReplicas", current);
        if (current == 0) {
            status.remove("currentReplicas");
        }
        Conditions.set(
                status,
                "AbleToScale",
                "True",
                "SucceededGetScale",
                "the HPA controller was able to get the target's current scale",
                context.now());
        if (current == 0 && least != 0) {
            status.put("desiredReplicas", 0);
            Conditions.set(
                    status,
                    "ScalingActive",
                    "False",
                    "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero",
                    context.now());
        } else if (current > most) {
            rescale(
                    autoscaler,
                    status,
                    key,
                    most,
                    "Current number of replicas above Spec.MaxReplicas");
        } else if (current < least) {
            rescale(
                    autoscaler,
                    status,
                    key,
                    least,
                    "Current number of replicas below Spec.MinReplicas");
        } else {
            status.put("desiredReplicas", 0);
            noMetrics(autoscaler, status, scaled);
        }
    }

    private void rescale(
            ObjectNode autoscaler, ObjectNode status, ResourceKey key, int size, String why) {
        ObjectNode patch = Fields.object();
        patch.putObject("spec").put("replicas", size);
        context.api().mergePatch(key, patch);
        events.event(
                autoscaler,
                EventRecorder.NORMAL,
                "SuccessfulRescale",
                "New size: " + size + "; reason: " + why);
        Conditions.set(
                status,
                "AbleToScale",
                "True",
                "SucceededRescale",
                "the HPA controller was able to update the target scale to " + size,
                context.now());
        status.put("desiredReplicas", size).put("lastScaleTime", Meta.time(context.now()));
    }

    private void noMetrics(ObjectNode autoscaler, ObjectNode status, ObjectNode scaled) {
        String ambiguous = ambiguity(autoscaler, scaled);
        if (!ambiguous.isEmpty()) {
            events.event(autoscaler, EventRecorder.WARNING, "AmbiguousSelector", ambiguous);
            fail(autoscaler, status, "AmbiguousSelector", ambiguous, ambiguous);
            return;
        }
        List<AutoscalerMetric> metrics = new ArrayList<>();
        ArrayNode current = status.arrayNode();
        for (JsonNode metric : Fields.at(autoscaler, "spec", "metrics")) {
            AutoscalerMetric said = AutoscalerMetric.of(Meta.namespace(autoscaler), metric);
            events.event(autoscaler, EventRecorder.WARNING, said.reason(), said.message());
            metrics.add(said);
            current.addObject().put("type", "");
        }
        if (metrics.isEmpty()) {
            return;
        }
        status.set("currentMetrics", current);
        AutoscalerMetric first = metrics.getFirst();
        fail(
                autoscaler,
                status,
                first.reason(),
                "the HPA was unable to compute the replica count: " + first.message(),
                "invalid metrics (%d invalid out of %d), first error is: %s"
                        .formatted(metrics.size(), metrics.size(), first.wrapped()));
    }

    private void fail(
            ObjectNode autoscaler, ObjectNode status, String reason, String message, String event) {
        Conditions.set(status, "ScalingActive", "False", reason, message, context.now());
        events.event(autoscaler, EventRecorder.WARNING, "FailedComputeMetricsReplicas", event);
    }

    /** What is said when several autoscalers seen so far select the same pods; else empty. */
    private String ambiguity(ObjectNode autoscaler, ObjectNode scaled) {
        JsonNode json = Fields.at(scaled, "spec", "selector");
        boolean plain = !json.has("matchLabels") && !json.has("matchExpressions");
        LabelSelector selector = plain ? LabelSelector.ofMap(json) : LabelSelector.of(json);
        selectors.put(Meta.objectName(autoscaler), selector);
        selectors.keySet().removeIf(name -> autoscalers.get(name) == null);
        List<ObjectNode> selected =
                context.informer("pods").list(Meta.namespace(autoscaler)).stream()
                        .filter(pod -> selector.matches(Meta.labels(pod)))
                        .toList();
        List<String> rivals = new ArrayList<>();
        selectors.forEach(
                (name, other) -> {
                    if (name.namespace().equals(Meta.namespace(autoscaler))
                            && selected.stream().anyMatch(pod -> other.matches(Meta.labels(pod)))) {
                        rivals.add(name.namespace() + "/" + name.name());
                    }
                });
        Collections.sort(rivals);
        String text =
                Fields.strings(plain ? json : json.path("matchLabels")).entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .sorted()
                        .collect(Collectors.joining(","));
        return rivals.size() < 2
                ? ""
                : "pods by selector %s are controlled by multiple HPAs: [%s]"
                        .formatted(text, String.join(" ", rivals));
    }
}
