package dev.meshdojo.simulator.apiserver.builtin;

import static dev.meshdojo.simulator.apiserver.builtin.Fill.absent;
import static dev.meshdojo.simulator.apiserver.builtin.Fill.object;
import static dev.meshdojo.simulator.apiserver.builtin.Fill.unset;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Defaults of HorizontalPodAutoscalers: one pod at least, 80% of the CPU, how fast they scale. */
final class AutoscalerDefaults {

    private AutoscalerDefaults() {}

    static void apply(ObjectNode spec, String version) {
        absent(spec, "minReplicas", 1);
        if (version.equals("v1")) {
            return;
        }
        if (spec.get("behavior") instanceof ObjectNode behavior) {
            ObjectNode up = object(behavior, "scaleUp");
            absent(up, "stabilizationWindowSeconds", 0);
            scaling(up, "Pods 4", "Percent 100");
            scaling(object(behavior, "scaleDown"), "Percent 100");
        }
        if (spec.path("metrics").isEmpty()) {
            ArrayNode metrics = spec.putArray("metrics");
            ObjectNode resource = metrics.addObject().put("type", "Resource").putObject("resource");
            resource.put("name", "cpu");
            resource.putObject("target").put("type", "Utilization").put("averageUtilization", 80);
        }
    }

    private static void scaling(ObjectNode rules, String... policies) {
        unset(rules, "selectPolicy", "Max");
        if (rules.has("policies")) {
            return;
        }
        ArrayNode list = rules.putArray("policies");
        for (String policy : policies) {
            int blank = policy.indexOf(' ');
            list.addObject()
                    .put("type", policy.substring(0, blank))
                    .put("value", Integer.parseInt(policy.substring(blank + 1)))
                    .put("periodSeconds", 15);
        }
    }
}
