package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Failures since the last success, and how long new pods wait because of them: 10 s, doubled each
 * time up to 10 minutes. Source: Kubernetes' {@code job/backoff_utils.go}.
 *
 * @param failures how many pods failed since one succeeded
 * @param last when the last one failed; the epoch when none did
 */
record JobBackoff(int failures, Instant last) {

    static final JobBackoff NONE = new JobBackoff(0, Instant.EPOCH);

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** The record after pods ended that it has not seen. */
    JobBackoff after(List<ObjectNode> succeeded, List<ObjectNode> failed) {
        if (succeeded.isEmpty()) {
            return failed.isEmpty()
                    ? this
                    : new JobBackoff(failures + failed.size(), latest(failed));
        }
        Instant success = latest(succeeded);
        List<ObjectNode> later =
                failed.stream().filter(pod -> ended(pod).isAfter(success)).toList();
        return later.isEmpty() ? NONE : new JobBackoff(later.size(), latest(later));
    }

    private static Instant latest(List<ObjectNode> pods) {
        return pods.stream().map(JobBackoff::ended).max(Instant::compareTo).orElse(Instant.EPOCH);
    }

    /** How long new pods have to wait; zero when they need not. */
    Duration left(Instant now) {
        if (failures == 0) {
            return Duration.ZERO;
        }
        Duration wait = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        Duration most = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
        Duration left = Duration.between(now, last.plus(most));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** When a pod ended: its last container, else the end of its readiness, else its deletion. */
    static Instant ended(ObjectNode pod) {
        Instant ended = Instant.EPOCH;
        boolean all = true;
        for (JsonNode status : Fields.at(pod, "status", "containerStatuses")) {
            Instant at = Meta.instant(Fields.text(status, "state", "terminated", "finishedAt"));
            all &= at.isAfter(Instant.EPOCH);
            ended = at.isAfter(ended) ? at : ended;
        }
        if (all && ended.isAfter(Instant.EPOCH)) {
            return ended;
        }
        JsonNode ready = Conditions.find(pod, "Ready");
        if (Fields.text(ready, "status").equals("False")) {
            return Meta.instant(Fields.text(ready, "lastTransitionTime"));
        }
        if (Meta.deleting(pod)) {
            int grace = Fields.number(pod, "metadata", "deletionGracePeriodSeconds");
            return Meta.instant(Fields.text(pod, "metadata", "deletionTimestamp"))
                    .minusSeconds(grace);
        }
        return Meta.created(pod);
    }
}
