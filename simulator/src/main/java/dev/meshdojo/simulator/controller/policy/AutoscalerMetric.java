package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.controller.object.Fields;

/**
 * What the autoscaler says about a metric in a cluster that serves none. Source: Kubernetes' {@code
 * pkg/controller/podautoscaler}; its texts swap object and error for object metrics.
 *
 * @param reason of the event and of the condition
 * @param message of both
 * @param wrapped the message inside {@code FailedComputeMetricsReplicas}
 */
record AutoscalerMetric(String reason, String message, String wrapped) {

    private static final String NO_RESOURCES =
            "unable to fetch metrics from resource metrics API: the server could not find the"
                    + " requested resource (get pods.metrics.k8s.io)";
    private static final String NO_CUSTOM =
            "unable to fetch metrics from custom metrics API: no custom metrics API"
                    + " (custom.metrics.k8s.io) registered";

    @SuppressWarnings("InlineFormatString") // beside its like
    private static final String NO_EXTERNAL =
            "unable to fetch metrics from external metrics API: the server could not find the"
                    + " requested resource (get %s.external.metrics.k8s.io)";

    static AutoscalerMetric of(String namespace, JsonNode metric) {
        return switch (Fields.text(metric, "type")) {
            case "ContainerResource" -> {
                String message = usage(metric.path("containerResource"));
                String container = Fields.text(metric, "containerResource", "container");
                yield new AutoscalerMetric(
                        "FailedGetContainerResourceMetric",
                        message,
                        "failed to get " + container + " container metric value: " + message);
            }
            case "External" -> external(namespace, metric.path("external"));
            case "Object" -> object(namespace, metric.path("object"));
            case "Pods" -> {
                String message =
                        "unable to get metric %s: %s"
                                .formatted(
                                        Fields.text(metric, "pods", "metric", "name"), NO_CUSTOM);
                yield new AutoscalerMetric(
                        "FailedGetPodsMetric",
                        message,
                        "failed to get pods metric value: " + message);
            }
            default -> {
                String message = usage(metric.path("resource"));
                String name = Fields.text(metric, "resource", "name");
                yield new AutoscalerMetric(
                        "FailedGetResourceMetric",
                        message,
                        "failed to get " + name + " resource metric value: " + message);
            }
        };
    }

    private static String usage(JsonNode resource) {
        String name = Fields.text(resource, "name");
        boolean utilization = Fields.text(resource, "target", "type").equals("Utilization");
        return "failed to get %s %s: unable to get metrics for resource %s: %s"
                .formatted(name, utilization ? "utilization" : "usage", name, NO_RESOURCES);
    }

    private static AutoscalerMetric external(String namespace, JsonNode external) {
        String name = Fields.text(external, "metric", "name");
        JsonNode selector = Fields.at(external, "metric", "selector");
        String message =
                "unable to get external metric %s/%s/%s: %s"
                        .formatted(
                                namespace,
                                name,
                                selector.isObject() ? GoSelector.of(selector) : "nil",
                                NO_EXTERNAL.formatted(name));
        boolean average = Fields.has(external, "target", "averageValue");
        String inner =
                average
                        ? "failed to get " + name + " external metric: " + message
                        : "failed to get external metric " + name + ": " + message;
        return new AutoscalerMetric(
                "FailedGetExternalMetric",
                message,
                "failed to get " + name + " external metric value: " + inner);
    }

    private static AutoscalerMetric object(String namespace, JsonNode object) {
        String name = Fields.text(object, "metric", "name");
        String message =
                "unable to get metric %s: %s on %s %s/%s"
                        .formatted(
                                name,
                                Fields.text(object, "describedObject", "kind"),
                                namespace,
                                Fields.text(object, "describedObject", "name"),
                                NO_CUSTOM);
        boolean average = Fields.text(object, "target", "type").equals("AverageValue");
        String inner = average ? "failed to get " + name + " object metric: " + message : message;
        return new AutoscalerMetric(
                "FailedGetObjectMetric", message, "failed to get object metric value: " + inner);
    }
}
