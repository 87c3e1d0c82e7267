package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Output;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code label} and {@code annotate}. */
final class MetadataVerbs {

    private static final String FLAGS =
            Manifests.FLAGS
                    + " "
                    + Writer.FLAGS
                    + " overwrite list local resource-version= all all-namespaces:A selector:l="
                    + " field-selector=";

    static final List<Verb> VERBS =
            List.of(
                    Verb.of("label", FLAGS, s -> new MetadataVerbs(s, true).run()),
                    Verb.of("annotate", FLAGS, s -> new MetadataVerbs(s, false).run()));

    private final Session session;
    private final Flags flags;
    private final Writer writer;
    private final boolean labels;
    private final Map<String, @Nullable String> changes = new LinkedHashMap<>();

    private MetadataVerbs(Session session, boolean labels) {
        this.session = session;
        this.flags = session.flags();
        this.writer = new Writer(session);
        this.labels = labels;
    }

    private String word() {
        return labels ? "label" : "annotation";
    }

    private String key() {
        return labels ? "labels" : "annotations";
    }

    private int run() throws InterruptedException {
        List<String> resources = new ArrayList<>();
        for (String argument : flags.arguments()) {
            boolean change =
                    argument.contains("=") || (argument.endsWith("-") && argument.length() > 1);
            if (change) {
                change(argument);
            } else if (changes.isEmpty()) {
                resources.add(argument);
            } else {
                throw KubectlException.error(
                        "all resources must be specified before "
                                + word()
                                + " changes: "
                                + argument);
            }
        }
        List<Target> targets = Targets.of(session, resources);
        if (targets.isEmpty()) {
            throw KubectlException.error(
                    "one or more resources must be specified as <resource> <name> or <resource>/<name>");
        }
        if (changes.isEmpty() && !flags.is("list")) {
            throw KubectlException.error("at least one " + word() + " update is required");
        }
        boolean selected =
                flags.is("all") || flags.given("selector") || flags.given("field-selector");
        if (!selected && targets.stream().anyMatch(t -> t.name().isEmpty())) {
            throw KubectlException.error("resource(s) were provided, but no name was specified");
        }
        for (Targets.Found found : Targets.fetch(session, targets)) {
            one(found);
        }
        return 0;
    }

    private void change(String argument) {
        int equals = argument.indexOf('=');
        String name =
                equals < 0
                        ? argument.substring(0, argument.length() - 1)
                        : argument.substring(0, equals);
        String value = equals < 0 ? null : argument.substring(equals + 1);
        boolean both = changes.containsKey(name) && (changes.get(name) == null) != (value == null);
        if (both) {
            throw KubectlException.error(
                    "can not both modify and remove "
                            + (labels ? "a label" : "an annotation")
                            + " in the same command");
        }
        if (labels
                && value != null
                && !value.matches("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")) {
            throw KubectlException.error(
                    "invalid label value: \""
                            + argument
                            + "\": a valid label must be an empty string or consist of alphanumeric"
                            + " characters, '-', '_' or '.', and must start and end with an"
                            + " alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
                            + " regex used for validation is"
                            + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
        }
        changes.put(name, value);
    }

    private void one(Targets.Found found) throws InterruptedException {
        JsonNode present = found.object().path("metadata").path(key());
        if (flags.is("list") && changes.isEmpty()) {
            new TreeMap<>(texts(present)).forEach((k, v) -> session.println(k + "=" + v));
            return;
        }
        refuseOverwrite(present);
        List<String> missing = new ArrayList<>();
        ObjectNode patch = RestClient.JSON.createObjectNode();
        ObjectNode metadata = patch.putObject("metadata");
        ObjectNode entries = metadata.putObject(key());
        boolean changed = false;
        for (Map.Entry<String, @Nullable String> change : changes.entrySet()) {
            String now = present.path(change.getKey()).asText(null);
            String wanted = change.getValue();
            if (wanted == null) {
                if (now == null) {
                    missing.add(change.getKey());
                    continue;
                }
                entries.putNull(change.getKey());
                changed = true;
            } else {
                entries.put(change.getKey(), wanted);
                changed |= !wanted.equals(now);
            }
        }
        for (String name : missing) {
            String text = word() + " \"" + name + "\" not found.\n";
            session.out().print(text);
        }
        if (flags.given("resource-version")) {
            metadata.put("resourceVersion", flags.value("resource-version"));
        }
        JsonNode result = found.object();
        if ((changed || flags.given("resource-version")) && writer.dryRun().sends()) {
            result =
                    writer.patch(
                            found.target(),
                            "",
                            Writer.MERGE,
                            patch.toString(),
                            "?fieldManager="
                                    + flags.value(
                                            "field-manager",
                                            labels ? "kubectl-label" : "kubectl-annotate")
                                    + writer.dryRun().query());
        }
        if (flags.is("list")) {
            new TreeMap<>(texts(result.path("metadata").path(key())))
                    .forEach((k, v) -> session.println(k + "=" + v));
        }
        tell(result, changed);
    }

    private void refuseOverwrite(JsonNode present) {
        if (flags.is("overwrite")) {
            return;
        }
        List<String> conflicts = new ArrayList<>();
        for (Map.Entry<String, @Nullable String> change : changes.entrySet()) {
            String now = present.path(change.getKey()).asText(null);
            String wanted = change.getValue();
            if (wanted != null && now != null && (labels ? !wanted.equals(now) : true)) {
                conflicts.add("'" + change.getKey() + "' already has a value (" + now + ")");
            }
        }
        if (conflicts.isEmpty()) {
            return;
        }
        throw KubectlException.error(
                labels
                        ? conflicts.getFirst() + ", and --overwrite is false"
                        : "--overwrite is false but found the following declared annotation(s): "
                                + String.join("; ", conflicts));
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
        return texts;
    }

    private void tell(JsonNode result, boolean changed) {
        boolean added = changes.values().stream().anyMatch(v -> v != null);
        boolean removed = changes.values().stream().anyMatch(v -> v == null);
        String operation;
        if (!labels) {
            operation = "annotated";
        } else if (!changed) {
            operation = "not labeled";
        } else if (removed && added) {
            operation = "modified";
        } else {
            operation = removed ? "unlabeled" : "labeled";
        }
        if (writer.printsObjects()) {
            writer.tell(result, operation);
        } else {
            session.println(Output.name(result) + " " + operation + writer.dryRun().suffix());
        }
    }
}
