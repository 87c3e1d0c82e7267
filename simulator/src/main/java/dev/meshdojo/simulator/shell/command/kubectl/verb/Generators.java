package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import java.util.ArrayList;
import java.util.List;

/** The objects of {@code kubectl create KIND NAME …}. */
final class Generators {

    private Generators() {}

    static CreateVerb.Generated generate(Session session, List<String> words)
            throws InterruptedException {
        String kind = words.getFirst();
        return switch (kind) {
            case "namespace", "ns" -> namespace(name("namespace", words, 1));
            case "serviceaccount", "sa" ->
                    plain(
                            "v1",
                            "ServiceAccount",
                            name("serviceaccount", words, 1),
                            "serviceaccount:");
            case "configmap", "cm" ->
                    ConfigGenerators.configMap(session, name("configmap", words, 1));
            case "secret" -> ConfigGenerators.secret(session, words);
            case "deployment", "deploy", "dep" -> deployment(session, words);
            case "job" -> JobGenerators.job(session, words);
            case "cronjob", "cj" -> JobGenerators.cronJob(session, words);
            case "service", "svc" -> ServiceGenerators.service(session, words);
            case "ingress", "ing" -> ServiceGenerators.ingress(session, name("ingress", words, 1));
            case "role" -> AccessGenerators.role(session, name("role", words, 1), false);
            case "clusterrole" ->
                    AccessGenerators.role(session, name("clusterrole", words, 1), true);
            case "rolebinding" ->
                    AccessGenerators.binding(session, name("rolebinding", words, 1), false);
            case "clusterrolebinding" ->
                    AccessGenerators.binding(session, name("clusterrolebinding", words, 1), true);
            case "quota", "resourcequota" -> quota(session, name("quota", words, 1));
            case "priorityclass", "pc" -> priorityClass(session, name("priorityclass", words, 1));
            case "poddisruptionbudget", "pdb" ->
                    disruptionBudget(session, name("poddisruptionbudget", words, 1));
            default ->
                    throw KubectlException.error(
                            "Unexpected args: ["
                                    + String.join(" ", words)
                                    + "]\nSee 'kubectl create -h' for help and examples");
        };
    }

    static String name(String command, List<String> words, int at) {
        int dash = words.size() - at;
        if (dash != 1) {
            throw KubectlException.usage(
                    "kubectl create " + command, "exactly one NAME is required, got " + dash);
        }
        return words.get(at);
    }

    static ObjectNode object(String apiVersion, String kind, String name) {
        ObjectNode object = RestClient.JSON.createObjectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }

    private static CreateVerb.Generated namespace(String name) {
        ObjectNode object = object("v1", "Namespace", name);
        object.putObject("spec");
        object.putObject("status");
        return new CreateVerb.Generated(object, "");
    }

    private static CreateVerb.Generated plain(
            String apiVersion, String kind, String name, String subject) {
        return new CreateVerb.Generated(object(apiVersion, kind, name), subject);
    }

    private static CreateVerb.Generated deployment(Session session, List<String> words) {
        Flags flags = session.flags();
        int end = flags.dashDash() < 0 ? words.size() : flags.dashDash();
        String name = name("deployment", words.subList(0, end), 1);
        List<String> images = flags.list("image");
        if (images.isEmpty()) {
            throw KubectlException.error("required flag(s) \"image\" not set");
        }
        ObjectNode object = object("apps/v1", "Deployment", name);
        object.withObject("/metadata").putObject("labels").put("app", name);
        ObjectNode spec = object.putObject("spec");
        Integer replicas = flags.integer("replicas");
        spec.put("replicas", replicas == null ? 1 : replicas);
        spec.putObject("selector").putObject("matchLabels").put("app", name);
        spec.putObject("strategy");
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", name);
        ArrayNode containers = template.putObject("spec").putArray("containers");
        for (String image : images) {
            ObjectNode container = containers.addObject();
            container.put("image", image).put("name", containerName(image));
            if (end < words.size()) {
                words.subList(end, words.size()).forEach(container.withArray("command")::add);
            }
            Integer port = flags.integer("port");
            if (port != null) {
                container.putArray("ports").addObject().put("containerPort", port);
            }
            container.putObject("resources");
        }
        object.putObject("status");
        return new CreateVerb.Generated(object, "deployment:");
    }

    private static String containerName(String image) {
        String base = image.substring(image.lastIndexOf('/') + 1);
        base = base.split("[:@]", 2)[0].replace('_', '-').toLowerCase(java.util.Locale.ROOT);
        return base;
    }

    private static CreateVerb.Generated quota(Session session, String name) {
        ObjectNode object = object("v1", "ResourceQuota", name);
        ObjectNode hard = object.putObject("spec").putObject("hard");
        for (String entry : session.flags().list("hard")) {
            String[] pair = entry.split("=", 2);
            if (pair.length < 2) {
                throw KubectlException.error(
                        "Invalid argument syntax " + entry + ", expected <resource>=<value>");
            }
            hard.put(pair[0], pair[1]);
        }
        return new CreateVerb.Generated(object, "quota:");
    }

    private static CreateVerb.Generated priorityClass(Session session, String name) {
        Flags flags = session.flags();
        ObjectNode object = object("scheduling.k8s.io/v1", "PriorityClass", name);
        Integer value = flags.integer("value");
        object.put("value", value == null ? 0 : value);
        object.put("globalDefault", flags.is("global-default"));
        object.put("description", flags.value("description"));
        object.put("preemptionPolicy", flags.value("preemption-policy", "PreemptLowerPriority"));
        return new CreateVerb.Generated(object, "priorityclass:");
    }

    private static CreateVerb.Generated disruptionBudget(Session session, String name) {
        Flags flags = session.flags();
        ObjectNode object = object("policy/v1", "PodDisruptionBudget", name);
        ObjectNode spec = object.putObject("spec");
        for (String[] pair :
                List.of(
                        new String[] {"min-available", "minAvailable"},
                        new String[] {"max-unavailable", "maxUnavailable"})) {
            if (flags.given(pair[0])) {
                String value = flags.value(pair[0]);
                if (value.matches("\\d+")) {
                    spec.put(pair[1], Integer.parseInt(value));
                } else {
                    spec.put(pair[1], value);
                }
            }
        }
        spec.set("selector", matchLabels(flags.value("selector")));
        return new CreateVerb.Generated(object, "poddisruptionbudget:");
    }

    static ObjectNode matchLabels(String selector) {
        ObjectNode node = RestClient.JSON.createObjectNode();
        ObjectNode labels = node.putObject("matchLabels");
        for (String pair : selector.isEmpty() ? new String[0] : selector.split(",", -1)) {
            String[] parts = pair.split("=", 2);
            labels.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        return node;
    }

    static List<String> arguments(Flags flags, List<String> words) {
        return flags.dashDash() < 0
                ? List.of()
                : new ArrayList<>(words.subList(flags.dashDash(), words.size()));
    }
}
