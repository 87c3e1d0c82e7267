package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Errors;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Output;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.cli.YamlReader;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoJson;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** {@code patch}, {@code replace} and {@code scale}. */
final class EditVerbs {

    private static final String FILES = Manifests.FLAGS + " " + Writer.FLAGS;

    static final List<Verb> VERBS =
            List.of(
                    Verb.of(
                            "patch",
                            FILES + " patch:p= patch-file= type= subresource= local",
                            EditVerbs::patch),
                    Verb.of(
                            "replace",
                            FILES
                                    + " force grace-period= cascade?background timeout= wait subresource= raw= save-config",
                            EditVerbs::replace),
                    Verb.of(
                            "scale",
                            FILES
                                    + " replicas= current-replicas= resource-version= timeout= all"
                                    + " selector:l=",
                            EditVerbs::scale),
                    Verb.of(
                            "edit",
                            FILES,
                            s -> {
                                throw KubectlException.error(
                                        "edit needs a terminal; use kubectl patch, or: kubectl get TYPE"
                                                + " NAME -o yaml > FILE, change it, kubectl apply -f"
                                                + " FILE");
                            }));

    private EditVerbs() {}

    private static int patch(Session session) throws InterruptedException {
        Flags flags = session.flags();
        String body = flags.value("patch");
        if (flags.given("patch-file")) {
            try {
                body = Files.readString(session.file(flags.value("patch-file")));
            } catch (IOException e) {
                throw KubectlException.error(
                        "unable to read patch file: open "
                                + flags.value("patch-file")
                                + ": no such file or directory");
            }
        }
        if (body.isEmpty()) {
            throw KubectlException.error(
                    "must specify --patch or --patch-file containing the contents of the patch");
        }
        String type =
                switch (flags.value("type", "strategic")) {
                    case "strategic" -> Writer.STRATEGIC;
                    case "merge" -> Writer.MERGE;
                    case "json" -> Writer.JSON_PATCH;
                    default ->
                            throw KubectlException.error(
                                    "--type must be one of [json merge strategic], not \""
                                            + flags.value("type")
                                            + "\"");
                };
        Writer writer = new Writer(session);
        List<Target> targets = Targets.of(session, flags.arguments());
        if (targets.isEmpty()) {
            throw KubectlException.error(
                    "You must provide one or more resources by argument or filename.");
        }
        for (Target target : targets) {
            patch(session, writer, target, type, json(body));
        }
        return 0;
    }

    private static void patch(
            Session session, Writer writer, Target target, String type, String body)
            throws InterruptedException {
        JsonNode before = session.client().get(target.path());
        if (!writer.dryRun().sends()) {
            writer.tell(before, "patched");
            return;
        }
        try {
            String sub = session.flags().value("subresource");
            String query =
                    "?fieldManager="
                            + session.flags().value("field-manager", "kubectl-patch")
                            + writer.dryRun().query();
            JsonNode after = writer.patch(target, sub, type, body, query);
            writer.tell(after, before.equals(after) ? "patched (no change)" : "patched");
        } catch (StatusException e) {
            if (e.code() == 415) {
                throw KubectlException.error(
                        type
                                + " is not supported by "
                                + target.resource().apiVersion()
                                + ", Kind="
                                + target.resource().kind()
                                + ": "
                                + e.getMessage());
            }
            throw e;
        }
    }

    private static String json(String body) {
        try {
            List<JsonNode> documents = YamlReader.read(body);
            return documents.isEmpty() ? body : GoJson.compact(documents.getFirst());
        } catch (org.yaml.snakeyaml.error.MarkedYAMLException e) {
            return body;
        }
    }

    private static int replace(Session session) throws InterruptedException {
        if (!Manifests.given(session.flags())) {
            throw KubectlException.error("must specify --filename to replace");
        }
        Writer writer = new Writer(session);
        StringBuilder errors = new StringBuilder();
        for (Manifests.Manifest manifest : Manifests.read(session)) {
            Target target = Targets.of(session, manifest);
            ObjectNode object = manifest.object().deepCopy();
            if (target.resource().namespaced()) {
                object.withObject("/metadata").put("namespace", target.namespace());
            }
            try {
                if (session.flags().is("force")) {
                    force(session, writer, target, object);
                } else {
                    put(session, writer, target, object);
                }
            } catch (StatusException e) {
                errors.append(Errors.text(e.when("replacing", manifest.source())));
            }
        }
        session.err().print(errors);
        return errors.isEmpty() ? 0 : 1;
    }

    private static void put(Session session, Writer writer, Target target, ObjectNode object)
            throws InterruptedException {
        if (!writer.dryRun().sends()) {
            writer.tell(object, "replaced");
            return;
        }
        JsonNode live = session.client().get(target.path());
        ObjectNode sent = object.deepCopy();
        if (object.path("metadata").path("resourceVersion").asText("").isEmpty()) {
            sent.withObject("/metadata")
                    .set("resourceVersion", live.path("metadata").path("resourceVersion"));
        }
        JsonNode result =
                session.client()
                        .send(
                                "PUT",
                                target.path() + writer.query("kubectl-replace"),
                                "application/json",
                                GoJson.compact(sent));
        writer.tell(result, "replaced");
    }

    private static void force(Session session, Writer writer, Target target, ObjectNode object)
            throws InterruptedException {
        if (Targets.exists(session, target)) {
            session.client()
                    .delete(
                            target.path(),
                            "{\"propagationPolicy\":\"Background\",\"gracePeriodSeconds\":0}");
            session.println(DeleteVerb.subject(target) + " deleted" + DeleteVerb.from(target));
            Polling.until(
                    session,
                    java.time.Duration.ofSeconds(30),
                    () -> !Targets.exists(session, target));
        }
        writer.tell(writer.create(target, object, "kubectl-replace"), "replaced");
    }

    private static int scale(Session session) throws InterruptedException {
        Flags flags = session.flags();
        Integer replicas = flags.integer("replicas");
        if (replicas == null) {
            throw KubectlException.error("required flag(s) \"replicas\" not set");
        }
        if (replicas < 0) {
            throw KubectlException.error(
                    "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
        }
        Writer writer = new Writer(session);
        List<Targets.Found> found = Targets.fetch(session, Targets.of(session, flags.arguments()));
        if (found.isEmpty()) {
            throw KubectlException.error("no objects passed to scale");
        }
        for (Targets.Found one : found) {
            Integer current = flags.integer("current-replicas");
            int now = one.object().path("spec").path("replicas").asInt(1);
            if (current != null && current >= 0 && now != current) {
                throw KubectlException.error("Expected replicas to be " + current + ", was " + now);
            }
            if (writer.dryRun().sends()) {
                writer.patch(
                        one.target(),
                        "scale",
                        Writer.MERGE,
                        "{\"spec\":{\"replicas\":" + replicas + "}}",
                        "?fieldManager=kubectl" + writer.dryRun().query());
            }
            if (writer.printsObjects()) {
                writer.tell(session.client().get(one.target().path()), "scaled");
            } else {
                session.println(Output.name(one.object()) + " scaled" + writer.dryRun().suffix());
            }
        }
        return 0;
    }

    static ObjectNode object() {
        return RestClient.JSON.createObjectNode();
    }
}
