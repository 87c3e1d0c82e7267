package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Output;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoJson;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoYaml;
import dev.meshdojo.simulator.shell.command.kubectl.print.TabWriter;
import dev.meshdojo.simulator.shell.command.kubectl.rest.Resource;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code version}, {@code cluster-info}, {@code api-resources}, {@code api-versions}, {@code auth}.
 */
final class InfoVerbs {

    private static final String CLIENT = "v1.35.2";
    private static final String KUSTOMIZE = "v5.7.1";

    static final List<Verb> VERBS =
            List.of(
                    Verb.of("version", "client output:o= short", InfoVerbs::version),
                    Verb.of("cluster-info", "", InfoVerbs::clusterInfo),
                    Verb.of("api-versions", "", InfoVerbs::apiVersions),
                    Verb.of(
                            "api-resources",
                            "output:o= no-headers namespaced api-group= verbs= sort-by= cached categories=",
                            InfoVerbs::apiResources),
                    Verb.of(
                            "auth",
                            Output.FLAGS + " list quiet:q all-namespaces:A subresource= no-headers",
                            InfoVerbs::auth),
                    Verb.of(
                            "top",
                            "all-namespaces:A selector:l= containers no-headers sort-by=",
                            InfoVerbs::top));

    private InfoVerbs() {}

    private static int version(Session session) throws InterruptedException {
        Flags flags = session.flags();
        JsonNode server = flags.is("client") ? null : session.client().get("/version");
        if (flags.given("output")) {
            ObjectNode tree = RestClient.JSON.createObjectNode();
            tree.putObject("clientVersion")
                    .put("major", "1")
                    .put("minor", "35")
                    .put("gitVersion", CLIENT);
            tree.put("kustomizeVersion", KUSTOMIZE);
            if (server != null) {
                tree.set("serverVersion", server);
            }
            switch (flags.value("output")) {
                case "json" ->
                        session.out().print(GoJson.indented(tree).replace("    ", "  ") + "\n");
                case "yaml" -> session.out().print(GoYaml.write(tree));
                default -> throw KubectlException.error("--output must be 'yaml' or 'json'");
            }
            return 0;
        }
        session.println("Client Version: " + CLIENT);
        session.println("Kustomize Version: " + KUSTOMIZE);
        if (server != null) {
            session.println("Server Version: " + server.path("gitVersion").asText());
        }
        return 0;
    }

    private static int clusterInfo(Session session) throws InterruptedException {
        if (session.flags().arguments().contains("dump")) {
            throw KubectlException.error(
                    "cluster-info dump is not supported by the built-in kubectl; use kubectl get all -A -o yaml");
        }
        session.println("Kubernetes control plane is running at " + session.client().server());
        JsonNode services =
                session.client()
                        .get(
                                "/api/v1/namespaces/kube-system/services?labelSelector=kubernetes.io%2Fcluster-service%3Dtrue");
        for (JsonNode service : services.path("items")) {
            String name = service.path("metadata").path("name").asText();
            JsonNode port = service.path("spec").path("ports").path(0);
            String link =
                    session.client().server()
                            + "/api/v1/namespaces/kube-system/services/"
                            + name
                            + ":"
                            + port.path("name").asText("")
                            + "/proxy";
            String shown =
                    service.path("metadata").path("labels").path("kubernetes.io/name").asText(name);
            session.println(shown + " is running at " + link);
        }
        session.println(
                "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.");
        return 0;
    }

    private static int apiVersions(Session session) throws InterruptedException {
        session.discovery().groupVersions().stream().sorted().forEach(session::println);
        return 0;
    }

    private static int apiResources(Session session) throws InterruptedException {
        Flags flags = session.flags();
        List<Resource> shown = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Resource resource : session.discovery().resources()) {
            boolean wanted =
                    (!flags.given("namespaced") || flags.is("namespaced") == resource.namespaced())
                            && (!flags.given("api-group")
                                    || flags.value("api-group").equals(resource.group()))
                            && resource.verbs().containsAll(flags.list("verbs"))
                            && (!flags.given("categories")
                                    || resource.categories().containsAll(flags.list("categories")));
            if (wanted && seen.add(resource.groupResource())) {
                shown.add(resource);
            }
        }
        String sort = flags.value("sort-by");
        Comparator<Resource> order =
                switch (sort) {
                    case "name" -> Comparator.comparing(Resource::plural);
                    case "kind" -> Comparator.comparing(Resource::kind);
                    case "" ->
                            Comparator.comparing(Resource::group).thenComparing(Resource::plural);
                    default -> throw KubectlException.error("--sort-by accepts only name or kind");
                };
        shown.sort(order);
        String output = flags.value("output");
        if (output.equals("name")) {
            shown.forEach(r -> session.println(r.groupResource()));
            return 0;
        }
        TabWriter tabs = TabWriter.forTables();
        boolean wide = output.equals("wide");
        if (!flags.is("no-headers")) {
            tabs.write(
                    "NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND"
                            + (wide ? "\tVERBS\tCATEGORIES" : "")
                            + "\n");
        }
        for (Resource r : shown) {
            tabs.write(
                    String.join(
                            "\t",
                            r.plural(),
                            String.join(",", r.shortNames()),
                            r.apiVersion(),
                            String.valueOf(r.namespaced()),
                            r.kind()));
            tabs.write(
                    wide
                            ? "\t"
                                    + String.join(",", r.verbs())
                                    + "\t"
                                    + String.join(",", r.categories())
                                    + "\n"
                            : "\n");
        }
        session.out().print(tabs.flush());
        return 0;
    }

    private static int auth(Session session) throws InterruptedException {
        List<String> words = session.flags().arguments();
        String sub = words.isEmpty() ? "" : words.getFirst();
        return switch (sub) {
            case "can-i" -> canI(session, words.subList(1, words.size()));
            case "whoami" -> whoAmI(session);
            default ->
                    throw KubectlException.error(
                            "unknown command \""
                                    + sub
                                    + "\"; there are auth can-i and auth whoami\nSee 'kubectl auth -h' for help and examples");
        };
    }

    private static int canI(Session session, List<String> words) throws InterruptedException {
        Flags flags = session.flags();
        if (words.size() < 2) {
            throw KubectlException.error(
                    "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.");
        }
        String verb = words.getFirst();
        String word = words.get(1);
        ObjectNode review = RestClient.JSON.createObjectNode();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SelfSubjectAccessReview");
        ObjectNode spec = review.putObject("spec");
        if (word.startsWith("/")) {
            spec.putObject("nonResourceAttributes").put("verb", verb).put("path", word);
        } else {
            ObjectNode attributes = spec.putObject("resourceAttributes");
            int slash = word.indexOf('/');
            String type = slash < 0 ? word : word.substring(0, slash);
            Resource resource = session.discovery().find(type);
            if (resource == null && !type.equals("*")) {
                session.err()
                        .print(
                                "Warning: the server doesn't have a resource type '"
                                        + type
                                        + "'\n\n");
            }
            boolean namespaced = resource == null || resource.namespaced();
            attributes.put(
                    "namespace",
                    flags.is("all-namespaces") || !namespaced ? "" : session.namespace());
            attributes.put("verb", verb);
            attributes.put("group", resource == null ? "" : resource.group());
            attributes.put("resource", resource == null ? type : resource.plural());
            attributes.put("subresource", flags.value("subresource"));
            attributes.put(
                    "name",
                    slash < 0 ? (words.size() > 2 ? words.get(2) : "") : word.substring(slash + 1));
            if (resource != null && !namespaced && !flags.is("all-namespaces")) {
                session.err()
                        .print(
                                "Warning: resource '"
                                        + resource.plural()
                                        + "' is not namespace scoped"
                                        + (resource.group().isEmpty()
                                                ? ""
                                                : " in group '" + resource.group() + "'")
                                        + "\n\n");
            }
        }
        JsonNode answer =
                session.client()
                        .send(
                                "POST",
                                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                                "application/json",
                                review.toString());
        boolean allowed = answer.path("status").path("allowed").asBoolean();
        if (!flags.is("quiet")) {
            String reason = answer.path("status").path("reason").asText("");
            session.println(allowed ? "yes" : "no" + (reason.isEmpty() ? "" : " - " + reason));
        }
        return allowed ? 0 : 1;
    }

    private static int whoAmI(Session session) throws InterruptedException {
        JsonNode review =
                session.client()
                        .send(
                                "POST",
                                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                                "application/json",
                                "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}");
        var printer = Output.printer(session);
        if (printer != null) {
            printer.print(review, session.out());
            return 0;
        }
        JsonNode user = review.path("status").path("userInfo");
        TabWriter tabs = TabWriter.forTables();
        tabs.write("ATTRIBUTE\tVALUE\n");
        tabs.write("Username\t" + user.path("username").asText() + "\n");
        if (user.has("uid")) {
            tabs.write("UID\t" + user.path("uid").asText() + "\n");
        }
        List<String> groups = new ArrayList<>();
        user.path("groups").forEach(g -> groups.add(g.asText()));
        if (!groups.isEmpty()) {
            tabs.write("Groups\t[" + String.join(" ", groups) + "]\n");
        }
        user.path("extra")
                .properties()
                .forEach(
                        e -> {
                            List<String> values = new ArrayList<>();
                            e.getValue().forEach(v -> values.add(v.asText()));
                            tabs.write(
                                    "Extra: "
                                            + e.getKey()
                                            + "\t["
                                            + String.join(" ", values)
                                            + "]\n");
                        });
        session.out().print(tabs.flush());
        return 0;
    }

    private static int top(Session session) {
        throw KubectlException.error("Metrics API not available");
    }
}
