package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.IntOrPercent;
import dev.meshdojo.simulator.controller.object.Meta;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arithmetic of rollouts. Source: Kubernetes' {@code deployment/util}. */
final class Deployments {

    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";
    static final String HASH_LABEL = "pod-template-hash";

    private Deployments() {}

    static int replicas(JsonNode object) {
        return Fields.number(1, object, "spec", "replicas");
    }

    static int available(JsonNode set) {
        return Fields.number(set, "status", "availableReplicas");
    }

    static boolean recreate(ObjectNode deployment) {
        return Fields.text(deployment, "spec", "strategy", "type").equals("Recreate");
    }

    static boolean paused(ObjectNode deployment) {
        return Fields.flag(deployment, "spec", "paused");
    }

    static boolean hasDeadline(ObjectNode deployment) {
        int seconds = Fields.number(600, deployment, "spec", "progressDeadlineSeconds");
        return seconds != Integer.MAX_VALUE;
    }

    static int maxSurge(ObjectNode deployment) {
        if (recreate(deployment)) {
            return 0;
        }
        return IntOrPercent.up(rolling(deployment, "maxSurge"), replicas(deployment));
    }

    static int maxUnavailable(ObjectNode deployment) {
        int wanted = replicas(deployment);
        if (recreate(deployment) || wanted == 0) {
            return 0;
        }
        int most = IntOrPercent.down(rolling(deployment, "maxUnavailable"), wanted);
        if (most == 0 && maxSurge(deployment) == 0) {
            most = 1;
        }
        return Math.min(most, wanted);
    }

    private static JsonNode rolling(ObjectNode deployment, String field) {
        JsonNode value = Fields.at(deployment, "spec", "strategy", "rollingUpdate", field);
        return value.isMissingNode() ? TextNode.valueOf("25%") : value;
    }

    static int sumSpec(List<ObjectNode> sets) {
        return sets.stream().mapToInt(Deployments::replicas).sum();
    }

    static int sumStatus(List<ObjectNode> sets, String field) {
        return sets.stream().mapToInt(set -> Fields.number(set, "status", field)).sum();
    }

    static List<ObjectNode> active(List<ObjectNode> sets) {
        return sets.stream().filter(set -> replicas(set) > 0).toList();
    }

    static long revision(JsonNode object) {
        try {
            return Long.parseLong(Meta.annotation(object, REVISION));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static Comparator<ObjectNode> byRevision() {
        return Comparator.<ObjectNode>comparingLong(Deployments::revision)
                .thenComparing(Meta.BY_AGE);
    }

    /** The set whose template is the deployment's, oldest first; null when there is none. */
    static @Nullable ObjectNode newest(ObjectNode deployment, List<ObjectNode> sets) {
        JsonNode template = Fields.at(deployment, "spec", "template");
        return sets.stream()
                .sorted(Meta.BY_AGE)
                .filter(set -> sameTemplate(Fields.at(set, "spec", "template"), template))
                .findFirst()
                .orElse(null);
    }

    private static boolean sameTemplate(JsonNode ofSet, JsonNode ofDeployment) {
        return Fields.same(withoutHash(ofSet), withoutHash(ofDeployment));
    }

    private static JsonNode withoutHash(JsonNode template) {
        if (!(template instanceof ObjectNode)) {
            return template;
        }
        ObjectNode copy = template.deepCopy();
        ObjectNode metadata = Fields.child(copy, "metadata");
        metadata.remove("creationTimestamp");
        Fields.child(metadata, "labels").remove(HASH_LABEL);
        return copy;
    }

    /** How large the new set may be now. */
    static int newSetSize(ObjectNode deployment, List<ObjectNode> all, int current) {
        int wanted = replicas(deployment);
        if (recreate(deployment)) {
            return wanted;
        }
        int room = wanted + maxSurge(deployment) - sumSpec(all);
        return room <= 0 ? current : current + Math.min(room, wanted - current);
    }

    static boolean complete(ObjectNode deployment, ObjectNode status) {
        int wanted = replicas(deployment);
        return Fields.number(status, "updatedReplicas") == wanted
                && Fields.number(status, "replicas") == wanted
                && Fields.number(status, "availableReplicas") == wanted
                && Fields.at(status, "observedGeneration").asLong() >= Meta.generation(deployment);
    }

    static boolean progressing(ObjectNode deployment, ObjectNode status) {
        JsonNode old = Fields.at(deployment, "status");
        return grew(status, old, "updatedReplicas")
                || outdated(status) < outdated(old)
                || grew(status, old, "readyReplicas")
                || grew(status, old, "availableReplicas");
    }

    private static boolean grew(JsonNode now, JsonNode before, String field) {
        return Fields.number(now, field) > Fields.number(before, field);
    }

    private static int outdated(JsonNode status) {
        return Fields.number(status, "replicas") - Fields.number(status, "updatedReplicas");
    }

    static boolean timedOut(ObjectNode deployment, ObjectNode status, Instant now) {
        JsonNode condition = Conditions.in(status, "Progressing");
        String reason = Fields.text(condition, "reason");
        if (!condition.isObject() || reason.equals("NewReplicaSetAvailable")) {
            return false;
        }
        if (reason.equals("ProgressDeadlineExceeded")) {
            return true;
        }
        return deadline(deployment, condition).isBefore(now);
    }

    static Instant deadline(ObjectNode deployment, JsonNode condition) {
        return Meta.instant(Fields.text(condition, "lastUpdateTime"))
                .plusSeconds(Fields.number(600, deployment, "spec", "progressDeadlineSeconds"));
    }

    /** Sets a condition unless status and reason stay; with both of its times. */
    static void setCondition(
            ObjectNode status,
            String type,
            String value,
            String reason,
            String message,
            Instant now) {
        JsonNode old = Conditions.in(status, type);
        boolean sameStatus = Fields.text(old, "status").equals(value);
        if (sameStatus && Fields.text(old, "reason").equals(reason)) {
            return;
        }
        String since = sameStatus ? Fields.text(old, "lastTransitionTime") : Meta.time(now);
        Conditions.remove(status, type);
        Fields.list(status, "conditions")
                .addObject()
                .put("type", type)
                .put("status", value)
                .put("lastUpdateTime", Meta.time(now))
                .put("lastTransitionTime", since)
                .put("reason", reason)
                .put("message", message);
    }
}
