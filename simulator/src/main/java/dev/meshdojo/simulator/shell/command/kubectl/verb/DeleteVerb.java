package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Errors;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.GoDuration;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code kubectl delete}. */
final class DeleteVerb {

    static final Verb VERB =
            Verb.of(
                    "delete",
                    Manifests.FLAGS
                            + " output:o= selector:l= field-selector= all all-namespaces:A"
                            + " ignore-not-found now force grace-period= cascade?background timeout="
                            + " wait raw= interactive:i "
                            + DryRun.FLAG,
                    DeleteVerb::run);

    private final Session session;
    private final Flags flags;
    private final DryRun dryRun;
    private final StringBuilder errors = new StringBuilder();
    private final List<Target> deleted = new ArrayList<>();

    private DeleteVerb(Session session) {
        this.session = session;
        this.flags = session.flags();
        this.dryRun = DryRun.of(flags);
    }

    private static int run(Session session) throws InterruptedException {
        return new DeleteVerb(session).run();
    }

    private int run() throws InterruptedException {
        List<Target> targets = Targets.of(session, flags.arguments());
        if (targets.isEmpty()) {
            throw KubectlException.error(
                    "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");
        }
        boolean selected =
                flags.is("all") || flags.given("selector") || flags.given("field-selector");
        boolean named = targets.stream().anyMatch(t -> !t.name().isEmpty());
        if (flags.is("force") && !flags.is("now") && dryRun == DryRun.NONE) {
            session.err()
                    .print(
                            "Warning: Immediate deletion does not wait for confirmation that the"
                                    + " running resource has been terminated. The resource may"
                                    + " continue to run on the cluster indefinitely.\n");
        }
        if (named && flags.is("all") && !Manifests.given(flags)) {
            throw KubectlException.error("name cannot be provided when a selector is specified");
        }
        if (!named && !selected) {
            throw KubectlException.error("resource(s) were provided, but no name was specified");
        }
        int count = 0;
        for (Target target : targets) {
            if (target.name().isEmpty()) {
                List<Targets.Found> found = Targets.fetch(session, List.of(target));
                count += found.size();
                for (Targets.Found one : found) {
                    delete(one.target());
                }
            } else {
                count++;
                delete(target);
            }
        }
        if (count == 0) {
            session.out().print("No resources found\n");
        }
        if (flags.is("wait", true) && dryRun == DryRun.NONE) {
            await();
        }
        session.err().print(errors);
        return errors.isEmpty() ? 0 : 1;
    }

    private void delete(Target target) throws InterruptedException {
        try {
            if (dryRun == DryRun.CLIENT) {
                session.client().get(target.path());
            } else {
                session.client().delete(target.path(), options());
            }
            if (flags.value("output").equals("name")) {
                session.println(target.resource().groupKind() + "/" + target.name());
            } else {
                String how = flags.is("force") ? " force deleted" : " deleted";
                session.println(subject(target) + how + from(target) + dryRun.suffix());
            }
            deleted.add(target);
        } catch (StatusException e) {
            if (e.code() != 404 || !flags.is("ignore-not-found")) {
                boolean file = Manifests.given(flags);
                errors.append(
                        Errors.text(
                                file ? e.when("deleting", flags.list("filename").getFirst()) : e));
            }
        }
    }

    private String options() {
        ObjectNode options = RestClient.JSON.createObjectNode();
        options.put("kind", "DeleteOptions").put("apiVersion", "v1");
        String cascade = flags.value("cascade", "background");
        options.put(
                "propagationPolicy",
                switch (cascade) {
                    case "orphan" -> "Orphan";
                    case "foreground" -> "Foreground";
                    default -> "Background";
                });
        Integer grace = flags.integer("grace-period");
        if (flags.is("now")) {
            grace = 1;
        } else if (flags.is("force") && grace == null) {
            grace = 0;
        }
        if (grace != null && grace >= 0) {
            options.put("gracePeriodSeconds", grace);
        }
        if (dryRun == DryRun.SERVER) {
            options.putArray("dryRun").add("All");
        }
        return options.toString();
    }

    private void await() throws InterruptedException {
        Duration limit = GoDuration.parse(flags, "timeout", "0s");
        Duration effective = limit.isZero() ? Duration.ofDays(7) : limit;
        for (Target target : deleted) {
            boolean gone = Polling.until(session, effective, () -> gone(target));
            if (!gone) {
                errors.append("error: timed out waiting for the condition on ")
                        .append(target.resource().plural())
                        .append('/')
                        .append(target.name())
                        .append('\n');
            }
        }
    }

    private boolean gone(Target target) throws InterruptedException {
        try {
            JsonNode live = session.client().get(target.path());
            return live.path("metadata").path("deletionTimestamp").isMissingNode();
        } catch (StatusException e) {
            return e.code() == 404 || e.code() == 403;
        }
    }

    /** {@code deployment.apps "web"}. */
    static String subject(Target target) {
        return target.resource().groupKind() + " \"" + target.name() + "\"";
    }

    /** {@code from lab namespace}. */
    static String from(Target target) {
        return target.resource().namespaced() ? " from " + target.namespace() + " namespace" : "";
    }
}
