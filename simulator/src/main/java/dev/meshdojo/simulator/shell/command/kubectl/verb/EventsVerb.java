package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Output;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.describe.EventList;
import dev.meshdojo.simulator.shell.command.kubectl.print.ObjectPrinter;
import dev.meshdojo.simulator.shell.command.kubectl.print.TabWriter;
import dev.meshdojo.simulator.shell.command.kubectl.rest.Resource;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** {@code kubectl events}. */
final class EventsVerb {

    static final Verb VERB =
            Verb.of(
                    "events",
                    Output.FLAGS + " all-namespaces:A for= types= watch:w no-headers chunk-size=",
                    EventsVerb::run);

    private EventsVerb() {}

    private static int run(Session session) throws InterruptedException {
        Flags flags = session.flags();
        if (flags.is("watch")) {
            throw KubectlException.error(
                    "events --watch is not supported by the built-in kubectl; use kubectl get events --watch");
        }
        ObjectPrinter printer = Output.printer(session);
        boolean all = flags.is("all-namespaces");
        String path =
                all ? "/api/v1/events" : "/api/v1/namespaces/" + session.namespace() + "/events";
        List<String> selectors = new ArrayList<>();
        if (flags.given("for")) {
            String[] parts = flags.value("for").split("/", 2);
            if (parts.length < 2) {
                throw KubectlException.error("--for must be in resource/name form");
            }
            Resource resource = session.resource(parts[0]);
            selectors.add("involvedObject.kind=" + resource.kind());
            selectors.add("involvedObject.apiVersion=" + resource.apiVersion());
            selectors.add("involvedObject.name=" + parts[1]);
        }
        String query =
                selectors.isEmpty()
                        ? ""
                        : "?fieldSelector=" + Targets.encode(String.join(",", selectors));
        List<JsonNode> events = new ArrayList<>();
        for (JsonNode event : session.client().get(path + query).path("items")) {
            boolean wanted =
                    !flags.given("types")
                            || flags.list("types").stream()
                                    .anyMatch(t -> t.equalsIgnoreCase(event.path("type").asText()));
            if (wanted) {
                ObjectNode typed = event.deepCopy();
                typed.put("apiVersion", "v1").put("kind", "Event");
                events.add(typed);
            }
        }
        events.sort(Comparator.comparing(EventList::last));
        if (printer != null) {
            ObjectNode list = RestClient.JSON.createObjectNode();
            list.put("apiVersion", "v1").put("kind", "EventList");
            list.putObject("metadata");
            var items = list.putArray("items");
            events.forEach(items::add);
            printer.print(list, session.out());
            return 0;
        }
        if (events.isEmpty()) {
            session.err()
                    .print(
                            all
                                    ? "No events found.\n"
                                    : "No events found in "
                                            + session.namespace()
                                            + " namespace.\n");
            return 0;
        }
        table(session, events, all);
        return 0;
    }

    private static void table(Session session, List<JsonNode> events, boolean all) {
        TabWriter tabs = TabWriter.forTables();
        if (!session.flags().is("no-headers")) {
            tabs.write((all ? "NAMESPACE\t" : "") + "LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n");
        }
        Instant now = session.invocation().host().clock().instant();
        for (JsonNode event : events) {
            JsonNode object = event.path("involvedObject");
            tabs.write(
                    (all ? event.path("metadata").path("namespace").asText() + "\t" : "")
                            + String.join(
                                    "\t",
                                    EventList.interval(event, now),
                                    event.path("type").asText(),
                                    event.path("reason").asText(),
                                    object.path("kind").asText()
                                            + "/"
                                            + object.path("name").asText(),
                                    event.path("message").asText().strip())
                            + "\n");
        }
        session.out().print(tabs.flush());
    }
}
