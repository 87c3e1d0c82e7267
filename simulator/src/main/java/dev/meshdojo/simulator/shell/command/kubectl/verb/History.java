package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Output;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.describe.Description;
import dev.meshdojo.simulator.shell.command.kubectl.describe.PodTemplates;
import dev.meshdojo.simulator.shell.command.kubectl.print.TabWriter;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** {@code rollout history} and {@code rollout undo} of Deployments. */
final class History {

    static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String CAUSE = "kubernetes.io/change-cause";

    private History() {}

    private static NavigableMap<Long, JsonNode> revisions(Session session, Targets.Found found)
            throws InterruptedException {
        if (!found.object().path("kind").asText().equals("Deployment")) {
            throw KubectlException.error(
                    "no history viewer has been implemented for \""
                            + found.object().path("kind").asText()
                            + "\"");
        }
        String uid = found.object().path("metadata").path("uid").asText();
        NavigableMap<Long, JsonNode> revisions = new TreeMap<>();
        JsonNode list =
                session.client()
                        .get(
                                session.resource("replicasets.apps")
                                                .path(found.target().namespace())
                                        + "?labelSelector="
                                        + Targets.encode(
                                                dev.meshdojo.simulator.shell.command.kubectl
                                                        .describe.SelectorText.of(
                                                        found.object()
                                                                .path("spec")
                                                                .path("selector"))));
        for (JsonNode set : list.path("items")) {
            for (JsonNode owner : set.path("metadata").path("ownerReferences")) {
                if (owner.path("uid").asText().equals(uid)) {
                    revisions.put(
                            set.path("metadata").path("annotations").path(REVISION).asLong(), set);
                }
            }
        }
        return revisions;
    }

    static void show(Session session, Targets.Found found) throws InterruptedException {
        NavigableMap<Long, JsonNode> revisions = revisions(session, found);
        String head = Output.name(found.object());
        Integer wanted = session.flags().integer("revision");
        if (wanted != null && wanted > 0) {
            JsonNode set = revisions.get(wanted.longValue());
            if (set == null) {
                throw KubectlException.error("unable to find the specified revision");
            }
            Description text = new Description();
            PodTemplates.write(text, set.path("spec").path("template"));
            session.out()
                    .print(head + " with revision #" + wanted + "\n" + text.unaligned() + "\n");
            return;
        }
        TabWriter tabs = TabWriter.of(0, 2);
        tabs.write("REVISION\tCHANGE-CAUSE\n");
        for (Map.Entry<Long, JsonNode> revision : revisions.entrySet()) {
            String cause =
                    revision.getValue()
                            .path("metadata")
                            .path("annotations")
                            .path(CAUSE)
                            .asText("<none>");
            tabs.write(revision.getKey() + "\t" + cause + "\n");
        }
        session.out().print(head + " \n" + tabs.flush() + "\n");
    }

    static void undo(Session session, Targets.Found found) throws InterruptedException {
        NavigableMap<Long, JsonNode> revisions = revisions(session, found);
        if (found.object().path("spec").path("paused").asBoolean()) {
            throw KubectlException.error(
                    "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume deployment/"
                            + found.target().name()
                            + "' and try again");
        }
        Integer wanted = session.flags().integer("to-revision");
        JsonNode set;
        if (wanted != null && wanted > 0) {
            set = revisions.get(wanted.longValue());
            if (set == null) {
                throw KubectlException.error(
                        "unable to find specified revision " + wanted + " in history");
            }
        } else {
            if (revisions.size() < 2) {
                throw KubectlException.error(
                        "no rollout history found for deployment \""
                                + found.target().name()
                                + "\"");
            }
            set = revisions.lowerEntry(revisions.lastKey()).getValue();
        }
        ObjectNode template = set.path("spec").path("template").deepCopy();
        if (template.path("metadata").path("labels") instanceof ObjectNode labels) {
            labels.remove("pod-template-hash");
        }
        Writer writer = new Writer(session);
        if (template.equals(found.object().path("spec").path("template"))) {
            session.println(
                    Output.name(found.object())
                            + " skipped rollback (current template already matches revision "
                            + set.path("metadata").path("annotations").path(REVISION).asText()
                            + ")");
            return;
        }
        ArrayNode patch = RestClient.JSON.createArrayNode();
        ObjectNode replace = patch.addObject();
        replace.put("op", "replace").put("path", "/spec/template");
        replace.set("value", template);
        if (writer.dryRun().sends()) {
            writer.patch(
                    found.target(),
                    "",
                    Writer.JSON_PATCH,
                    patch.toString(),
                    "?fieldManager=kubectl-rollout" + writer.dryRun().query());
        }
        session.println(Output.name(found.object()) + " rolled back" + writer.dryRun().suffix());
    }
}
