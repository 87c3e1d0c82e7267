package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Output;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoYaml;
import dev.meshdojo.simulator.shell.command.kubectl.print.ObjectPrinter;
import dev.meshdojo.simulator.shell.command.kubectl.print.TabWriter;
import dev.meshdojo.simulator.shell.command.kubectl.rest.KubeConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code kubectl config}. */
final class ConfigVerb {

    static final Verb VERB =
            Verb.of(
                    "config",
                    Output.FLAGS + " minify flatten raw current no-headers merge",
                    ConfigVerb::run);

    private ConfigVerb() {}

    private static int run(Session session) {
        List<String> words = session.flags().arguments();
        String sub = words.isEmpty() ? "" : words.getFirst();
        List<String> rest = words.isEmpty() ? List.of() : words.subList(1, words.size());
        switch (sub) {
            case "view" -> view(session);
            case "current-context" -> {
                String current = session.config().currentContext();
                if (current.isEmpty()) {
                    throw KubectlException.error("current-context is not set");
                }
                session.println(current);
            }
            case "get-contexts" -> contexts(session, rest);
            case "get-clusters" -> names(session, "clusters");
            case "get-users" -> names(session, "users");
            case "use-context", "use" -> use(session, rest);
            case "set-context" -> set(session, rest);
            case "unset",
                    "set",
                    "delete-context",
                    "delete-cluster",
                    "delete-user",
                    "rename-context",
                    "set-cluster",
                    "set-credentials" ->
                    throw KubectlException.error(
                            "config "
                                    + sub
                                    + " is not supported by the built-in kubectl; edit $KUBECONFIG");
            default ->
                    throw KubectlException.error(
                            "unknown command \""
                                    + sub
                                    + "\"\nSee 'kubectl config -h' for help and examples");
        }
        return 0;
    }

    private static void view(Session session) {
        ObjectNode tree = session.config().tree().deepCopy();
        if (session.flags().is("minify")) {
            minify(session, tree);
        }
        if (!session.flags().is("raw")) {
            redact(tree);
        }
        ObjectPrinter printer = Output.printer(session);
        if (printer == null) {
            session.out().print(GoYaml.write(tree));
        } else {
            printer.print(tree, session.out());
        }
    }

    private static void minify(Session session, ObjectNode tree) {
        String context = session.flags().value("context", session.config().currentContext());
        JsonNode entry = session.context();
        keep(tree, "contexts", context);
        keep(tree, "clusters", entry.path("cluster").asText());
        keep(tree, "users", entry.path("user").asText());
    }

    private static void keep(ObjectNode tree, String list, String name) {
        ArrayNode kept = tree.arrayNode();
        for (JsonNode entry : tree.path(list)) {
            if (entry.path("name").asText().equals(name)) {
                kept.add(entry);
            }
        }
        tree.set(list, kept);
    }

    private static void redact(ObjectNode tree) {
        for (JsonNode user : tree.path("users")) {
            if (user.path("user") instanceof ObjectNode entry) {
                for (String key : List.of("client-certificate-data", "client-key-data")) {
                    if (entry.has(key)) {
                        entry.put(key, "DATA+OMITTED");
                    }
                }
                for (String key : List.of("token", "password")) {
                    if (entry.has(key)) {
                        entry.put(key, "REDACTED");
                    }
                }
            }
        }
        for (JsonNode cluster : tree.path("clusters")) {
            if (cluster.path("cluster") instanceof ObjectNode entry
                    && entry.has("certificate-authority-data")) {
                entry.put("certificate-authority-data", "DATA+OMITTED");
            }
        }
    }

    private static void contexts(Session session, List<String> names) {
        boolean nameOnly = session.flags().value("output").equals("name");
        TabWriter tabs = TabWriter.forTables();
        if (!session.flags().is("no-headers") && !nameOnly) {
            tabs.write("CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n");
        }
        List<JsonNode> entries = new ArrayList<>();
        session.config().tree().path("contexts").forEach(entries::add);
        entries.sort(java.util.Comparator.comparing(e -> e.path("name").asText()));
        for (JsonNode entry : entries) {
            String name = entry.path("name").asText();
            if (!names.isEmpty() && !names.contains(name)) {
                continue;
            }
            JsonNode context = entry.path("context");
            tabs.write(
                    nameOnly
                            ? name + "\n"
                            : String.join(
                                            "\t",
                                            name.equals(session.config().currentContext())
                                                    ? "*"
                                                    : "",
                                            name,
                                            context.path("cluster").asText(),
                                            context.path("user").asText(),
                                            context.path("namespace").asText(""))
                                    + "\n");
        }
        session.out().print(tabs.flush());
        for (String name : names) {
            if (session.config().entry("contexts", name) == null) {
                throw KubectlException.error("context " + name + " not found");
            }
        }
    }

    private static void names(Session session, String list) {
        session.println("NAME");
        session.config().tree().path(list).forEach(e -> session.println(e.path("name").asText()));
    }

    private static void use(Session session, List<String> names) {
        if (names.size() != 1) {
            throw KubectlException.error(
                    "unexpected number of arguments: use-context takes one context name");
        }
        KubeConfig config = session.config();
        if (config.entry("contexts", names.getFirst()) == null) {
            throw KubectlException.error(
                    "no context exists with the name: \"" + names.getFirst() + "\"");
        }
        config.tree().put("current-context", names.getFirst());
        write(config);
        session.println("Switched to context \"" + names.getFirst() + "\".");
    }

    private static void set(Session session, List<String> names) {
        Flags flags = session.flags();
        KubeConfig config = session.config();
        String name =
                flags.is("current")
                        ? config.currentContext()
                        : names.isEmpty() ? "" : names.getFirst();
        if (name.isEmpty()) {
            throw KubectlException.error(
                    flags.is("current")
                            ? "no current context is set"
                            : "you must specify a non-empty context name or --current");
        }
        boolean known = config.entry("contexts", name) != null;
        ObjectNode context = config.entryOrNew("contexts", name);
        for (String key : List.of("cluster", "user", "namespace")) {
            if (flags.given(key)) {
                context.put(key, flags.value(key));
            }
        }
        write(config);
        session.println("Context \"" + name + "\" " + (known ? "modified." : "created."));
    }

    private static void write(KubeConfig config) {
        try {
            config.write();
        } catch (IOException e) {
            throw KubectlException.error(String.valueOf(e.getMessage()));
        }
    }
}
