package dev.meshdojo.gateway.admin;

import com.google.protobuf.Message;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The resources of one type as they came: which version each is of, when it was taken, and which
 * newer one was refused. Immutable.
 *
 * @param <T> the type
 * @param version of the last update that had none refused; empty before the first
 * @param entries by name, in the order of the last update
 */
public record LoadedResources<T extends Message>(String version, Map<String, Loaded<T>> entries) {

    public LoadedResources {
        entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** Nothing yet. */
    public static <T extends Message> LoadedResources<T> none() {
        return new LoadedResources<>("", Map.of());
    }

    /** All of them, in order. */
    public List<Loaded<T>> list() {
        return List.copyOf(entries.values());
    }

    /**
     * These after an update: what is equal keeps its version and time, what was refused keeps what
     * was there before and tells why.
     *
     * @param name a resource's name
     * @param refused reasons by name
     */
    public LoadedResources<T> update(
            String newVersion,
            List<T> resources,
            Function<T, String> name,
            Map<String, String> refused,
            Instant now) {
        Map<String, Loaded<T>> next = new LinkedHashMap<>();
        for (T resource : resources) {
            String key = name.apply(resource);
            Loaded<T> before = entries.get(key);
            String reason = refused.get(key);
            if (reason != null) {
                next.put(
                        key,
                        new Loaded<>(
                                key,
                                before == null ? "" : before.version(),
                                before == null ? null : before.resource(),
                                before == null ? now : before.lastUpdated(),
                                new Loaded.Failure(newVersion, resource, now, reason)));
            } else if (before != null
                    && before.failure() == null
                    && resource.equals(before.resource())) {
                next.put(key, before);
            } else {
                next.put(key, new Loaded<>(key, newVersion, resource, now, null));
            }
        }
        boolean anyRefused = next.values().stream().anyMatch(each -> each.failure() != null);
        return new LoadedResources<>(anyRefused ? version : newVersion, next);
    }
}
