package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Errors;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Manifests;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Output;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Target;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.print.JsonPathException;
import dev.meshdojo.simulator.shell.command.kubectl.print.ObjectPrinter;
import dev.meshdojo.simulator.shell.command.kubectl.print.TabWriter;
import dev.meshdojo.simulator.shell.command.kubectl.print.TablePrinter;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code kubectl get}. */
final class GetVerb {

    static final Verb VERB =
            Verb.of(
                    "get",
                    Manifests.FLAGS
                            + " "
                            + Output.FLAGS
                            + " all-namespaces:A selector:l= field-selector= sort-by= show-labels"
                            + " show-kind label-columns:L= no-headers watch:w watch-only"
                            + " output-watch-events ignore-not-found raw= chunk-size= server-print"
                            + " subresource=",
                    GetVerb::run);

    private final Session session;
    private final Flags flags;
    private boolean failed;

    private GetVerb(Session session) {
        this.session = session;
        this.flags = session.flags();
    }

    private static int run(Session session) throws InterruptedException {
        return new GetVerb(session).run();
    }

    private int run() throws InterruptedException {
        if (flags.given("raw")) {
            session.out().print(session.client().raw(flags.value("raw")));
            return 0;
        }
        ObjectPrinter printer = Output.printer(session);
        List<String> arguments = flags.arguments();
        if (arguments.isEmpty() && !Manifests.given(flags)) {
            throw KubectlException.plain(
                    "You must specify the type of resource to get. Use \"kubectl api-resources\" for a"
                            + " complete list of supported resources.\n\n"
                            + "error: Required resource not specified.\n"
                            + "Use \"kubectl explain <resource>\" for a detailed description of that"
                            + " resource (e.g. kubectl explain pods).\n"
                            + "See 'kubectl get -h' for help and examples");
        }
        List<Target> targets = Targets.of(session, arguments);
        boolean named = targets.stream().anyMatch(t -> !t.name().isEmpty());
        if (named && flags.is("all-namespaces")) {
            throw KubectlException.error(
                    "a resource cannot be retrieved by name across all namespaces");
        }
        if (named && (flags.given("selector") || flags.given("field-selector"))) {
            throw KubectlException.error("name cannot be provided when a selector is specified");
        }
        if (flags.is("watch") || flags.is("watch-only")) {
            if (targets.size() != 1) {
                throw KubectlException.error("you may only specify a single resource type");
            }
            return new GetWatch(session, targets.getFirst(), printer).run();
        }
        if (printer == null) {
            tables(targets);
        } else {
            objects(targets, printer, named);
        }
        return failed ? 1 : 0;
    }

    private String query(Target target) {
        String query = target.name().isEmpty() ? Targets.query(session) : "";
        if (flags.given("sort-by")) {
            query += (query.isEmpty() ? "?" : "&") + "includeObject=Object";
        }
        return query;
    }

    private String path(Target target) {
        String sub = flags.given("subresource") ? "/" + flags.value("subresource") : "";
        return target.path() + (target.name().isEmpty() ? "" : sub);
    }

    private void objects(List<Target> targets, ObjectPrinter printer, boolean named)
            throws InterruptedException {
        List<JsonNode> found = new ArrayList<>();
        for (Target target : targets) {
            JsonNode answer = fetch(target, false);
            if (answer == null) {
                continue;
            }
            if (target.name().isEmpty()) {
                for (JsonNode item : answer.path("items")) {
                    found.add(typed(item, target));
                }
            } else {
                found.add(answer);
            }
        }
        if (flags.given("sort-by")) {
            Sorting.sort(found, flags.value("sort-by"), o -> o);
        }
        try {
            boolean single = named && targets.size() == 1 && found.size() <= 1;
            if (single && found.isEmpty()) {
                return;
            }
            printer.print(single ? found.getFirst() : list(found), session.out());
        } catch (JsonPathException e) {
            throw printing(printer, found, e);
        }
    }

    private KubectlException printing(
            ObjectPrinter printer, List<JsonNode> found, JsonPathException e) {
        if (printer.format() == ObjectPrinter.Format.TEMPLATE) {
            return KubectlException.error(
                    "error executing template \""
                            + flags.value("output").replaceFirst("^go-template=", "")
                            + "\": template: output:1: "
                            + e.getMessage());
        }
        return KubectlException.error(
                "error executing jsonpath \""
                        + flags.value("output").replaceFirst("^jsonpath=", "")
                        + "\": Error executing template: "
                        + e.getMessage()
                        + ". Printing more information for debugging the template:\n\ttemplate was:\n\t\t"
                        + flags.value("output").replaceFirst("^jsonpath=", "")
                        + "\n\tobject given to jsonpath engine was:\n\t\t"
                        + dev.meshdojo.simulator.shell.command.kubectl.print.GoValue.print(
                                found.isEmpty() ? list(found) : found.getFirst())
                        + "\n\n");
    }

    static ObjectNode typed(JsonNode item, Target target) {
        ObjectNode object = item.deepCopy();
        if (!object.has("apiVersion")) {
            object.put("apiVersion", target.resource().apiVersion());
            object.put("kind", target.resource().kind());
        }
        return object;
    }

    private static ObjectNode list(List<JsonNode> items) {
        ObjectNode list = RestClient.JSON.createObjectNode();
        list.put("apiVersion", "v1").put("kind", "List");
        ArrayNode array = list.putArray("items");
        items.forEach(array::add);
        list.putObject("metadata").put("resourceVersion", "");
        return list;
    }

    private @org.jspecify.annotations.Nullable JsonNode fetch(Target target, boolean table)
            throws InterruptedException {
        try {
            String path = path(target) + query(target);
            return table ? session.client().table(path) : session.client().get(path);
        } catch (StatusException e) {
            boolean absent = e.code() == 404 && flags.is("ignore-not-found");
            if (!absent) {
                session.out().flush();
                session.err().print(Errors.text(Targets.listing(session, target, e)));
                failed = true;
            }
            return null;
        }
    }

    private void tables(List<Target> targets) throws InterruptedException {
        Map<String, List<JsonNode>> byKind = new LinkedHashMap<>();
        Map<String, Target> kinds = new LinkedHashMap<>();
        StringBuilder errors = new StringBuilder();
        for (Target target : targets) {
            try {
                JsonNode table = session.client().table(path(target) + query(target));
                String kind = target.resource().groupKind() + target.resource().version();
                byKind.computeIfAbsent(kind, k -> new ArrayList<>()).add(table);
                kinds.putIfAbsent(kind, target);
            } catch (StatusException e) {
                if (e.code() != 404 || !flags.is("ignore-not-found")) {
                    errors.append(Errors.text(Targets.listing(session, target, e)));
                    failed = true;
                }
            }
        }
        int rows = print(byKind, kinds);
        if (rows == 0 && errors.isEmpty() && !flags.is("ignore-not-found")) {
            boolean everywhere =
                    flags.is("all-namespaces")
                            || targets.stream().noneMatch(t -> t.resource().namespaced());
            session.err()
                    .print(
                            everywhere
                                    ? "No resources found\n"
                                    : "No resources found in "
                                            + session.namespace()
                                            + " namespace.\n");
        }
        session.err().print(errors);
    }

    private int print(Map<String, List<JsonNode>> byKind, Map<String, Target> kinds) {
        boolean prefixed = byKind.size() > 1 || flags.is("show-kind");
        int rows = 0;
        TabWriter tabs = TabWriter.forTables();
        for (Map.Entry<String, List<JsonNode>> entry : byKind.entrySet()) {
            Target target = java.util.Objects.requireNonNull(kinds.get(entry.getKey()));
            ObjectNode merged = merge(entry.getValue());
            if (merged.path("rows").isEmpty()) {
                continue;
            }
            if (rows > 0) {
                session.out().print(tabs.flush());
                session.out().print("\n");
            }
            rows += merged.path("rows").size();
            TabWriter own = byKind.size() > 1 ? TabWriter.forTables() : tabs;
            TablePrinter.print(merged, style(target, prefixed), own);
            session.out().print(own.flush());
        }
        return rows;
    }

    private ObjectNode merge(List<JsonNode> tables) {
        ObjectNode merged = tables.getFirst().deepCopy();
        ArrayNode rows = merged.withArray("rows");
        tables.subList(1, tables.size()).forEach(t -> t.path("rows").forEach(rows::add));
        if (flags.given("sort-by")) {
            List<JsonNode> sorted = new ArrayList<>();
            rows.forEach(sorted::add);
            Sorting.sort(sorted, flags.value("sort-by"), r -> r.path("object"));
            rows.removeAll();
            sorted.forEach(rows::add);
        }
        return merged;
    }

    private TablePrinter.Style style(Target target, boolean prefixed) {
        return style(session, target, prefixed);
    }

    static TablePrinter.Style style(Session session, Target target, boolean prefixed) {
        Flags flags = session.flags();
        return new TablePrinter.Style(
                flags.value("output").equals("wide"),
                !flags.is("no-headers"),
                flags.is("all-namespaces") && target.resource().namespaced(),
                flags.is("show-labels"),
                flags.list("label-columns"),
                prefixed ? target.resource().groupKind() : "");
    }
}
