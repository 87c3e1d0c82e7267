package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.operation.LabelSelectors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of what keeps pods running: Deployments and their kin. */
final class WorkloadRules {

    private static final List<String> ALWAYS = List.of("Always");
    private static final List<String> FREE =
            List.of(
                    "replicas",
                    "ordinals",
                    "template",
                    "updateStrategy",
                    "revisionHistoryLimit",
                    "persistentVolumeClaimRetentionPolicy",
                    "minReadySeconds");

    private WorkloadRules() {}

    static void deployment(Check check, At spec) {
        check.nonNegative(spec.get("replicas"));
        selector(check, spec, "deployment");
        replicaTemplate(check, spec);
        strategy(check, spec.get("strategy"));
        check.nonNegative(spec.get("minReadySeconds"));
        check.nonNegative(spec.get("revisionHistoryLimit"));
        At deadline = spec.get("progressDeadlineSeconds");
        check.nonNegative(deadline);
        if (deadline.set() && deadline.number() <= spec.get("minReadySeconds").number()) {
            check.invalid(deadline, "must be greater than minReadySeconds");
        }
    }

    static void replicaSet(Check check, At spec) {
        check.nonNegative(spec.get("replicas"));
        check.nonNegative(spec.get("minReadySeconds"));
        selector(check, spec, "deployment");
        replicaTemplate(check, spec);
    }

    private static void selector(Check check, At spec, String kind) {
        At selector = spec.get("selector");
        if (!selector.set()) {
            check.required(selector, "");
            return;
        }
        check.selector(selector);
        if (isEmpty(selector)) {
            check.invalid(selector, "empty selector is invalid for " + kind);
        }
    }

    private static boolean isEmpty(At selector) {
        return selector.get("matchLabels").empty() && selector.get("matchExpressions").empty();
    }

    /** Whether a selector can be made of it: as the parser of requirements sees it. */
    static boolean isSelector(At selector) {
        Check probe = new Check();
        probe.selector(selector);
        return probe.errors().isEmpty();
    }

    private static void replicaTemplate(Check check, At spec) {
        At selector = spec.get("selector");
        if (!isSelector(selector)) {
            check.invalid(selector, "invalid label selector");
            return;
        }
        At template = spec.get("template");
        if (!selector.set() || !isEmpty(selector)) {
            matches(check, selector, template);
        }
        PodRules.template(check, template);
        running(check, template, "ReplicaSet");
    }

    /** Only what runs for ever. */
    private static void running(Check check, At template, String kind) {
        At policy = template.get("spec", "restartPolicy");
        if (!policy.is("Always")) {
            check.notSupported(policy, ALWAYS);
        }
        At deadline = template.get("spec", "activeDeadlineSeconds");
        if (deadline.set()) {
            check.forbidden(deadline, "activeDeadlineSeconds in " + kind + " is not Supported");
        }
    }

    static void matches(Check check, At selector, At template) {
        ObjectNode probe = JsonNodeFactory.instance.objectNode();
        probe.set("metadata", template.value().path("metadata"));
        if (!selector.set() || !LabelSelectors.of(selector.value()).matches(probe)) {
            check.invalid(
                    template.get("metadata", "labels"),
                    "`selector` does not match template `labels`");
        }
    }

    private static void strategy(Check check, At strategy) {
        At rolling = strategy.get("rollingUpdate");
        switch (strategy.get("type").text()) {
            case "Recreate" -> {
                if (rolling.set()) {
                    check.forbidden(
                            rolling, "may not be specified when strategy `type` is 'Recreate'");
                }
            }
            case "RollingUpdate" -> {
                At unavailable = rolling.get("maxUnavailable");
                At surge = rolling.get("maxSurge");
                check.amount(unavailable);
                check.amount(surge);
                if (Check.amountValue(unavailable) == 0 && Check.amountValue(surge) == 0) {
                    check.invalid(unavailable, "may not be 0 when `maxSurge` is 0");
                }
                check.atMost100Percent(unavailable);
            }
            default ->
                    check.notSupported(
                            strategy.path(),
                            InternalForm.of("apps.DeploymentStrategy", strategy.value()),
                            List.of("Recreate", "RollingUpdate"));
        }
    }

    static void daemonSet(Check check, At spec) {
        At selector = spec.get("selector");
        At template = spec.get("template");
        check.selector(selector);
        if (isSelector(selector)) {
            matches(check, selector, template);
        }
        if (selector.set() && isEmpty(selector)) {
            check.invalid(selector, "empty selector is invalid for daemonset");
        }
        PodRules.template(check, template);
        running(check, template, "DaemonSet");
        check.nonNegative(spec.get("minReadySeconds"));
        At strategy = spec.get("updateStrategy");
        switch (strategy.get("type").text()) {
            case "OnDelete" -> {}
            case "RollingUpdate" -> daemonRolling(check, strategy.get("rollingUpdate"));
            default ->
                    check.notSupported(
                            strategy.path(),
                            InternalForm.of("apps.DaemonSetUpdateStrategy", strategy.value()),
                            List.of("RollingUpdate", "OnDelete"));
        }
        check.nonNegative(spec.get("revisionHistoryLimit"));
    }

    private static void daemonRolling(Check check, At rolling) {
        At unavailable = rolling.get("maxUnavailable");
        At surge = rolling.get("maxSurge");
        check.amount(unavailable);
        check.amount(surge);
        check.atMost100Percent(unavailable);
        check.atMost100Percent(surge);
        boolean some = Check.amountValue(unavailable) != 0;
        boolean more = Check.amountValue(surge) != 0;
        if (some && more) {
            check.invalid(surge, "may not be set when maxUnavailable is non-zero");
        } else if (!some && !more) {
            check.required(unavailable, "cannot be 0 when maxSurge is 0");
        }
    }

    static void statefulSet(Check check, At spec, boolean create) {
        At management = spec.get("podManagementPolicy");
        if (check.requiredText(management, "") && !management.is("OrderedReady", "Parallel")) {
            check.invalidText(management, "must be 'OrderedReady' or 'Parallel'");
        }
        setStrategy(check, spec.get("updateStrategy"));
        for (String when : List.of("whenDeleted", "whenScaled")) {
            check.oneOf(
                    spec.get("persistentVolumeClaimRetentionPolicy", when),
                    List.of("Retain", "Delete"));
        }
        if (create) {
            for (At claim : spec.get("volumeClaimTemplates").items()) {
                StorageRules.claimSpec(check, claim.get("spec"));
            }
        }
        check.nonNegative(spec.get("replicas"));
        check.nonNegative(spec.get("minReadySeconds"));
        check.nonNegative(spec.get("ordinals", "start"));
        if (create && !spec.get("serviceName").blank()) {
            check.label1123(spec.get("serviceName"));
        }
        selector(check, spec, "statefulset");
        At selector = spec.get("selector");
        At template = spec.get("template");
        if (!isSelector(selector)) {
            check.invalid(selector, "");
        } else {
            if (!selector.set() || !isEmpty(selector)) {
                matches(check, selector, template);
            }
            At filled = withClaims(spec);
            PodRules.template(check, filled);
            check.labels(template.get("metadata", "labels").as(template.below("labels")));
        }
        running(check, template, "StatefulSet");
    }

    private static void setStrategy(Check check, At strategy) {
        At rolling = strategy.get("rollingUpdate");
        switch (strategy.get("type").text()) {
            case "" -> check.required(strategy, "");
            case "OnDelete" -> {
                if (rolling.set()) {
                    check.invalid(
                            rolling.path(),
                            InternalForm.of(
                                    "apps.RollingUpdateStatefulSetStrategy", rolling.value()),
                            "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            case "RollingUpdate" -> {
                check.nonNegative(rolling.get("partition"));
                At unavailable = rolling.get("maxUnavailable");
                if (unavailable.set()) {
                    check.amount(unavailable);
                    if (Check.amountValue(unavailable) == 0) {
                        check.invalid(unavailable, "cannot be 0");
                    }
                    check.atMost100Percent(unavailable);
                }
            }
            default ->
                    check.invalid(
                            strategy.path(),
                            InternalForm.of("apps.StatefulSetUpdateStrategy", strategy.value()),
                            "must be 'RollingUpdate' or 'OnDelete'");
        }
    }

    /** The template as its pods will be: claims are volumes that may be mounted. */
    private static At withClaims(At spec) {
        At template = spec.get("template");
        List<At> claims = spec.get("volumeClaimTemplates").items();
        if (!(template.value() instanceof ObjectNode) || claims.isEmpty()) {
            return template;
        }
        ObjectNode filled = template.value().deepCopy();
        if (!(filled.get("spec") instanceof ObjectNode podSpec)) {
            return template;
        }
        Set<String> names = new HashSet<>();
        ArrayNode volumes = podSpec.arrayNode();
        for (At claim : claims) {
            String name = claim.get("metadata", "name").text();
            names.add(name);
            ObjectNode volume = volumes.addObject().put("name", name);
            volume.putObject("persistentVolumeClaim").put("claimName", name);
        }
        for (JsonNode volume : podSpec.path("volumes")) {
            if (!names.contains(volume.path("name").asText())) {
                volumes.add(volume);
            }
        }
        podSpec.set("volumes", volumes);
        return new At(filled, template.path());
    }

    static void statefulSetUpdate(Check check, At object, At old) {
        statefulSet(check, object.get("spec"), false);
        ObjectNode now = object.value().path("spec").deepCopy();
        ObjectNode before = old.value().path("spec").deepCopy();
        now.remove(FREE);
        before.remove(FREE);
        if (!now.equals(before)) {
            check.forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                            + " 'template', 'updateStrategy', 'revisionHistoryLimit',"
                            + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are"
                            + " forbidden");
        }
    }

    static void controller(Check check, At spec) {
        check.nonNegative(spec.get("minReadySeconds"));
        At selector = spec.get("selector");
        if (selector.empty()) {
            check.required(selector, "");
        }
        check.nonNegative(spec.get("replicas"));
        At template = spec.get("template");
        if (!template.set()) {
            check.required(template, "");
            return;
        }
        JsonNode labels = template.value().path("metadata").path("labels");
        boolean matches =
                selector.value().properties().stream()
                        .allMatch(entry -> entry.getValue().equals(labels.get(entry.getKey())));
        if (!selector.empty() && !matches) {
            check.invalid(
                    template.get("metadata", "labels"),
                    "`selector` does not match template `labels`");
        }
        PodRules.template(check, template);
        running(check, template, "ReplicationController");
    }

    /** The counters of a status. */
    static void status(Check check, At status) {
        List<String> counters =
                List.of(
                        "observedGeneration",
                        "replicas",
                        "currentReplicas",
                        "fullyLabeledReplicas",
                        "updatedReplicas",
                        "readyReplicas",
                        "availableReplicas",
                        "unavailableReplicas",
                        "terminatingReplicas",
                        "collisionCount");
        counters.forEach(counter -> check.nonNegative(status.get(counter)));
        long replicas = status.get("replicas").number();
        for (String counter :
                List.of(
                        "fullyLabeledReplicas",
                        "updatedReplicas",
                        "readyReplicas",
                        "currentReplicas",
                        "availableReplicas")) {
            if (status.get(counter).number() > replicas) {
                check.invalid(status.get(counter), "cannot be greater than status.replicas");
            }
        }
        if (status.get("availableReplicas").number() > status.get("readyReplicas").number()) {
            check.invalid(status.get("availableReplicas"), "cannot be greater than readyReplicas");
        }
    }
}
