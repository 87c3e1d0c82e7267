package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoJson;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoYaml;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.util.List;

/** {@code kubectl apply view-last-applied}. */
final class LastApplied {

    private LastApplied() {}

    static int run(Session session) throws InterruptedException {
        List<String> arguments = session.flags().arguments();
        if (!arguments.getFirst().equals("view-last-applied")) {
            throw KubectlException.error(
                    "apply " + arguments.getFirst() + " is not supported by the built-in kubectl");
        }
        List<String> rest = arguments.subList(1, arguments.size());
        for (Targets.Found found : Targets.fetch(session, Targets.of(session, rest))) {
            String text =
                    found.object()
                            .path("metadata")
                            .path("annotations")
                            .path(Writer.LAST_APPLIED)
                            .asText("");
            if (text.isEmpty()) {
                throw KubectlException.error(
                        "no last-applied-configuration annotation found on resource: "
                                + found.target().name());
            }
            try {
                JsonNode applied = RestClient.JSON.readTree(text);
                boolean json = session.flags().value("output").equals("json");
                session.out().print(json ? GoJson.indented(applied) + "\n" : GoYaml.write(applied));
            } catch (JsonProcessingException e) {
                throw KubectlException.error(e.getOriginalMessage());
            }
        }
        return 0;
    }
}
