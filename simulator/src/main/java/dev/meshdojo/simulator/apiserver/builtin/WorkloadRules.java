package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.operation.LabelSelectors;
import java.util.List;

/** What Kubernetes demands of Deployments and their kin. */
final class WorkloadRules {

    private WorkloadRules() {}

    static void validate(Check check, ObjectNode object, String kind) {
        JsonNode spec = object.path("spec");
        switch (kind) {
            case "Job" -> job(check, spec, "spec");
            case "CronJob" -> cronJob(check, object, spec);
            case "ReplicationController" -> controller(check, spec);
            default -> workload(check, spec, kind);
        }
    }

    private static void workload(Check check, JsonNode spec, String kind) {
        check.nonNegative("spec.replicas", spec.path("replicas"));
        JsonNode selector = spec.path("selector");
        boolean none = selector.isMissingNode() || selector.isNull();
        if (none) {
            check.required("spec.selector", "");
        } else {
            check.selector("spec.selector", selector);
            if (selector.isEmpty()) {
                check.invalid(
                        "spec.selector",
                        selector,
                        kind.equals("Deployment")
                                ? "empty selector is invalid for deployment"
                                : "empty selector is invalid for " + Check.lower(kind));
            }
        }
        JsonNode template = spec.path("template");
        labelsMatch(check, selector, template, none);
        template(check, template, "spec.template");
        if (!template.path("spec").path("restartPolicy").asText("Always").equals("Always")
                && List.of("OnFailure", "Never")
                        .contains(template.path("spec").path("restartPolicy").asText())) {
            check.add(
                    FieldError.notSupported(
                            "spec.template.spec.restartPolicy",
                            template.path("spec").path("restartPolicy"),
                            List.of("Always")));
        }
        if (!template.path("spec").path("activeDeadlineSeconds").isMissingNode()) {
            check.forbidden(
                    "spec.template.spec.activeDeadlineSeconds",
                    "activeDeadlineSeconds in " + kind + " is not Supported");
        }
        check.nonNegative("spec.minReadySeconds", spec.path("minReadySeconds"));
        check.nonNegative("spec.revisionHistoryLimit", spec.path("revisionHistoryLimit"));
        if (kind.equals("Deployment")) {
            strategy(check, spec.path("strategy"));
            JsonNode deadline = spec.path("progressDeadlineSeconds");
            check.nonNegative("spec.progressDeadlineSeconds", deadline);
            if (deadline.isNumber()
                    && deadline.asLong() <= spec.path("minReadySeconds").asLong(0)) {
                check.invalid(
                        "spec.progressDeadlineSeconds",
                        deadline,
                        "must be greater than minReadySeconds");
            }
        }
    }

    private static void labelsMatch(
            Check check, JsonNode selector, JsonNode template, boolean none) {
        ObjectNode probe =
                com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        probe.set("metadata", template.path("metadata"));
        boolean matches = !none && LabelSelectors.of(selector).matches(probe);
        if (!matches) {
            JsonNode labels = template.path("metadata").path("labels");
            check.invalid(
                    "spec.template.metadata.labels",
                    labels,
                    "`selector` does not match template `labels`");
        }
    }

    private static void strategy(Check check, JsonNode strategy) {
        String type = strategy.path("type").asText();
        switch (type) {
            case "Recreate" -> {
                if (strategy.path("rollingUpdate").isObject()) {
                    check.forbidden(
                            "spec.strategy.rollingUpdate",
                            "may not be specified when strategy `type` is 'Recreate'");
                }
            }
            case "RollingUpdate" -> {
                JsonNode rolling = strategy.path("rollingUpdate");
                for (String field : List.of("maxUnavailable", "maxSurge")) {
                    amount(check, "spec.strategy.rollingUpdate." + field, rolling.path(field));
                }
                if (isZero(rolling.path("maxUnavailable")) && isZero(rolling.path("maxSurge"))) {
                    check.invalid(
                            "spec.strategy.rollingUpdate.maxUnavailable",
                            rolling.path("maxUnavailable"),
                            "may not be 0 when `maxSurge` is 0");
                }
            }
            default ->
                    check.add(
                            FieldError.notSupported(
                                    "spec.strategy.type",
                                    strategy.path("type"),
                                    List.of("Recreate", "RollingUpdate")));
        }
    }

    private static boolean isZero(JsonNode value) {
        return value.isNumber() ? value.asInt() == 0 : value.asText().equals("0%");
    }

    static void amount(Check check, String field, JsonNode value) {
        if (value.isTextual()) {
            if (!value.asText().matches("[0-9]+%")) {
                check.invalid(
                        field,
                        value,
                        "a valid percent string must be a numeric string followed by an ending '%'"
                                + " (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
            }
        } else {
            check.nonNegative(field, value);
        }
    }

    static void template(Check check, JsonNode template, String path) {
        template.path("metadata")
                .path("labels")
                .properties()
                .forEach(
                        label -> {
                            check.names(
                                    path + ".labels",
                                    label.getKey(),
                                    Names.qualified(label.getKey()));
                            check.names(
                                    path + ".labels",
                                    label.getValue().asText(),
                                    Names.labelValue(label.getValue().asText()));
                        });
        PodRules.validate(check, template.path("spec"), path + ".spec");
    }

    private static void controller(Check check, JsonNode spec) {
        check.nonNegative("spec.replicas", spec.path("replicas"));
        JsonNode selector = spec.path("selector");
        if (selector.isEmpty()) {
            check.required("spec.selector", "");
        } else {
            JsonNode labels = spec.path("template").path("metadata").path("labels");
            boolean matches =
                    selector.properties().stream()
                            .allMatch(entry -> entry.getValue().equals(labels.get(entry.getKey())));
            if (!matches) {
                check.invalid(
                        "spec.template.metadata.labels",
                        labels,
                        "`selector` does not match template `labels`");
            }
        }
        template(check, spec.path("template"), "spec.template");
    }

    private static void job(Check check, JsonNode spec, String path) {
        for (String field :
                List.of(
                        "parallelism",
                        "completions",
                        "activeDeadlineSeconds",
                        "backoffLimit",
                        "ttlSecondsAfterFinished")) {
            check.nonNegative(path + "." + field, spec.path(field));
        }
        check.oneOf(
                path + ".completionMode",
                spec.path("completionMode"),
                List.of("Indexed", "NonIndexed"));
        JsonNode template = spec.path("template");
        template(check, template, path + ".template");
        JsonNode policy = template.path("spec").path("restartPolicy");
        String field = path + ".template.spec.restartPolicy";
        if (policy.asText().equals("Always")) {
            check.required(field, "valid values: \"OnFailure\", \"Never\"");
        } else if (!List.of("OnFailure", "Never").contains(policy.asText())) {
            check.add(FieldError.notSupported(field, policy, List.of("Never", "OnFailure")));
        }
    }

    private static void cronJob(Check check, ObjectNode object, JsonNode spec) {
        String schedule = spec.path("schedule").asText("");
        if (schedule.isEmpty()) {
            check.required("spec.schedule", "");
        } else {
            String problem = CronText.problem(schedule);
            if (problem != null) {
                check.invalid("spec.schedule", spec.path("schedule"), problem);
            }
        }
        check.nonNegative("spec.startingDeadlineSeconds", spec.path("startingDeadlineSeconds"));
        check.oneOf(
                "spec.concurrencyPolicy",
                spec.path("concurrencyPolicy"),
                List.of("Allow", "Forbid", "Replace"));
        job(check, spec.path("jobTemplate").path("spec"), "spec.jobTemplate.spec");
        check.nonNegative(
                "spec.successfulJobsHistoryLimit", spec.path("successfulJobsHistoryLimit"));
        check.nonNegative("spec.failedJobsHistoryLimit", spec.path("failedJobsHistoryLimit"));
        if (object.path("metadata").path("name").asText().length() > 52) {
            check.invalid(
                    "metadata.name",
                    object.path("metadata").path("name"),
                    "must be no more than 52 characters");
        }
    }

    static void validateUpdate(Check check, ObjectNode object, ObjectNode old, String kind) {
        JsonNode spec = object.path("spec");
        JsonNode before = old.path("spec");
        if (kind.equals("StatefulSet")) {
            validate(check, object, kind);
            ObjectNode left = spec.deepCopy();
            ObjectNode right = before.deepCopy();
            for (ObjectNode each : List.of(left, right)) {
                each.remove(
                        List.of(
                                "replicas",
                                "ordinals",
                                "template",
                                "updateStrategy",
                                "revisionHistoryLimit",
                                "persistentVolumeClaimRetentionPolicy",
                                "minReadySeconds"));
            }
            if (!left.equals(right)) {
                check.forbidden(
                        "spec",
                        "updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                                + " 'template', 'updateStrategy', 'revisionHistoryLimit',"
                                + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are"
                                + " forbidden");
            }
            return;
        }
        if (kind.equals("Job")) {
            validate(check, object, kind);
            boolean elastic = spec.path("completionMode").asText().equals("Indexed");
            if (!elastic || spec.path("completions").isMissingNode()) {
                check.immutable(
                        "spec.completions", spec.path("completions"), before.path("completions"));
            }
            check.immutable("spec.selector", spec.path("selector"), before.path("selector"));
            check.immutable("spec.template", spec.path("template"), before.path("template"));
            check.immutable(
                    "spec.completionMode",
                    spec.path("completionMode"),
                    before.path("completionMode"));
            return;
        }
        if (kind.equals("Deployment") || kind.equals("ReplicaSet") || kind.equals("DaemonSet")) {
            Check fresh = new Check();
            validate(fresh, object, kind);
            boolean moved = !spec.path("selector").equals(before.path("selector"));
            fresh.errors().forEach(check::add);
            if (moved) {
                check.immutable("spec.selector", spec.path("selector"), before.path("selector"));
            }
            return;
        }
        validate(check, object, kind);
    }
}
