package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A Job and its pods at one moment, and what follows from them. */
record JobState(ObjectNode job, List<ObjectNode> pods, Set<String> counted) {

    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);

    static boolean finished(JsonNode job) {
        return Conditions.holds(job, "Complete") || Conditions.holds(job, "Failed");
    }

    static boolean tracked(ObjectNode pod) {
        return Fields.texts(pod, "metadata", "finalizers").contains(FINALIZER);
    }

    boolean indexed() {
        return Fields.text(job, "spec", "completionMode").equals("Indexed");
    }

    boolean suspended() {
        return Fields.flag(job, "spec", "suspend");
    }

    int parallelism() {
        return Fields.number(1, job, "spec", "parallelism");
    }

    /** How many successes are wanted; -1 when one success ends the job. */
    int completions() {
        return Fields.has(job, "spec", "completions")
                ? Fields.number(job, "spec", "completions")
                : -1;
    }

    List<ObjectNode> active() {
        return pods.stream().filter(Pods::active).toList();
    }

    List<ObjectNode> terminating() {
        return pods.stream().filter(Pods::terminating).toList();
    }

    /**
     * Pods that ended and are not in the status yet; ones deleted while they ran count as failed.
     */
    List<ObjectNode> uncounted(String phase) {
        List<ObjectNode> found = new ArrayList<>();
        for (ObjectNode pod : pods) {
            boolean failed = phase.equals("Failed");
            boolean ended =
                    Pods.phase(pod).equals(phase)
                            || (failed && Meta.deleting(pod) && !Pods.finished(pod));
            if (ended && tracked(pod) && !counted.contains(Meta.uid(pod))) {
                found.add(pod);
            }
        }
        return found;
    }

    int succeeded() {
        return indexed()
                ? completedIndexes().size()
                : Fields.number(job, "status", "succeeded") + uncounted("Succeeded").size();
    }

    int failed() {
        return Fields.number(job, "status", "failed") + uncounted("Failed").size();
    }

    boolean complete() {
        int wanted = completions();
        return wanted < 0 ? succeeded() > 0 && active().isEmpty() : succeeded() >= wanted;
    }

    /** How many pods should run now, before back-off. */
    int wanted() {
        if (suspended()) {
            return 0;
        }
        int wanted = completions();
        if (wanted < 0) {
            return succeeded() > 0 ? active().size() : parallelism();
        }
        return Math.max(0, Math.min(wanted - succeeded(), parallelism()));
    }

    /** Why the job has failed, as reason and message; null while it may go on. */
    String @Nullable [] failure(Instant now) {
        int limit = Fields.number(6, job, "spec", "backoffLimit");
        boolean restarts =
                Fields.text(job, "spec", "template", "spec", "restartPolicy").equals("OnFailure");
        int restarted = restarts ? active().stream().mapToInt(Pods::restarts).sum() : 0;
        boolean tooOften =
                failed() > limit || (restarts && restarted > 0 && restarted >= Math.max(1, limit));
        if (tooOften) {
            return new String[] {
                "BackoffLimitExceeded", "Job has reached the specified backoff limit"
            };
        }
        Instant deadline = deadline();
        if (deadline != null && !deadline.isAfter(now)) {
            return new String[] {
                "DeadlineExceeded", "Job was active longer than specified deadline"
            };
        }
        return null;
    }

    @Nullable Instant deadline() {
        String started = Fields.text(job, "status", "startTime");
        if (!Fields.has(job, "spec", "activeDeadlineSeconds") || started.isEmpty()) {
            return null;
        }
        return Meta.instant(started)
                .plusSeconds(Fields.number(job, "spec", "activeDeadlineSeconds"));
    }

    /** When the next pod may be made after failures; the epoch when at once. */
    Instant notBefore() {
        Instant last = Instant.EPOCH;
        Instant success = Instant.EPOCH;
        int failures = 0;
        for (ObjectNode pod : pods) {
            Instant ended = ended(pod);
            if (Pods.phase(pod).equals("Succeeded") && ended.isAfter(success)) {
                success = ended;
            }
        }
        for (ObjectNode pod : pods) {
            Instant ended = ended(pod);
            if (Pods.phase(pod).equals("Failed") && ended.isAfter(success)) {
                failures++;
                last = ended.isAfter(last) ? ended : last;
            }
        }
        if (failures == 0) {
            return Instant.EPOCH;
        }
        Duration wait = FIRST_BACKOFF.multipliedBy(1L << Math.min(failures - 1, 10));
        return last.plus(wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait);
    }

    private static Instant ended(ObjectNode pod) {
        Instant ended = Instant.EPOCH;
        for (JsonNode status : Fields.at(pod, "status", "containerStatuses")) {
            Instant at = Meta.instant(Fields.text(status, "state", "terminated", "finishedAt"));
            ended = at.isAfter(ended) ? at : ended;
        }
        return ended.equals(Instant.EPOCH) ? Meta.created(pod) : ended;
    }

    Set<Integer> completedIndexes() {
        Set<Integer> done = new TreeSet<>(ranges(Fields.text(job, "status", "completedIndexes")));
        for (ObjectNode pod : pods) {
            if (Pods.phase(pod).equals("Succeeded")) {
                done.add(index(pod));
            }
        }
        return done;
    }

    static int index(ObjectNode pod) {
        return Fields.at(pod, "metadata", "annotations", INDEX).asInt(-1);
    }

    private static Set<Integer> ranges(String text) {
        Set<Integer> all = new TreeSet<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String[] ends = part.split("-", -1);
            for (int i = Integer.parseInt(ends[0]);
                    i <= Integer.parseInt(ends[ends.length - 1]);
                    i++) {
                all.add(i);
            }
        }
        return all;
    }

    /** Indexes as {@code 0-2,4}. */
    static String spell(Set<Integer> indexes) {
        StringBuilder text = new StringBuilder();
        List<Integer> all = List.copyOf(new TreeSet<>(indexes));
        for (int i = 0; i < all.size(); i++) {
            int from = i;
            while (i + 1 < all.size() && all.get(i + 1) == all.get(i) + 1) {
                i++;
            }
            text.append(text.isEmpty() ? "" : ",").append(all.get(from));
            if (i > from) {
                text.append(i == from + 1 ? "," : "-").append(all.get(i));
            }
        }
        return text.toString();
    }
}
