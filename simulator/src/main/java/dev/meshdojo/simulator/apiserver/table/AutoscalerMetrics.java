package dev.meshdojo.simulator.apiserver.table;

import static dev.meshdojo.simulator.apiserver.table.Texts.at;
import static dev.meshdojo.simulator.apiserver.table.Texts.or;
import static dev.meshdojo.simulator.apiserver.table.Texts.present;
import static dev.meshdojo.simulator.apiserver.table.Texts.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The TARGETS cell of a HorizontalPodAutoscaler: current and wanted value of each metric. */
final class AutoscalerMetrics {

    private static final String UNKNOWN = "<unknown>";
    private static final int SHOWN = 2;

    private AutoscalerMetrics() {}

    static String format(JsonNode autoscaler) {
        JsonNode specs = at(autoscaler, "spec", "metrics");
        JsonNode statuses = at(autoscaler, "status", "currentMetrics");
        List<String> all = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            all.add(metric(specs.path(i), statuses.path(i)));
        }
        if (all.isEmpty()) {
            return legacy(autoscaler);
        }
        return all.size() <= SHOWN
                ? String.join(", ", all)
                : String.join(", ", all.subList(0, SHOWN))
                        + " + "
                        + (all.size() - SHOWN)
                        + " more...";
    }

    /** autoscaling/v1 has one CPU target and no metrics. */
    private static String legacy(JsonNode autoscaler) {
        JsonNode target = at(autoscaler, "spec", "targetCPUUtilizationPercentage");
        if (!present(target)) {
            return Texts.NONE;
        }
        JsonNode current = at(autoscaler, "status", "currentCPUUtilizationPercentage");
        return "cpu: "
                + (present(current) ? current.asText() + "%" : UNKNOWN)
                + "/"
                + target.asText()
                + "%";
    }

    private static String metric(JsonNode spec, JsonNode status) {
        return switch (text(spec, "type")) {
            case "External" -> valueOrAverage(spec.path("external"), status.path("external"));
            case "Object" -> valueOrAverage(spec.path("object"), status.path("object"));
            case "Pods" ->
                    or(text(status, "pods", "current", "averageValue"), UNKNOWN)
                            + "/"
                            + text(spec, "pods", "target", "averageValue");
            case "Resource" -> resource(spec.path("resource"), status.path("resource"));
            case "ContainerResource" ->
                    resource(spec.path("containerResource"), status.path("containerResource"));
            default -> "<unknown type>";
        };
    }

    private static String valueOrAverage(JsonNode source, JsonNode status) {
        String average = text(source, "target", "averageValue");
        if (!average.isEmpty()) {
            String current = or(text(status, "current", "averageValue"), UNKNOWN);
            return current + "/" + average + " (avg)";
        }
        return or(text(status, "current", "value"), UNKNOWN)
                + "/"
                + text(source, "target", "value");
    }

    private static String resource(JsonNode source, JsonNode status) {
        String average = text(source, "target", "averageValue");
        String prefix = text(source, "name") + ": ";
        if (!average.isEmpty()) {
            return prefix + or(text(status, "current", "averageValue"), UNKNOWN) + "/" + average;
        }
        String current = text(status, "current", "averageUtilization");
        String target = text(source, "target", "averageUtilization");
        return prefix
                + (current.isEmpty() ? UNKNOWN : current + "%")
                + "/"
                + (target.isEmpty() ? "<auto>" : target + "%");
    }
}
