package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Roles and their bindings. */
final class AccessDescribers {

    private AccessDescribers() {}

    private record Row(String resource, String urls, String names, String verbs) {}

    static void role(JsonNode object, DescribeSource source, Description out) {
        JsonNode metadata = object.path("metadata");
        out.field(0, "Name", metadata.path("name").asText());
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        out.line(0, "PolicyRule:");
        out.line(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs");
        out.line(1, "---------\t-----------------\t--------------\t-----");
        List<Row> rows = new ArrayList<>();
        for (JsonNode rule : object.path("rules")) {
            String urls = list(rule.path("nonResourceURLs"));
            String names = list(rule.path("resourceNames"));
            String verbs = list(rule.path("verbs"));
            if (rule.path("resources").isEmpty()) {
                rows.add(new Row("", urls, names, verbs));
            }
            for (JsonNode resource : rule.path("resources")) {
                for (JsonNode group : rule.path("apiGroups")) {
                    String name =
                            resource.asText()
                                    + (group.asText().isEmpty() ? "" : "." + group.asText());
                    rows.add(new Row(name, urls, names, verbs));
                }
            }
        }
        rows.sort(java.util.Comparator.comparing(Row::resource));
        rows.forEach(
                r -> out.line(1, String.join("\t", r.resource(), r.urls(), r.names(), r.verbs())));
    }

    private static String list(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(v -> texts.add(v.asText()));
        return "[" + String.join(" ", texts) + "]";
    }

    static void binding(JsonNode object, DescribeSource source, Description out) {
        JsonNode metadata = object.path("metadata");
        out.field(0, "Name", metadata.path("name").asText());
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        out.line(0, "Role:");
        out.field(1, "Kind", object.path("roleRef").path("kind").asText());
        out.field(1, "Name", object.path("roleRef").path("name").asText());
        out.line(0, "Subjects:");
        out.line(1, "Kind\tName\tNamespace");
        out.line(1, "----\t----\t---------");
        object.path("subjects")
                .forEach(
                        s ->
                                out.line(
                                        1,
                                        s.path("kind").asText()
                                                + "\t"
                                                + s.path("name").asText()
                                                + "\t"
                                                + s.path("namespace").asText("")));
    }
}
