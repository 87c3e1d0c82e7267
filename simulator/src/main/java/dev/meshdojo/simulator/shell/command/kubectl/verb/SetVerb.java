package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code kubectl set image} and {@code set env}. */
final class SetVerb {

    static final Verb VERB =
            Verb.of(
                    "set",
                    Manifests.FLAGS
                            + " "
                            + Writer.FLAGS
                            + " all selector:l= local containers:c= env:e= list overwrite",
                    SetVerb::run);

    private SetVerb() {}

    private static int run(Session session) throws InterruptedException {
        List<String> words = session.flags().arguments();
        String sub = words.isEmpty() ? "" : words.getFirst();
        return switch (sub) {
            case "image" -> image(session, words.subList(1, words.size()));
            case "env" -> env(session, words.subList(1, words.size()));
            default ->
                    throw KubectlException.error(
                            "set "
                                    + sub
                                    + " is not supported by the built-in kubectl; there are set image and set env");
        };
    }

    private static void split(
            List<String> words, List<String> resources, Map<String, @Nullable String> changes) {
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                changes.put(word.substring(0, equals), word.substring(equals + 1));
            } else if (word.endsWith("-") && !resources.isEmpty()) {
                changes.put(word.substring(0, word.length() - 1), null);
            } else {
                resources.add(word);
            }
        }
    }

    private static JsonNode podSpec(JsonNode object) {
        return switch (object.path("kind").asText()) {
            case "Pod" -> object.path("spec");
            case "CronJob" ->
                    object.path("spec")
                            .path("jobTemplate")
                            .path("spec")
                            .path("template")
                            .path("spec");
            default -> object.path("spec").path("template").path("spec");
        };
    }

    private static ObjectNode patch(JsonNode object, ArrayNode containers, String list) {
        ObjectNode patch = RestClient.JSON.createObjectNode();
        ObjectNode spec = patch.putObject("spec");
        switch (object.path("kind").asText()) {
            case "Pod" -> spec.set(list, containers);
            case "CronJob" ->
                    spec.putObject("jobTemplate")
                            .putObject("spec")
                            .putObject("template")
                            .putObject("spec")
                            .set(list, containers);
            default -> spec.putObject("template").putObject("spec").set(list, containers);
        }
        return patch;
    }

    private static int image(Session session, List<String> words) throws InterruptedException {
        List<String> resources = new ArrayList<>();
        Map<String, @Nullable String> images = new LinkedHashMap<>();
        split(words, resources, images);
        if (resources.isEmpty()) {
            throw KubectlException.error(
                    "one or more resources must be specified as <resource> <name> or <resource>/<name>");
        }
        if (images.isEmpty()) {
            throw KubectlException.error("at least one image update is required");
        }
        for (Targets.Found found : Targets.fetch(session, Targets.of(session, resources))) {
            for (Map.Entry<String, @Nullable String> image : images.entrySet()) {
                boolean known = image.getKey().equals("*");
                for (String list : List.of("containers", "initContainers")) {
                    for (JsonNode container : podSpec(found.object()).path(list)) {
                        known |= container.path("name").asText().equals(image.getKey());
                    }
                }
                if (!known) {
                    throw KubectlException.error(
                            "unable to find container named \"" + image.getKey() + "\"");
                }
            }
            for (String list : List.of("containers", "initContainers")) {
                images(session, found, images, list);
            }
        }
        return 0;
    }

    private static void images(
            Session session, Targets.Found found, Map<String, @Nullable String> images, String list)
            throws InterruptedException {
        ArrayNode changed = RestClient.JSON.createArrayNode();
        for (JsonNode container : podSpec(found.object()).path(list)) {
            String name = container.path("name").asText();
            String image = images.containsKey(name) ? images.get(name) : images.get("*");
            if (image != null && !image.equals(container.path("image").asText())) {
                changed.addObject().put("name", name).put("image", image);
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        send(session, found, patch(found.object(), changed, list), "image updated", "image update");
    }

    private static void send(
            Session session, Targets.Found found, ObjectNode patch, String operation, String what)
            throws InterruptedException {
        Writer writer = new Writer(session);
        if (!writer.dryRun().sends()) {
            writer.tell(found.object(), operation);
            return;
        }
        try {
            JsonNode result =
                    writer.patch(
                            found.target(),
                            "",
                            Writer.STRATEGIC,
                            patch.toString(),
                            "?fieldManager=kubectl-set" + writer.dryRun().query());
            writer.tell(result, operation);
        } catch (StatusException e) {
            throw KubectlException.error(
                    "failed to patch " + what + " to pod template: " + e.getMessage());
        }
    }

    private static int env(Session session, List<String> words) throws InterruptedException {
        Flags flags = session.flags();
        List<String> resources = new ArrayList<>();
        Map<String, @Nullable String> variables = new LinkedHashMap<>();
        split(words, resources, variables);
        split(flags.all("env"), new ArrayList<>(), variables);
        if (resources.isEmpty()) {
            throw KubectlException.error(
                    "one or more resources must be specified as <resource> <name> or <resource>/<name>");
        }
        for (Targets.Found found : Targets.fetch(session, Targets.of(session, resources))) {
            if (flags.is("list") && variables.isEmpty()) {
                list(session, found);
                continue;
            }
            if (variables.isEmpty()) {
                throw KubectlException.error("at least one environment variable must be provided");
            }
            ArrayNode changed = RestClient.JSON.createArrayNode();
            String only = flags.value("containers", "*");
            for (JsonNode container : podSpec(found.object()).path("containers")) {
                String name = container.path("name").asText();
                if (only.equals("*") || only.equals(name)) {
                    ArrayNode entries = changed.addObject().put("name", name).putArray("env");
                    variables.forEach((k, v) -> variable(entries, k, v));
                }
            }
            send(
                    session,
                    found,
                    patch(found.object(), changed, "containers"),
                    "env updated",
                    "env update");
        }
        return 0;
    }

    private static void variable(ArrayNode entries, String name, @Nullable String value) {
        if (value == null) {
            entries.addObject().put("name", name).put("$patch", "delete");
        } else {
            entries.addObject().put("name", name).put("value", value);
        }
    }

    private static void list(Session session, Targets.Found found) {
        for (JsonNode container : podSpec(found.object()).path("containers")) {
            session.println(
                    "# "
                            + found.target().resource().plural()
                            + "/"
                            + found.target().name()
                            + ", container "
                            + container.path("name").asText());
            container
                    .path("env")
                    .forEach(
                            e ->
                                    session.println(
                                            e.path("name").asText()
                                                    + "="
                                                    + e.path("value").asText()));
        }
    }
}
