package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A Job's {@code podFailurePolicy}. Source: Kubernetes' {@code job/pod_failure_policy.go}. */
final class PodFailurePolicy {

    private PodFailurePolicy() {}

    /** What becomes of a failed pod. */
    enum Action {
        COUNT,
        IGNORE,
        FAIL_INDEX,
        FAIL_JOB
    }

    /**
     * The first rule's answer.
     *
     * @param message why the job fails; empty unless it does
     */
    record Match(Action action, String message) {

        private static final Match NONE = new Match(Action.COUNT, "");

        /** Whether the failure counts towards the job's limits. */
        boolean counts() {
            return action != Action.IGNORE;
        }
    }

    /** What the policy of a job says about a failed pod; without one, failures count. */
    static Match match(ObjectNode job, ObjectNode pod) {
        int number = 0;
        for (JsonNode rule : Fields.at(job, "spec", "podFailurePolicy", "rules")) {
            String what = matched(rule, pod);
            if (what != null) {
                return verdict(rule, what, number);
            }
            number++;
        }
        return Match.NONE;
    }

    private static Match verdict(JsonNode rule, String what, int number) {
        String action = Fields.text(rule, "action");
        return switch (action) {
            case "Ignore" -> new Match(Action.IGNORE, "");
            case "FailIndex" -> new Match(Action.FAIL_INDEX, "");
            case "FailJob" ->
                    new Match(Action.FAIL_JOB, what + " matching FailJob rule at index " + number);
            default -> Match.NONE;
        };
    }

    private static @Nullable String matched(JsonNode rule, ObjectNode pod) {
        JsonNode codes = rule.path("onExitCodes");
        if (codes.isObject()) {
            for (String field : new String[] {"containerStatuses", "initContainerStatuses"}) {
                for (JsonNode status : Fields.at(pod, "status", field)) {
                    if (exited(status, codes)) {
                        return "Container %s for pod %s/%s failed with exit code %d"
                                .formatted(
                                        Fields.text(status, "name"),
                                        Meta.namespace(pod),
                                        Meta.name(pod),
                                        Fields.number(status, "state", "terminated", "exitCode"));
                    }
                }
            }
            return null;
        }
        for (JsonNode condition : Fields.at(pod, "status", "conditions")) {
            for (JsonNode pattern : rule.path("onPodConditions")) {
                String type = Fields.text(condition, "type");
                if (type.equals(Fields.text(pattern, "type"))
                        && Fields.text(condition, "status")
                                .equals(Fields.text(pattern, "status"))) {
                    return "Pod %s/%s has condition %s"
                            .formatted(Meta.namespace(pod), Meta.name(pod), type);
                }
            }
        }
        return null;
    }

    private static boolean exited(JsonNode status, JsonNode codes) {
        String container = Fields.text(codes, "containerName");
        int code = Fields.number(status, "state", "terminated", "exitCode");
        if (code == 0 || !(container.isEmpty() || container.equals(Fields.text(status, "name")))) {
            return false;
        }
        Set<Integer> values = new TreeSet<>();
        codes.path("values").forEach(value -> values.add(value.asInt()));
        return values.contains(code) == Fields.text(codes, "operator").equals("In");
    }
}
