package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of pods, of pod templates and of changes to pods. */
final class PodRules {

    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final String UPDATE_RULE =
            "pod updates may not change fields other than"
                    + " `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
                    + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1"
                    + " if it was previously negative)";

    private PodRules() {}

    static void create(Check check, At pod) {
        any(check, pod);
        At spec = pod.get("spec");
        if (!spec.get("ephemeralContainers").empty()) {
            check.forbidden(spec.get("ephemeralContainers"), "cannot be set on create");
        }
        if (!spec.get("nodeName").blank() && !spec.get("schedulingGates").empty()) {
            check.forbidden(
                    spec.get("nodeName"),
                    "cannot be set until all schedulingGates have been cleared");
        }
    }

    private static void any(Check check, At pod) {
        annotations(check, pod.get("metadata", "annotations"));
        At spec = pod.get("spec");
        PodSpecRules.validate(check, spec, pod.value().path("metadata"));
        if (spec.get("serviceAccountName").blank()) {
            for (At volume : spec.get("volumes").items()) {
                for (At source : volume.get("projected", "sources").items()) {
                    if (source.get("serviceAccountToken").set()) {
                        check.forbidden(
                                source.get("serviceAccountToken"),
                                "must not be specified when serviceAccountName is not set");
                    }
                }
            }
        }
        spec.get("containers").items().forEach(each -> ContainerRules.whitespace(check, each));
        spec.get("initContainers").items().forEach(each -> ContainerRules.whitespace(check, each));
    }

    private static void annotations(Check check, At annotations) {
        At cost = annotations.key(DELETION_COST);
        if (cost.set() && !cost.text().matches("-?(0|[1-9][0-9]{0,9})")) {
            check.invalidText(cost, "must be a 32bit integer");
        }
    }

    /** A template: its metadata's rules and those of its spec. */
    static void template(Check check, At template) {
        At metadata = template.get("metadata");
        check.labels(metadata.get("labels").as(template.below("labels")));
        check.annotations(metadata.get("annotations").as(template.below("annotations")));
        annotations(check, metadata.get("annotations").as(template.below("annotations")));
        PodSpecRules.validate(check, template.get("spec"), MissingNode.getInstance());
        if (!template.get("spec", "ephemeralContainers").empty()) {
            check.forbidden(
                    template.get("spec", "ephemeralContainers"),
                    "ephemeral containers not allowed in pod template");
        }
    }

    /** A change of a pod. */
    static void update(Check check, At pod, At old) {
        any(check, pod);
        At now = pod.get("spec");
        At before = old.get("spec");
        if (!sameContainers(check, now.get("containers"), before.get("containers"))
                || !sameContainers(
                        check, now.get("initContainers"), before.get("initContainers"))) {
            return;
        }
        At deadline = now.get("activeDeadlineSeconds");
        At oldDeadline = before.get("activeDeadlineSeconds");
        if (deadline.set()) {
            if (deadline.number() < 0 || deadline.number() > Integer.MAX_VALUE) {
                check.range(deadline, 0, Integer.MAX_VALUE);
                return;
            }
            if (oldDeadline.set() && oldDeadline.number() < deadline.number()) {
                check.invalid(deadline, "must be less than or equal to previous value");
                return;
            }
        } else if (oldDeadline.set()) {
            check.invalid(deadline, "must not update from a positive integer to nil value");
        }
        tolerations(check, now.get("tolerations"), before.get("tolerations"));
        gates(check, now.get("schedulingGates"), before.get("schedulingGates"));
        if (!Check.same(now.value(), before.value())) {
            spec(check, now, before);
        }
    }

    private static boolean sameContainers(Check check, At now, At before) {
        if (now.value().size() != before.value().size()) {
            check.forbidden(now, "pod updates may not add or remove containers");
            return false;
        }
        for (At container : now.items()) {
            check.requiredText(container.get("image"), "");
            ContainerRules.whitespace(check, container);
        }
        return true;
    }

    private static void tolerations(Check check, At now, At before) {
        for (At old : before.items()) {
            boolean found = false;
            for (At each : now.items()) {
                found |= withoutSeconds(each.value()).equals(withoutSeconds(old.value()));
            }
            if (!found) {
                check.forbidden(
                        now,
                        "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
        SchedulingRules.tolerations(check, now);
    }

    private static JsonNode withoutSeconds(JsonNode toleration) {
        ObjectNode copy = toleration.deepCopy();
        copy.remove("tolerationSeconds");
        return copy;
    }

    private static void gates(Check check, At now, At before) {
        Set<String> known = new HashSet<>();
        before.items().forEach(gate -> known.add(gate.get("name").text()));
        for (At gate : now.items()) {
            if (!known.contains(gate.get("name").text())) {
                check.forbidden(
                        gate.get("name"),
                        "only deletion is allowed, but found new scheduling gate '"
                                + gate.get("name").text()
                                + "'");
            }
        }
    }

    private static void spec(Check check, At now, At before) {
        ObjectNode munged = now.value().deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            for (int i = 0; i < munged.path(list).size(); i++) {
                ((ObjectNode) munged.path(list).path(i))
                        .set("image", before.value().path(list).path(i).path("image"));
            }
        }
        for (String field : List.of("activeDeadlineSeconds", "schedulingGates", "tolerations")) {
            copy(before.value(), munged, field);
        }
        String grace = "terminationGracePeriodSeconds";
        if (before.get(grace).number() < 0 && munged.path(grace).asLong(0) == 1) {
            copy(before.value(), munged, grace);
        }
        if (!before.get("schedulingGates").empty()) {
            gated(check, now, before, munged);
        }
        JsonNode printedBefore = InternalForm.of("core.PodSpec", before.value());
        JsonNode printed = InternalForm.of("core.PodSpec", munged);
        if (!printed.equals(printedBefore)) {
            check.forbidden(now, UPDATE_RULE + "\n" + UnifiedDiff.of(printedBefore, printed));
        }
    }

    /** A pod that waits for its gates may be narrowed to fewer nodes. */
    private static void gated(Check check, At now, At before, ObjectNode munged) {
        JsonNode selector = now.value().path("nodeSelector");
        for (var label : before.value().path("nodeSelector").properties()) {
            if (!label.getValue().equals(selector.get(label.getKey()))) {
                check.invalid(
                        now.get("nodeSelector"),
                        "only additions to spec.nodeSelector are allowed (no mutations or"
                                + " deletions)");
                break;
            }
        }
        copy(before.value(), munged, "nodeSelector");
        copy(before.value(), munged, "affinity");
    }

    private static void copy(JsonNode from, ObjectNode to, String field) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    /** A change of the ephemeral containers. */
    static void ephemeralContainers(Check check, At pod, At old) {
        any(check, pod);
        String path = "spec.ephemeralContainers";
        for (At before : old.get("spec", "ephemeralContainers").items()) {
            String name = before.get("name").text();
            JsonNode found = null;
            for (At now : pod.get("spec", "ephemeralContainers").items()) {
                found = now.get("name").is(name) ? now.value() : found;
            }
            if (found == null) {
                check.forbidden(
                        path,
                        "existing ephemeral containers \"" + name + "\" may not be removed\n");
            } else if (!found.equals(before.value())) {
                check.forbidden(
                        path,
                        "existing ephemeral containers \""
                                + name
                                + "\" may not be changed\n"
                                + UnifiedDiff.of(
                                        InternalForm.of("core.EphemeralContainer", before.value()),
                                        InternalForm.of("core.EphemeralContainer", found)));
            }
        }
    }

    /** A change of the status. */
    static void status(Check check, At pod, At old) {
        At status = pod.get("status");
        for (At condition : status.get("conditions").items()) {
            if (condition.get("observedGeneration").number() < 0) {
                check.invalid(condition.get("observedGeneration"), Check.NON_NEGATIVE);
            }
        }
        At nominated = status.get("nominatedNodeName");
        if (!nominated.blank() && !nominated.is(old.get("status", "nominatedNodeName").text())) {
            check.names(nominated, Names.subdomain(nominated.text(), false));
        }
        check.immutable(status.get("qosClass"), old.get("status", "qosClass"));
        for (At ip : status.get("podIPs").items()) {
            check.address(ip.get("ip").as(ip.path()));
        }
    }
}
