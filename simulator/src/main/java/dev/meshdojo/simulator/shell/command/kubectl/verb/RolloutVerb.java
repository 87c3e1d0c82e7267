package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Errors;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.GoDuration;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.time.Duration;
import java.util.List;

/** {@code kubectl rollout}. */
final class RolloutVerb {

    static final Verb VERB =
            Verb.of(
                    "rollout",
                    Manifests.FLAGS
                            + " "
                            + Writer.FLAGS
                            + " watch:w timeout= revision= to-revision= selector:l=",
                    RolloutVerb::run);

    private static final List<String> SUBS =
            List.of("status", "restart", "undo", "history", "pause", "resume");

    private RolloutVerb() {}

    private static int run(Session session) throws InterruptedException {
        List<String> words = session.flags().arguments();
        String sub = words.isEmpty() ? "" : words.getFirst();
        if (!SUBS.contains(sub)) {
            throw KubectlException.error(
                    "unknown command \""
                            + sub
                            + "\"\nSee 'kubectl rollout -h' for help and examples");
        }
        List<String> rest = words.subList(1, words.size());
        if (rest.isEmpty() && !Manifests.given(session.flags())) {
            throw KubectlException.error("required resource not specified");
        }
        StringBuilder errors = new StringBuilder();
        for (Targets.Found found : Targets.fetch(session, Targets.of(session, rest))) {
            try {
                one(session, sub, found);
            } catch (StatusException e) {
                errors.append(Errors.text(e));
            }
        }
        session.err().print(errors);
        return errors.isEmpty() ? 0 : 1;
    }

    private static void one(Session session, String sub, Targets.Found found)
            throws InterruptedException {
        switch (sub) {
            case "status" -> status(session, found);
            case "restart" -> restart(session, found);
            case "history" -> History.show(session, found);
            case "undo" -> History.undo(session, found);
            default -> pause(session, found, sub.equals("pause"));
        }
    }

    private static void supported(Targets.Found found, String what, String kinds) {
        if (!found.object().path("kind").asText().matches(kinds)) {
            throw KubectlException.error(
                    found.target().resource().groupResource()
                            + " \""
                            + found.target().name()
                            + "\" "
                            + what
                            + " is not supported");
        }
    }

    private static void restart(Session session, Targets.Found found) throws InterruptedException {
        supported(found, "restarting", "Deployment|StatefulSet|DaemonSet");
        if (found.object().path("spec").path("paused").asBoolean()) {
            throw KubectlException.error(
                    found.target().resource().groupResource()
                            + " \""
                            + found.target().name()
                            + "\" can't restart paused deployment (run rollout resume first)");
        }
        ObjectNode patch = RestClient.JSON.createObjectNode();
        patch.putObject("spec")
                .putObject("template")
                .putObject("metadata")
                .putObject("annotations")
                .put(
                        "kubectl.kubernetes.io/restartedAt",
                        session.invocation()
                                .host()
                                .clock()
                                .instant()
                                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                                .toString());
        Writer writer = new Writer(session);
        writer.tell(
                writer.patch(
                        found.target(),
                        "",
                        Writer.STRATEGIC,
                        patch.toString(),
                        "?fieldManager=kubectl-rollout"),
                "restarted");
    }

    private static void pause(Session session, Targets.Found found, boolean pause)
            throws InterruptedException {
        supported(found, pause ? "pausing" : "resuming", "Deployment");
        boolean paused = found.object().path("spec").path("paused").asBoolean();
        if (paused == pause) {
            throw KubectlException.error(
                    found.target().resource().groupResource()
                            + " \""
                            + found.target().name()
                            + "\" is "
                            + (pause ? "already" : "not")
                            + " paused");
        }
        String body = pause ? "{\"spec\":{\"paused\":true}}" : "{\"spec\":{\"paused\":null}}";
        Writer writer = new Writer(session);
        writer.tell(
                writer.patch(
                        found.target(),
                        "",
                        Writer.STRATEGIC,
                        body,
                        "?fieldManager=kubectl-rollout"),
                pause ? "paused" : "resumed");
    }

    private static void status(Session session, Targets.Found found) throws InterruptedException {
        Flags flags = session.flags();
        Duration given = GoDuration.parse(flags, "timeout", "0s");
        Duration limit = given.isZero() ? Duration.ofDays(7) : given;
        String[] last = {""};
        boolean done =
                Polling.until(
                        session,
                        limit,
                        () -> {
                            JsonNode now = session.client().get(found.target().path());
                            RolloutStatus status = RolloutStatus.of(now);
                            if (!status.message().equals(last[0])) {
                                session.out().print(status.message());
                                session.out().flush();
                                last[0] = status.message();
                            }
                            return status.done() || !flags.is("watch", true);
                        });
        if (!done) {
            throw KubectlException.error("timed out waiting for the condition");
        }
    }
}
