package dev.meshdojo.simulator.apiserver.table;

import static dev.meshdojo.simulator.apiserver.table.Texts.UNSET;
import static dev.meshdojo.simulator.apiserver.table.Texts.at;
import static dev.meshdojo.simulator.apiserver.table.Texts.name;
import static dev.meshdojo.simulator.apiserver.table.Texts.number;
import static dev.meshdojo.simulator.apiserver.table.Texts.present;
import static dev.meshdojo.simulator.apiserver.table.Texts.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tables of configuration, access rights, admission, budgets and autoscaling. */
final class PolicyTables {

    private static final Column WEBHOOKS =
            Column.number("Webhooks", "Webhooks in this configuration.");
    private static final Column PARAM_KIND =
            Column.text("ParamKind", "Kind of objects that parameterize the policy.");
    private static final Column POLICY = Column.text("PolicyName", "Policy that is bound.");
    private static final Column PARAM = Column.text("ParamRef", "Objects used as parameters.");

    static final Map<String, KindTable> TABLES =
            Map.ofEntries(
                    Map.entry(
                            "ConfigMap",
                            KindTable.of(
                                    (o, ages) ->
                                            Arrays.asList(
                                                    name(o),
                                                    o.path("data").size()
                                                            + o.path("binaryData").size(),
                                                    ages.of(o)),
                                    Column.NAME,
                                    Column.text("Data", "Number of keys."),
                                    Column.AGE)),
                    Map.entry(
                            "Secret",
                            KindTable.of(
                                    (o, ages) ->
                                            Arrays.asList(
                                                    name(o),
                                                    text(o, "type"),
                                                    o.path("data").size(),
                                                    ages.of(o)),
                                    Column.NAME,
                                    Column.text("Type", "What the secret holds."),
                                    Column.text("Data", "Number of keys."),
                                    Column.AGE)),
                    Map.entry(
                            "ServiceAccount",
                            KindTable.of(
                                    (o, ages) -> Arrays.asList(name(o), ages.of(o)),
                                    Column.NAME,
                                    Column.AGE)),
                    Map.entry("RoleBinding.rbac.authorization.k8s.io", bindingTable()),
                    Map.entry("ClusterRoleBinding.rbac.authorization.k8s.io", bindingTable()),
                    Map.entry(
                            "MutatingWebhookConfiguration.admissionregistration.k8s.io",
                            KindTable.of(
                                    PolicyTables::webhooks, Column.NAME, WEBHOOKS, Column.AGE)),
                    Map.entry(
                            "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
                            KindTable.of(
                                    PolicyTables::webhooks, Column.NAME, WEBHOOKS, Column.AGE)),
                    Map.entry(
                            "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
                            KindTable.of(
                                    (o, ages) -> policy(o, ages, "validations"),
                                    Column.NAME,
                                    Column.number("Validations", "Rules of the policy."),
                                    PARAM_KIND,
                                    Column.AGE)),
                    Map.entry(
                            "MutatingAdmissionPolicy.admissionregistration.k8s.io",
                            KindTable.of(
                                    (o, ages) -> policy(o, ages, "mutations"),
                                    Column.NAME,
                                    Column.number("Mutations", "Rules of the policy."),
                                    PARAM_KIND,
                                    Column.AGE)),
                    Map.entry(
                            "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
                            KindTable.of(
                                    PolicyTables::policyBinding,
                                    Column.NAME,
                                    POLICY,
                                    PARAM,
                                    Column.AGE)),
                    Map.entry(
                            "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
                            KindTable.of(
                                    PolicyTables::policyBinding,
                                    Column.NAME,
                                    POLICY,
                                    PARAM,
                                    Column.AGE)),
                    Map.entry(
                            "PodDisruptionBudget.policy",
                            KindTable.of(
                                    PolicyTables::disruptionBudget,
                                    Column.NAME,
                                    Column.text("Min Available", "Pods that must stay."),
                                    Column.text("Max Unavailable", "Pods that may go."),
                                    Column.number("Allowed Disruptions", "Pods that may go now."),
                                    Column.AGE)),
                    Map.entry(
                            "HorizontalPodAutoscaler.autoscaling",
                            KindTable.of(
                                    PolicyTables::autoscaler,
                                    Column.NAME,
                                    Column.text("Reference", "What is scaled."),
                                    Column.text("Targets", "Current and wanted metrics."),
                                    Column.text("MinPods", "Fewest replicas."),
                                    Column.text("MaxPods", "Most replicas."),
                                    Column.text("Replicas", "Replicas now."),
                                    Column.AGE)),
                    Map.entry(
                            "Scale.autoscaling",
                            KindTable.of(
                                    (o, ages) ->
                                            Arrays.asList(
                                                    name(o),
                                                    number(o, "spec", "replicas"),
                                                    number(o, "status", "replicas"),
                                                    ages.of(o)),
                                    new Column("Name", "string", "", Column.NAME.description(), 0),
                                    Column.number("Desired", "Replicas asked for."),
                                    Column.number("Available", "Replicas there are."),
                                    Column.AGE)));

    private PolicyTables() {}

    private static KindTable bindingTable() {
        return KindTable.of(
                PolicyTables::binding,
                Column.NAME,
                Column.text("Role", "Role that is granted."),
                Column.AGE,
                Column.wide("Users", "Users that get it."),
                Column.wide("Groups", "Groups that get it."),
                Column.wide("ServiceAccounts", "Service accounts that get it."));
    }

    private static List<@Nullable Object> binding(ObjectNode o, Ages ages) {
        List<String> users = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        List<String> accounts = new ArrayList<>();
        for (JsonNode subject : o.path("subjects")) {
            String subjectName = text(subject, "name");
            switch (text(subject, "kind")) {
                case "User" -> users.add(subjectName);
                case "Group" -> groups.add(subjectName);
                case "ServiceAccount" ->
                        accounts.add(text(subject, "namespace") + "/" + subjectName);
                default -> {}
            }
        }
        return Arrays.asList(
                name(o),
                text(o, "roleRef", "kind") + "/" + text(o, "roleRef", "name"),
                ages.of(o),
                String.join(", ", users),
                String.join(", ", groups),
                String.join(", ", accounts));
    }

    private static List<@Nullable Object> webhooks(ObjectNode o, Ages ages) {
        return Arrays.asList(name(o), o.path("webhooks").size(), ages.of(o));
    }

    private static List<@Nullable Object> policy(ObjectNode o, Ages ages, String rules) {
        JsonNode kind = at(o, "spec", "paramKind");
        return Arrays.asList(
                name(o),
                at(o, "spec", rules).size(),
                present(kind) ? text(kind, "apiVersion") + "/" + text(kind, "kind") : UNSET,
                ages.of(o));
    }

    private static List<@Nullable Object> policyBinding(ObjectNode o, Ages ages) {
        JsonNode param = at(o, "spec", "paramRef");
        String shown = UNSET;
        if (!text(param, "name").isEmpty()) {
            String namespace = text(param, "namespace");
            shown = (namespace.isEmpty() ? "*" : namespace) + "/" + text(param, "name");
        } else if (present(param.path("selector"))) {
            shown = Texts.bareSelector(param.path("selector"));
        }
        return Arrays.asList(name(o), text(o, "spec", "policyName"), shown, ages.of(o));
    }

    private static List<@Nullable Object> disruptionBudget(ObjectNode o, Ages ages) {
        return Arrays.asList(
                name(o),
                orNotAvailable(at(o, "spec", "minAvailable")),
                orNotAvailable(at(o, "spec", "maxUnavailable")),
                number(o, "status", "disruptionsAllowed"),
                ages.of(o));
    }

    private static String orNotAvailable(JsonNode value) {
        return present(value) ? value.asText() : "N/A";
    }

    private static List<@Nullable Object> autoscaler(ObjectNode o, Ages ages) {
        JsonNode minimum = at(o, "spec", "minReplicas");
        return Arrays.asList(
                name(o),
                text(o, "spec", "scaleTargetRef", "kind")
                        + "/"
                        + text(o, "spec", "scaleTargetRef", "name"),
                AutoscalerMetrics.format(o),
                present(minimum) ? minimum.asText() : UNSET,
                number(o, "spec", "maxReplicas"),
                number(o, "status", "currentReplicas"),
                ages.of(o));
    }
}
