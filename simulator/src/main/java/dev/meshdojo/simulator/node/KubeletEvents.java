package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import org.jspecify.annotations.Nullable;

/** The kubelet's Events, or none of them when they are switched off. Thread-safe. */
final class KubeletEvents {

    private final @Nullable EventRecorder recorder;

    KubeletEvents(ResourceApi api, KubeletOptions options) {
        this.recorder =
                options.events()
                        ? new EventRecorder(api, options.clock(), "kubelet", options.nodeName())
                        : null;
    }

    void normal(ObjectNode pod, String field, String reason, String message) {
        write(pod, field, EventRecorder.NORMAL, reason, message);
    }

    void warning(ObjectNode pod, String field, String reason, String message) {
        write(pod, field, EventRecorder.WARNING, reason, message);
    }

    private void write(ObjectNode pod, String field, String type, String reason, String message) {
        if (recorder != null) {
            recorder.event(pod, field, type, reason, message);
        }
    }
}
