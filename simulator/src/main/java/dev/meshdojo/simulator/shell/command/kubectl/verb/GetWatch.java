package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.print.ObjectPrinter;
import dev.meshdojo.simulator.shell.command.kubectl.print.TabWriter;
import dev.meshdojo.simulator.shell.command.kubectl.print.TablePrinter;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** {@code kubectl get --watch}: the list, then each change, until interrupted. */
final class GetWatch {

    private final Session session;
    private final Target target;
    private final @Nullable ObjectPrinter printer;
    private final TabWriter tabs = TabWriter.forTables();
    private boolean headers;

    GetWatch(Session session, Target target, @Nullable ObjectPrinter printer) {
        this.session = session;
        this.target = target;
        this.printer = printer;
        this.headers = !session.flags().is("no-headers");
    }

    int run() throws InterruptedException {
        String query = Targets.query(session);
        if (!target.name().isEmpty()) {
            query = "?fieldSelector=" + Targets.encode("metadata.name=" + target.name());
        }
        String collection = target.resource().path(target.namespace()) + query;
        String version;
        if (printer == null) {
            String path = target.name().isEmpty() ? collection : target.path();
            JsonNode first = session.client().table(path);
            version = version(first);
            if (!session.flags().is("watch-only")) {
                for (JsonNode row : first.path("rows")) {
                    show("ADDED", row(first, row));
                }
            }
        } else {
            String path = target.name().isEmpty() ? collection : target.path();
            JsonNode first = session.client().get(path);
            version = version(first);
            if (!session.flags().is("watch-only")) {
                if (target.name().isEmpty()) {
                    for (JsonNode item : first.path("items")) {
                        show("ADDED", GetVerb.typed(item, target));
                    }
                } else {
                    show("ADDED", first);
                }
            }
        }
        String joint = query.isEmpty() ? "?" : "&";
        follow(collection + joint + "watch=true&resourceVersion=" + version);
        return 0;
    }

    private static String version(JsonNode answer) {
        return answer.path("metadata").path("resourceVersion").asText("");
    }

    private void follow(String path) throws InterruptedException {
        String accept = printer == null ? RestClient.TABLE : "application/json";
        try (InputStream stream = session.client().stream(path, accept);
                MappingIterator<JsonNode> events =
                        RestClient.JSON.readerFor(JsonNode.class).readValues(stream)) {
            while (events.hasNext()) {
                JsonNode event = events.next();
                String type = event.path("type").asText();
                if (type.equals("ERROR")) {
                    throw KubectlException.error(event.path("object").path("message").asText());
                }
                if (!type.equals("BOOKMARK")) {
                    JsonNode object = event.path("object");
                    show(type, object);
                }
            }
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (e instanceof KubectlException given) {
                throw given;
            }
        }
    }

    private static ObjectNode row(JsonNode table, JsonNode row) {
        ObjectNode single = table.deepCopy();
        single.putArray("rows").add(row);
        return single;
    }

    private void show(String type, JsonNode shown) {
        boolean events = session.flags().is("output-watch-events");
        if (printer != null) {
            printer.print(shown, session.out());
            session.out().flush();
            return;
        }
        TablePrinter.Style style = GetVerb.style(session, target, false);
        TablePrinter.Style now =
                new TablePrinter.Style(
                        style.wide(),
                        headers,
                        style.namespace(),
                        style.showLabels(),
                        style.labelColumns(),
                        "");
        TablePrinter.print(events ? withEvent(type, shown) : shown, now, tabs);
        headers = false;
        session.out().print(tabs.flush());
        session.out().flush();
    }

    private static JsonNode withEvent(String type, JsonNode table) {
        ObjectNode copy = table.deepCopy();
        ObjectNode column = RestClient.JSON.createObjectNode();
        column.put("name", "Event").put("type", "string").put("priority", 0);
        copy.withArray("columnDefinitions").insert(0, column);
        for (JsonNode row : copy.path("rows")) {
            ((com.fasterxml.jackson.databind.node.ArrayNode) row.path("cells")).insert(0, type);
        }
        return copy;
    }
}
