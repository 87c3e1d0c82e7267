package dev.meshdojo.simulator.controller.eviction;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.time.Instant;

/** The condition that says why a pod is about to be deleted. */
final class Disruption {

    private Disruption() {}

    static void note(
            ResourceApi api,
            ResourceKey key,
            ObjectNode pod,
            String reason,
            String message,
            Instant now) {
        ObjectNode stored =
                api.editStatus(
                        key,
                        copy -> {
                            if (copy == null || !Meta.uid(copy).equals(Meta.uid(pod))) {
                                return null;
                            }
                            ObjectNode status = Fields.child(copy, "status");
                            Conditions.set(
                                    status, "DisruptionTarget", "True", reason, message, now);
                            if (reason.equals("DeletionByPodGC")) {
                                status.put("phase", "Failed");
                            }
                            return copy;
                        });
        assert stored == null || Meta.uid(stored).equals(Meta.uid(pod)) : "only this pod is edited";
    }
}
