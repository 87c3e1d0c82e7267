package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.rest.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Roles and bindings. */
final class AccessGenerators {

    private static final String RBAC = "rbac.authorization.k8s.io/v1";

    private AccessGenerators() {}

    static CreateVerb.Generated role(Session session, String name, boolean cluster)
            throws InterruptedException {
        Flags flags = session.flags();
        List<String> verbs = flags.list("verb");
        if (verbs.isEmpty()) {
            throw KubectlException.error("at least one verb must be specified");
        }
        List<String> urls = flags.list("non-resource-url");
        if (flags.list("resource").isEmpty() && urls.isEmpty()) {
            throw KubectlException.error("at least one resource must be specified");
        }
        Map<String, List<String>> byGroup = new LinkedHashMap<>();
        for (String word : flags.list("resource")) {
            int slash = word.indexOf('/');
            String type = slash < 0 ? word : word.substring(0, slash);
            Resource resource = session.discovery().find(type);
            if (resource == null) {
                throw KubectlException.plain(
                        "the server doesn't have a resource type \"" + type + "\"");
            }
            byGroup.computeIfAbsent(resource.group(), g -> new ArrayList<>())
                    .add(resource.plural() + (slash < 0 ? "" : word.substring(slash)));
        }
        ObjectNode object = Generators.object(RBAC, cluster ? "ClusterRole" : "Role", name);
        ArrayNode rules = object.putArray("rules");
        byGroup.forEach(
                (group, resources) -> {
                    ObjectNode rule = rules.addObject();
                    rule.putArray("apiGroups").add(group);
                    List<String> names = flags.list("resource-name");
                    if (!names.isEmpty()) {
                        addAll(rule.putArray("resourceNames"), names);
                    }
                    addAll(rule.putArray("resources"), resources);
                    addAll(rule.putArray("verbs"), verbs);
                });
        if (!urls.isEmpty()) {
            ObjectNode rule = rules.addObject();
            addAll(rule.putArray("nonResourceURLs"), urls);
            addAll(rule.putArray("verbs"), verbs);
        }
        return new CreateVerb.Generated(object, cluster ? "clusterrole:" : "role:");
    }

    private static void addAll(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    static CreateVerb.Generated binding(Session session, String name, boolean cluster) {
        Flags flags = session.flags();
        boolean role = flags.given("role");
        if (role == flags.given("clusterrole")) {
            throw KubectlException.error(
                    cluster
                            ? "clusterrole must be specified"
                            : "exactly one of clusterrole or role must be specified");
        }
        ObjectNode object =
                Generators.object(RBAC, cluster ? "ClusterRoleBinding" : "RoleBinding", name);
        ObjectNode reference = object.putObject("roleRef");
        reference.put("apiGroup", "rbac.authorization.k8s.io");
        reference.put("kind", role ? "Role" : "ClusterRole");
        reference.put("name", flags.value(role ? "role" : "clusterrole"));
        ArrayNode subjects = object.putArray("subjects");
        for (String user : flags.list("user")) {
            subjects.addObject()
                    .put("apiGroup", "rbac.authorization.k8s.io")
                    .put("kind", "User")
                    .put("name", user);
        }
        for (String group : flags.list("group")) {
            subjects.addObject()
                    .put("apiGroup", "rbac.authorization.k8s.io")
                    .put("kind", "Group")
                    .put("name", group);
        }
        for (String account : flags.list("serviceaccount")) {
            String[] parts = account.split(":", 2);
            if (parts.length < 2) {
                throw KubectlException.error("serviceaccount must be <namespace>:<name>");
            }
            subjects.addObject()
                    .put("kind", "ServiceAccount")
                    .put("name", parts[1])
                    .put("namespace", parts[0]);
        }
        return new CreateVerb.Generated(object, cluster ? "clusterrolebinding:" : "rolebinding:");
    }
}
