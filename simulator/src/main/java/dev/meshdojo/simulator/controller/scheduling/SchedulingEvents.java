package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events of the {@code events.k8s.io} form, as the scheduler does: a time in microseconds,
 * an action, and a series instead of a count. Used by one thread.
 */
final class SchedulingEvents {

    private static final Logger LOG = LoggerFactory.getLogger(SchedulingEvents.class);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int MEMORY = 4096;

    private final ControllerContext context;
    private final String controller;
    private final Map<String, Series> written =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Series> eldest) {
                    return size() > MEMORY;
                }
            };
    private long lastStamp;

    SchedulingEvents(ControllerContext context, String controller) {
        this.context = context;
        this.controller = controller;
    }

    private record Series(String name, int count) {}

    void write(ObjectNode pod, String type, String reason, String action, String note) {
        Instant now = context.now();
        String key = String.join("\u0000", Meta.uid(pod), type, reason, action, note);
        Series last = written.get(key);
        try {
            if (last == null) {
                String name = Meta.name(pod) + "." + stamp(now);
                context.api().create(event(pod, name, type, reason, action, note, now));
                written.put(key, new Series(name, 1));
            } else {
                ObjectNode patch = Fields.object();
                patch.putObject("series")
                        .put("count", last.count() + 1)
                        .put("lastObservedTime", MICROS.format(now));
                context.api()
                        .mergePatch(
                                ControllerContext.core("events", Meta.namespace(pod), last.name()),
                                patch);
                written.put(key, new Series(last.name(), last.count() + 1));
            }
        } catch (ApiException e) {
            written.remove(key);
            LOG.debug("{} could not write event {}: {}", controller, reason, e.getMessage());
        }
    }

    private ObjectNode event(
            ObjectNode pod,
            String name,
            String type,
            String reason,
            String action,
            String note,
            Instant now) {
        ObjectNode event = Fields.manifest("v1", "Event", Meta.namespace(pod), name);
        event.putObject("involvedObject")
                .put("kind", "Pod")
                .put("namespace", Meta.namespace(pod))
                .put("name", Meta.name(pod))
                .put("uid", Meta.uid(pod))
                .put("apiVersion", "v1")
                .put("resourceVersion", Fields.text(pod, "metadata", "resourceVersion"));
        event.put("reason", reason).put("message", note).put("type", type);
        event.putObject("source");
        event.putNull("firstTimestamp").putNull("lastTimestamp");
        event.put("eventTime", MICROS.format(now)).put("action", action);
        event.put("reportingComponent", controller)
                .put("reportingInstance", controller + "-lab-control-plane");
        return event;
    }

    private String stamp(Instant now) {
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        lastStamp = Math.max(nanos, lastStamp + 1);
        return String.format("%016x", lastStamp);
    }
}
