package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The pod template inside a workload's description, and what pods share with it. */
public final class PodTemplates {

    private PodTemplates() {}

    /** Writes {@code Pod Template:} and all below it. */
    public static void write(Description out, JsonNode template) {
        JsonNode spec = template.path("spec");
        JsonNode metadata = template.path("metadata");
        out.line(0, "Pod Template:");
        out.labels("  ", "Labels", metadata.path("labels"));
        if (!metadata.path("annotations").isEmpty()) {
            out.annotations("  ", metadata.path("annotations"));
        }
        if (!spec.path("serviceAccountName").asText("").isEmpty()) {
            out.field(1, "Service Account", spec.path("serviceAccountName").asText());
        }
        if (!spec.path("initContainers").isEmpty()) {
            Containers.write(
                    out,
                    "Init Containers",
                    spec.path("initContainers"),
                    MissingNode.getInstance(),
                    template,
                    "  ");
        }
        Containers.write(
                out,
                "Containers",
                spec.path("containers"),
                MissingNode.getInstance(),
                template,
                "  ");
        Volumes.write(out, spec.path("volumes"), "  ");
        if (!spec.path("priorityClassName").asText("").isEmpty()) {
            out.field(1, "Priority Class Name", spec.path("priorityClassName").asText());
        }
        out.labels("  ", "Node-Selectors", spec.path("nodeSelector"));
        tolerations(out, "  ", spec.path("tolerations"));
    }

    static void tolerations(Description out, String indent, JsonNode tolerations) {
        List<JsonNode> sorted = new ArrayList<>();
        tolerations.forEach(sorted::add);
        sorted.sort(Comparator.comparing(t -> t.path("key").asText("")));
        StringBuilder text = new StringBuilder(indent + "Tolerations:\t");
        if (sorted.isEmpty()) {
            text.append("<none>\n");
        }
        for (int i = 0; i < sorted.size(); i++) {
            text.append(i == 0 ? "" : indent + "\t").append(toleration(sorted.get(i))).append('\n');
        }
        out.raw(text.toString());
    }

    private static String toleration(JsonNode toleration) {
        StringBuilder text = new StringBuilder(toleration.path("key").asText(""));
        String value = toleration.path("value").asText("");
        String effect = toleration.path("effect").asText("");
        if (!value.isEmpty()) {
            text.append('=').append(value);
        }
        if (!effect.isEmpty()) {
            text.append(':').append(effect);
        }
        if (toleration.path("operator").asText("").equals("Exists") && value.isEmpty()) {
            text.append(text.isEmpty() ? "op=Exists" : " op=Exists");
        }
        if (toleration.has("tolerationSeconds")) {
            text.append(" for ").append(toleration.path("tolerationSeconds").asText()).append('s');
        }
        return text.toString();
    }
}
