package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.builtin.CronText;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import dev.meshdojo.simulator.apiserver.operation.LabelSelectors;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of Jobs and CronJobs. */
final class JobRules {

    private static final List<String> COUNTS =
            List.of(
                    "parallelism",
                    "completions",
                    "activeDeadlineSeconds",
                    "backoffLimit",
                    "ttlSecondsAfterFinished",
                    "backoffLimitPerIndex",
                    "maxFailedIndexes");
    private static final String INDEXED = "requires indexed completion mode";
    private static final String CONTROLLER = "batch.kubernetes.io/controller-uid";
    private static final String NAME = "batch.kubernetes.io/job-name";
    private static final List<String> ACTIONS = List.of("Count", "FailIndex", "FailJob", "Ignore");

    private JobRules() {}

    static void job(Check check, At job) {
        generatedSelector(check, job);
        At spec = job.get("spec");
        jobSpec(check, spec);
        At mode = spec.get("completionMode");
        At completions = spec.get("completions");
        if (mode.is("Indexed") && completions.number() > 0) {
            String host = job.get("metadata", "name").text() + "-" + (completions.number() - 1);
            if (!Names.label(host, false).isEmpty()) {
                check.invalidText(
                        job.get("metadata", "name"),
                        "will not able to create pod with invalid DNS label: " + host);
            }
        }
    }

    private static void generatedSelector(Check check, At job) {
        At spec = job.get("spec");
        At selector = spec.get("selector");
        if (spec.get("manualSelector").isTrue() || !selector.set()) {
            return;
        }
        String uid = job.get("metadata", "uid").text();
        String name = job.get("metadata", "name").text();
        ObjectNode expected = JsonNodeFactory.instance.objectNode();
        expected.put("controller-uid", uid).put("job-name", name);
        expected.put(CONTROLLER, uid).put(NAME, name);
        At labels = spec.get("template", "metadata", "labels");
        for (String key : List.of("controller-uid", "job-name", CONTROLLER, NAME)) {
            At label = labels.key(key);
            String wanted = expected.path(key).asText();
            if (!label.set()) {
                check.required(label, "must be '" + wanted + "'");
            } else if (!label.is(wanted)) {
                check.invalid(label.path(), labels.value(), "must be '" + wanted + "'");
            }
        }
        ObjectNode probe = expected.objectNode();
        probe.putObject("metadata").set("labels", expected);
        if (WorkloadRules.isSelector(selector)
                && !LabelSelectors.of(selector.value()).matches(probe)) {
            check.invalid(selector, "`selector` not auto-generated");
        }
    }

    private static void jobSpec(Check check, At spec) {
        plain(check, spec);
        At selector = spec.get("selector");
        if (!selector.set()) {
            check.required(selector, "");
        } else {
            check.selector(selector);
        }
        if (WorkloadRules.isSelector(selector)) {
            WorkloadRules.matches(check, selector, spec.get("template"));
        }
    }

    private static void plain(Check check, At spec) {
        COUNTS.forEach(count -> check.nonNegative(spec.get(count)));
        At perIndex = spec.get("backoffLimitPerIndex");
        At failed = spec.get("maxFailedIndexes");
        if (failed.set() && !perIndex.set()) {
            check.required(perIndex, "when maxFailedIndexes is specified");
        }
        if (spec.get("managedBy").set()) {
            check.domainPrefixedPath(spec.get("managedBy"));
        }
        mode(check, spec);
        At indexed = spec.get("completionMode");
        if (!indexed.set() || indexed.is("NonIndexed")) {
            for (At at : List.of(perIndex, failed)) {
                if (at.set()) {
                    check.invalid(at, INDEXED);
                }
            }
        }
        At policy = spec.get("podFailurePolicy");
        if (policy.set()) {
            failurePolicy(check, policy, spec);
        }
        if (spec.get("successPolicy").set() && !spec.get("completionMode").is("Indexed")) {
            check.invalid(
                    spec.get("successPolicy").path(),
                    InternalForm.of("batch.SuccessPolicy", spec.get("successPolicy").value()),
                    INDEXED);
        } else if (spec.get("successPolicy").set()) {
            SuccessPolicyRules.validate(
                    check, spec.get("successPolicy"), spec.get("completions").number());
        }
        check.oneOf(
                spec.get("podReplacementPolicy"),
                policy.set() ? List.of("Failed") : List.of("Failed", "TerminatingOrFailed"));
        At template = spec.get("template");
        PodRules.template(check, template);
        At restart = template.get("spec", "restartPolicy");
        if (restart.is("Always", "")) {
            check.required(restart, "valid values: \"OnFailure\", \"Never\"");
        } else if (!restart.is("OnFailure", "Never")) {
            check.notSupported(restart, List.of("OnFailure", "Never"));
        } else if (policy.set() && !restart.is("Never")) {
            check.invalidText(
                    restart, "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }

    private static void mode(Check check, At spec) {
        At mode = spec.get("completionMode");
        check.oneOf(mode, List.of("NonIndexed", "Indexed"));
        if (!mode.is("Indexed")) {
            return;
        }
        At completions = spec.get("completions");
        At failed = spec.get("maxFailedIndexes");
        if (!completions.set()) {
            check.required(completions, "when completion mode is Indexed");
        }
        if (spec.get("parallelism").number() > 100_000) {
            check.invalid(
                    spec.get("parallelism"),
                    "must be less than or equal to 100000 when completion mode is Indexed");
        }
        if (completions.set() && failed.number() > completions.number()) {
            check.invalid(failed, "must be less than or equal to completions");
        }
        if (failed.number() > 100_000) {
            check.invalid(failed, "must be less than or equal to 100000");
        }
    }

    private static void failurePolicy(Check check, At policy, At spec) {
        Set<String> containers = new HashSet<>();
        for (String list : List.of("containers", "initContainers")) {
            spec.get("template", "spec", list)
                    .items()
                    .forEach(container -> containers.add(container.get("name").text()));
        }
        for (At rule : policy.get("rules").items()) {
            At action = rule.get("action");
            if (action.blank()) {
                check.required(
                        action, "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
            } else if (action.is("FailIndex")) {
                if (!spec.get("backoffLimitPerIndex").set()) {
                    check.invalidText(action, "requires the backoffLimitPerIndex to be set");
                }
            } else if (!ACTIONS.contains(action.text())) {
                check.notSupported(action, ACTIONS);
            }
            At codes = rule.get("onExitCodes");
            At conditions = rule.get("onPodConditions");
            if (codes.set()) {
                exitCodes(check, codes, containers);
            }
            for (At condition : conditions.items()) {
                check.qualified(condition.get("type"));
                At status = condition.get("status");
                if (status.blank()) {
                    check.required(status, "valid values: [\"False\" \"True\" \"Unknown\"]");
                } else {
                    check.oneOf(status, List.of("False", "True", "Unknown"));
                }
            }
            if (codes.set() != conditions.empty()) {
                check.invalidOmitted(
                        rule.path(),
                        codes.set()
                                ? "specifying both OnExitCodes and OnPodConditions is not"
                                        + " supported"
                                : "specifying one of OnExitCodes and OnPodConditions is required");
            }
        }
    }

    private static void exitCodes(Check check, At codes, Set<String> containers) {
        At operator = codes.get("operator");
        if (operator.blank()) {
            check.required(operator, "valid values: [\"In\" \"NotIn\"]");
        } else {
            check.oneOf(operator, List.of("In", "NotIn"));
        }
        At container = codes.get("containerName");
        if (container.set() && !containers.contains(container.text())) {
            check.invalidText(
                    container,
                    "must be one of the container or initContainer names in the pod template");
        }
        At values = codes.get("values");
        if (values.empty()) {
            check.invalid(values, "at least one value is required");
        }
        Set<Long> seen = new HashSet<>();
        long last = Long.MIN_VALUE;
        boolean ordered = true;
        for (At value : values.items()) {
            if (operator.is("In") && value.number() == 0) {
                check.invalid(value, "must not be 0 for the In operator");
            }
            if (!seen.add(value.number())) {
                check.duplicate(value);
            }
            ordered &= last <= value.number();
            last = value.number();
        }
        if (!ordered) {
            check.invalid(values, "must be ordered");
        }
    }

    static void update(Check check, At job, At old) {
        At spec = job.get("spec");
        At before = old.get("spec");
        generatedSelector(check, job);
        jobSpec(check, spec);
        At completions = spec.get("completions");
        if (!spec.get("completionMode").is("Indexed")) {
            check.immutable(completions, before.get("completions"));
        } else if (completions.set()
                && !Check.same(completions.value(), before.get("completions").value())
                && completions.number() != spec.get("parallelism").number()) {
            check.invalid(completions, "can only be modified in tandem with spec.parallelism");
        }
        check.immutable(spec.get("selector"), before.get("selector"));
        template(check, spec.get("template"), before.get("template"), before);
        check.immutable(spec.get("completionMode"), before.get("completionMode"));
        check.immutable(
                spec.get("podFailurePolicy"),
                before.get("podFailurePolicy"),
                InternalForm.of("batch.PodFailurePolicy", spec.get("podFailurePolicy").value()));
        check.immutable(spec.get("backoffLimitPerIndex"), before.get("backoffLimitPerIndex"));
        check.immutable(spec.get("managedBy"), before.get("managedBy"));
        check.immutable(
                spec.get("successPolicy"),
                before.get("successPolicy"),
                InternalForm.of("batch.SuccessPolicy", spec.get("successPolicy").value()));
    }

    /** A job that is suspended and has not started may be told where to run. */
    private static void template(Check check, At now, At old, At before) {
        JsonNode then = old.value();
        if (before.get("suspend").isTrue() && now.value() instanceof ObjectNode current) {
            ObjectNode moved = then.deepCopy();
            copy(
                    current.path("metadata"),
                    moved.path("metadata"),
                    List.of("annotations", "labels"));
            copy(
                    current.path("spec"),
                    moved.path("spec"),
                    List.of("nodeSelector", "tolerations", "schedulingGates", "affinity"));
            then = moved;
        }
        if (!Check.same(now.value(), then)) {
            check.invalid(
                    now.path(),
                    InternalForm.of("core.PodTemplateSpec", now.value()),
                    Check.IMMUTABLE);
        }
    }

    private static void copy(JsonNode from, JsonNode to, List<String> fields) {
        if (to instanceof ObjectNode target) {
            for (String field : fields) {
                if (from.has(field)) {
                    target.set(field, from.path(field));
                } else {
                    target.remove(field);
                }
            }
        }
    }

    static void cronJob(Check check, At job, At old) {
        At spec = job.get("spec");
        At schedule = spec.get("schedule");
        boolean zoned = old.get("spec", "schedule").text().contains("TZ");
        if (check.requiredText(schedule, "")) {
            String problem = CronText.problem(schedule.text());
            if (problem != null) {
                check.invalidText(schedule, problem);
            }
            if (schedule.text().contains("TZ") && !zoned) {
                check.invalidText(
                        schedule,
                        "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            } else if (schedule.text().contains("TZ") && spec.get("timeZone").set()) {
                check.invalidText(
                        schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
            }
        }
        check.nonNegative(spec.get("startingDeadlineSeconds"));
        At zone = spec.get("timeZone");
        if (!Check.same(zone.value(), old.get("spec", "timeZone").value())) {
            zone(check, zone);
        }
        check.requiredOneOf(spec.get("concurrencyPolicy"), List.of("Allow", "Forbid", "Replace"));
        At template = spec.get("jobTemplate", "spec");
        plain(check, template);
        if (template.get("selector").set()) {
            check.invalid(template.get("selector"), "`selector` will be auto-generated");
        }
        if (template.get("manualSelector").isTrue()) {
            check.notSupported(
                    template.get("manualSelector").path(),
                    template.get("manualSelector").value(),
                    List.of("nil", "false"));
        }
        check.nonNegative(spec.get("successfulJobsHistoryLimit"));
        check.nonNegative(spec.get("failedJobsHistoryLimit"));
        At name = job.get("metadata", "name");
        if (!old.set() && name.text().length() > 52) {
            check.invalidText(name, "must be no more than 52 characters");
        }
    }

    private static void zone(Check check, At zone) {
        if (!zone.set()) {
            return;
        }
        String text = zone.text();
        if (text.isEmpty()) {
            check.invalidText(zone, "timeZone must be nil or non-empty string");
            return;
        }
        if (text.equalsIgnoreCase("local")) {
            check.invalidText(
                    zone,
                    "timeZone must be an explicit time zone as defined in"
                            + " https://www.iana.org/time-zones");
        }
        boolean known = false;
        try {
            known = ZoneId.getAvailableZoneIds().contains(ZoneId.of(text).getId());
        } catch (DateTimeException _) {
            known = false;
        }
        if (!known && !text.equalsIgnoreCase("local")) {
            check.invalidText(zone, "unknown time zone " + text);
        }
    }
}
