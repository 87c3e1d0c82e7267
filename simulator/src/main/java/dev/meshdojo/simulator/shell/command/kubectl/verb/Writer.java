package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Output;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoJson;
import dev.meshdojo.simulator.shell.command.kubectl.print.ObjectPrinter;
import org.jspecify.annotations.Nullable;

/** Sends changes and tells of them. */
final class Writer {

    /** Flags of commands that write. */
    static final String FLAGS = DryRun.FLAG + " field-manager= validate?strict " + Output.FLAGS;

    static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    static final String MERGE = "application/merge-patch+json";
    static final String STRATEGIC = "application/strategic-merge-patch+json";
    static final String JSON_PATCH = "application/json-patch+json";
    static final String APPLY = "application/apply-patch+yaml";

    private final Session session;
    private final DryRun dryRun;
    private final @Nullable ObjectPrinter printer;

    Writer(Session session) {
        this.session = session;
        this.dryRun = DryRun.of(session.flags());
        this.printer = Output.printer(session);
    }

    DryRun dryRun() {
        return dryRun;
    }

    /** The query of a write. */
    String query(String defaultManager) {
        String manager = session.flags().value("field-manager", defaultManager);
        String validate = session.flags().value("validate", "strict");
        String validation =
                switch (validate) {
                    case "warn" -> "Warn";
                    case "ignore", "false" -> "Ignore";
                    default -> "Strict";
                };
        return "?fieldManager=" + manager + "&fieldValidation=" + validation + dryRun.query();
    }

    /** Creates; with a client's dry run the object comes back as it is. */
    JsonNode create(Target target, ObjectNode object, String manager) throws InterruptedException {
        if (!dryRun.sends()) {
            return object;
        }
        return session.client()
                .send(
                        "POST",
                        target.resource().path(target.namespace()) + query(manager),
                        "application/json",
                        GoJson.compact(object));
    }

    /** Patches. */
    JsonNode patch(Target target, String subresource, String type, String body, String query)
            throws InterruptedException {
        String sub = subresource.isEmpty() ? "" : "/" + subresource;
        return session.client().send("PATCH", target.path() + sub + query, type, body);
    }

    /** {@code deployment.apps/web created}, or the object in the format asked for. */
    void tell(JsonNode object, String operation) {
        if (printer == null) {
            session.println(Output.name(object) + " " + operation + dryRun.suffix());
        } else {
            printer.print(object, session.out());
        }
    }

    boolean printsObjects() {
        return printer != null;
    }
}
