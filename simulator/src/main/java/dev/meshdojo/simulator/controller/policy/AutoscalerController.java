package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * HorizontalPodAutoscalers in a cluster without a metrics API: keeps replicas inside the bounds and
 * says, each 15 s, that no metric can be read. Source: {@code pkg/controller/podautoscaler}.
 */
public final class AutoscalerController extends Controller {

    private static final Duration PERIOD = Duration.ofSeconds(15);

    private final Informer autoscalers;
    private final EventRecorder events;

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
        String message =
                "%ss.apps \"%s\" not found"
                        .formatted(
                                Fields.text(reference, "kind").toLowerCase(java.util.Locale.ROOT),
                                Fields.text(reference, "name"));
        events.event(autoscaler, EventRecorder.WARNING, "FailedGetScale", message);
        Conditions.set(
                status,
                "AbleToScale",
                "False",
                "FailedGetScale",
                "the HPA controller was unable to get the target's current scale: " + message,
                context.now());
    }

    private void follow(
            ObjectNode autoscaler, ObjectNode status, ResourceKey key, ObjectNode scaled) {
        int current = Fields.number(1, scaled, "spec", "replicas");
        int least = Fields.number(1, autoscaler, "spec", "minReplicas");
        int most = Fields.number(autoscaler, "spec", "maxReplicas");
        status.put("currentReplicas", Fields.number(scaled, "status", "replicas"));
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
            noMetrics(autoscaler, status);
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

    private void noMetrics(ObjectNode autoscaler, ObjectNode status) {
        String firstReason = "";
        String firstMessage = "";
        int count = 0;
        for (JsonNode metric : Fields.at(autoscaler, "spec", "metrics")) {
            count++;
            String type = Fields.text(metric, "type");
            String reason =
                    type.equals("Resource")
                            ? "FailedGetResourceMetric"
                            : "FailedGet" + type + "Metric";
            String message = explain(metric, type);
            events.event(autoscaler, EventRecorder.WARNING, reason, message);
            if (count == 1) {
                firstReason = reason;
                firstMessage = message;
            }
        }
        if (count == 0) {
            return;
        }
        String first = wrap(autoscaler, firstMessage);
        events.event(
                autoscaler,
                EventRecorder.WARNING,
                "FailedComputeMetricsReplicas",
                "invalid metrics (%d invalid out of %d), first error is: %s"
                        .formatted(count, count, first));
        Conditions.set(
                status,
                "ScalingActive",
                "False",
                firstReason,
                "the HPA was unable to compute the replica count: " + firstMessage,
                context.now());
    }

    private static String wrap(ObjectNode autoscaler, String message) {
        JsonNode metric = Fields.at(autoscaler, "spec", "metrics").path(0);
        return Fields.text(metric, "type").equals("Resource")
                ? "failed to get %s resource metric value: %s"
                        .formatted(Fields.text(metric, "resource", "name"), message)
                : message;
    }

    private static String explain(JsonNode metric, String type) {
        if (!type.equals("Resource")) {
            return "unable to get %s metric: unable to fetch metrics from custom metrics API: the"
                            .formatted(type.toLowerCase(java.util.Locale.ROOT))
                    + " server could not find the requested resource";
        }
        String resource = Fields.text(metric, "resource", "name");
        String cause =
                "unable to get metrics for resource %s: unable to fetch metrics from resource metrics"
                                .formatted(resource)
                        + " API: the server could not find the requested resource (get"
                        + " pods.metrics.k8s.io)";
        boolean utilization =
                Fields.text(metric, "resource", "target", "type").equals("Utilization");
        return utilization ? "failed to get %s utilization: %s".formatted(resource, cause) : cause;
    }
}
