package dev.meshdojo.simulator.controller.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.controller.object.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The roles, bindings, service accounts and API priority that each cluster has from its first
 * second on. Read once from {@code bootstrap-policy.yaml}. Thread-safe.
 */
public final class BootstrapPolicy {

    static final String GROUP = "rbac.authorization.k8s.io";

    private static final String RESOURCE =
            "/dev/meshdojo/simulator/controller/bootstrap-policy.yaml";
    private static final String AGGREGATE = GROUP + "/aggregate-to-";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final List<ObjectNode> objects = new ArrayList<>();

    private static final class Holder {
        static final BootstrapPolicy SHARED = new BootstrapPolicy(read());
    }

    private BootstrapPolicy(JsonNode policy) {
        addClusterRoles(policy.path("clusterRoles"));
        policy.path("clusterRoleBindings")
                .properties()
                .forEach(e -> addBinding("ClusterRoleBinding", e.getKey(), e.getValue()));
        policy.path("roles")
                .properties()
                .forEach(e -> object(GROUP, "Role", e.getKey()).set("rules", e.getValue()));
        policy.path("roleBindings")
                .properties()
                .forEach(e -> addBinding("RoleBinding", e.getKey(), e.getValue()));
        for (JsonNode name : policy.path("serviceAccounts")) {
            object("", "ServiceAccount", "kube-system/" + name.asText());
        }
        policy.path("priorityLevels")
                .properties()
                .forEach(e -> addPriority("PriorityLevelConfiguration", e.getKey(), e.getValue()));
        policy.path("flowSchemas")
                .properties()
                .forEach(e -> addPriority("FlowSchema", e.getKey(), e.getValue()));
    }

    /** Copies of all objects, in an order in which they can be created. */
    public static List<ObjectNode> objects() {
        return Holder.SHARED.objects.stream().map(ObjectNode::deepCopy).toList();
    }

    private static JsonNode read() {
        try (InputStream in = BootstrapPolicy.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + RESOURCE);
            }
            return new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    /** Roles that collect rules come last, those that collect of others that do after them. */
    private void addClusterRoles(JsonNode roles) {
        Map<String, ObjectNode> aggregated = new LinkedHashMap<>();
        List<ObjectNode> made = new ArrayList<>();
        roles.properties()
                .forEach(
                        entry -> {
                            JsonNode given = entry.getValue();
                            ObjectNode role = object(GROUP, "ClusterRole", entry.getKey());
                            made.add(role);
                            String to = Fields.text(given, "aggregatesTo");
                            if (!to.isEmpty()) {
                                labels(role).put(AGGREGATE + to, "true");
                            }
                            String of = Fields.text(given, "aggregates");
                            if (of.isEmpty()) {
                                role.set("rules", given.path("rules").deepCopy());
                                return;
                            }
                            role.putObject("aggregationRule")
                                    .putArray("clusterRoleSelectors")
                                    .addObject()
                                    .putObject("matchLabels")
                                    .put(AGGREGATE + of, "true");
                            aggregated.put(of, role);
                        });
        for (int round = 0; round < aggregated.size(); round++) {
            aggregated
                    .values()
                    .forEach(role -> role.set("rules", RoleAggregation.rules(role, made)));
        }
    }

    private void addBinding(String kind, String name, JsonNode given) {
        ObjectNode binding = object(GROUP, kind, name);
        binding.putObject("roleRef")
                .put("apiGroup", GROUP)
                .put("kind", kind.equals("RoleBinding") ? "Role" : "ClusterRole")
                .put("name", Fields.text(given, "role"));
        ArrayNode subjects = JSON.arrayNode();
        for (JsonNode subject : given.path("subjects")) {
            ObjectNode copy = subject.deepCopy();
            if (!Fields.text(subject, "kind").equals("ServiceAccount")) {
                copy.put("apiGroup", GROUP);
            }
            subjects.add(copy);
        }
        if (!subjects.isEmpty()) {
            binding.set("subjects", subjects);
        }
    }

    private void addPriority(String kind, String name, JsonNode spec) {
        ObjectNode object = object("flowcontrol.apiserver.k8s.io", kind, name);
        ((ObjectNode) object.path("metadata"))
                .putObject("annotations")
                .put("apf.kubernetes.io/autoupdate-spec", "true");
        object.set("spec", spec.deepCopy());
        if (kind.equals("FlowSchema")) {
            String level = Fields.text(spec, "priorityLevelConfiguration", "name");
            object.putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", "Dangling")
                    .put("status", "False")
                    .put("reason", "Found")
                    .put(
                            "message",
                            "This FlowSchema references the PriorityLevelConfiguration object named \""
                                    + level
                                    + "\" and it exists");
        }
    }

    /** A new object; objects of RBAC get the label and annotation of default policy. */
    private ObjectNode object(String group, String kind, String path) {
        int slash = path.indexOf('/');
        ObjectNode object = JSON.objectNode();
        object.put("apiVersion", group.isEmpty() ? "v1" : group + "/v1").put("kind", kind);
        ObjectNode metadata = object.putObject("metadata");
        boolean namespaced = slash >= 0 && !kind.startsWith("Cluster");
        if (namespaced) {
            metadata.put("namespace", path.substring(0, slash));
        }
        metadata.put("name", namespaced ? path.substring(slash + 1) : path);
        if (group.equals(GROUP)) {
            metadata.putObject("annotations")
                    .put("rbac.authorization.kubernetes.io/autoupdate", "true");
            metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
        }
        objects.add(object);
        return object;
    }

    private static ObjectNode labels(ObjectNode object) {
        return (ObjectNode) object.path("metadata").path("labels");
    }
}
