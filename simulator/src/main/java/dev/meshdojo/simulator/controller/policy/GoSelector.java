package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.util.Map;
import java.util.TreeMap;

/** A label selector as Go prints its generated type, which some events of controllers contain. */
final class GoSelector {

    private GoSelector() {}

    static String of(JsonNode selector) {
        StringBuilder text = new StringBuilder("&LabelSelector{MatchLabels:map[string]string{");
        Map<String, String> labels = new TreeMap<>(Fields.strings(selector, "matchLabels"));
        labels.forEach((key, value) -> text.append(key).append(": ").append(value).append(','));
        text.append("},MatchExpressions:[]LabelSelectorRequirement{");
        for (JsonNode expression : selector.path("matchExpressions")) {
            text.append("LabelSelectorRequirement{Key:")
                    .append(Fields.text(expression, "key"))
                    .append(",Operator:")
                    .append(Fields.text(expression, "operator"))
                    .append(",Values:[")
                    .append(String.join(" ", Fields.texts(expression, "values")))
                    .append("],},");
        }
        return text.append("},}").toString();
    }
}
