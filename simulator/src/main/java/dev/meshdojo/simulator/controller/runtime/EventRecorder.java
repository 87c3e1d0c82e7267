package dev.meshdojo.simulator.controller.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code v1} Events as client-go's recorder does: a repeated event counts up, more than ten
 * alike within ten minutes are combined, and one source may write 25 about an object at once and
 * one more each five minutes. Events that cannot be written are dropped. Thread-safe.
 */
public final class EventRecorder {

    /** The type of an ordinary event. */
    public static final String NORMAL = "Normal";

    /** The type of an event that tells of trouble. */
    public static final String WARNING = "Warning";

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final String COMBINED = "(combined from similar events): ";
    private static final int SIMILAR_LIMIT = 10;
    private static final Duration SIMILAR_WINDOW = Duration.ofMinutes(10);
    private static final int BURST = 25;
    private static final Duration REFILL = Duration.ofMinutes(5);
    private static final int MEMORY = 4096;

    private final ResourceApi api;
    private final java.time.Clock clock;
    private final String component;
    private final String host;
    private final Map<String, Written> written = bounded();
    private final Map<String, Similar> similar = bounded();
    private final Map<String, Allowance> allowances = bounded();
    private long lastStamp;

    /** For one component, such as {@code deployment-controller}. */
    public EventRecorder(ControllerContext context, String component) {
        this(context.api(), context.clock(), component, "");
    }

    /** For one component on one host; empty for none. */
    public EventRecorder(ResourceApi api, java.time.Clock clock, String component, String host) {
        this.api = api;
        this.clock = clock;
        this.component = component;
        this.host = host;
    }

    private record Written(String name, int count, Instant first) {}

    private record Similar(Set<String> messages, Instant last) {}

    private record Allowance(double tokens, Instant at) {}

    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MEMORY;
            }
        };
    }

    /** Writes an event about an object. */
    public void event(ObjectNode regarding, String type, String reason, String message) {
        event(regarding, "", type, reason, message);
    }

    /**
     * Writes an event about a part of an object.
     *
     * @param fieldPath such as {@code spec.containers{web}}; empty for the whole object
     */
    public synchronized void event(
            ObjectNode regarding, String fieldPath, String type, String reason, String message) {
        Instant now = clock.instant();
        String namespace = Meta.namespace(regarding);
        String about =
                String.join(
                        "\u0000",
                        Fields.text(regarding, "kind"),
                        namespace,
                        Meta.name(regarding),
                        fieldPath,
                        Meta.uid(regarding),
                        Fields.text(regarding, "apiVersion"));
        String text = message;
        String key = String.join("\u0000", about, type, reason);
        if (combine(key, message, now)) {
            text = COMBINED + message;
        } else {
            key = key + "\u0000" + message;
        }
        if (!allowed(about, now)) {
            return;
        }
        try {
            Written last = written.get(key);
            Written next = last == null ? null : repeat(namespace, last, text, now);
            if (next == null) {
                next = first(regarding, fieldPath, type, reason, text, now);
            }
            written.put(key, next);
        } catch (ApiException e) {
            LOG.debug("{} could not write event {}: {}", component, reason, e.getMessage());
        }
    }

    private boolean combine(String key, String message, Instant now) {
        Similar seen = similar.get(key);
        if (seen == null || seen.last().plus(SIMILAR_WINDOW).isBefore(now)) {
            seen = new Similar(new HashSet<>(), now);
        }
        seen.messages().add(message);
        similar.put(key, new Similar(seen.messages(), now));
        return seen.messages().size() >= SIMILAR_LIMIT;
    }

    private boolean allowed(String about, Instant now) {
        Allowance left = allowances.get(about);
        double tokens = BURST;
        if (left != null) {
            double refilled =
                    Duration.between(left.at(), now).toMillis() / (double) REFILL.toMillis();
            tokens = Math.min(BURST, left.tokens() + Math.max(0, refilled));
        }
        if (tokens < 1) {
            return false;
        }
        allowances.put(about, new Allowance(tokens - 1, now));
        return true;
    }

    private @Nullable Written repeat(String namespace, Written last, String message, Instant now) {
        int count = last.count() + 1;
        ObjectNode patch = Fields.object();
        patch.put("count", count).put("lastTimestamp", Meta.time(now)).put("message", message);
        try {
            api.mergePatch(new ResourceKey("", "events", homeOf(namespace), last.name()), patch);
        } catch (ApiException e) {
            if (e.code() == 404) {
                return null;
            }
            throw e;
        }
        return new Written(last.name(), count, last.first());
    }

    private Written first(
            ObjectNode regarding,
            String fieldPath,
            String type,
            String reason,
            String message,
            Instant now) {
        String name = Meta.name(regarding) + "." + stamp(now);
        ObjectNode event = Fields.manifest("v1", "Event", homeOf(Meta.namespace(regarding)), name);
        event.set("involvedObject", reference(regarding, fieldPath));
        event.put("type", type).put("reason", reason).put("message", message);
        ObjectNode source = event.putObject("source").put("component", component);
        if (!host.isEmpty()) {
            source.put("host", host);
        }
        event.put("firstTimestamp", Meta.time(now)).put("lastTimestamp", Meta.time(now));
        event.put("count", 1);
        boolean combined = message.startsWith(COMBINED);
        event.put("reportingComponent", combined ? "" : component)
                .put("reportingInstance", combined ? "" : host);
        event.putNull("eventTime");
        api.create(event);
        return new Written(name, 1, now);
    }

    private String stamp(Instant now) {
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        lastStamp = Math.max(nanos, lastStamp + 1);
        return String.format("%016x", lastStamp);
    }

    /** The namespace that holds events about objects of {@code namespace}. */
    static String homeOf(String namespace) {
        return namespace.isEmpty() ? "default" : namespace;
    }

    /** An ObjectReference to {@code object}. */
    static ObjectNode reference(ObjectNode object, String fieldPath) {
        ObjectNode reference = Fields.object();
        reference.put("kind", Fields.text(object, "kind"));
        if (!Meta.namespace(object).isEmpty()) {
            reference.put("namespace", Meta.namespace(object));
        }
        reference
                .put("name", Meta.name(object))
                .put("uid", Meta.uid(object))
                .put("apiVersion", Fields.text(object, "apiVersion"))
                .put("resourceVersion", Fields.text(object, "metadata", "resourceVersion"));
        if (!fieldPath.isEmpty()) {
            reference.put("fieldPath", fieldPath);
        }
        return reference;
    }
}
