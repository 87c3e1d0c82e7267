package dev.meshdojo.gateway.stream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What filters tell later filters, routing and logs, by filter name. Values are JSON-like: {@code
 * String}, {@code Double}, {@code Boolean}, {@code List}, {@code Map} with string keys, or null.
 * Not thread-safe: owned by one stream.
 */
public final class DynamicMetadata {

    private final Map<String, Map<String, @Nullable Object>> byFilter = new LinkedHashMap<>(4);

    /** Adds {@code values} to what the namespace holds, key by key. */
    public void merge(String namespace, Map<String, ? extends @Nullable Object> values) {
        byFilter.computeIfAbsent(namespace, name -> new LinkedHashMap<>()).putAll(values);
    }

    /** Sets one key of a namespace. */
    public void put(String namespace, String key, @Nullable Object value) {
        byFilter.computeIfAbsent(namespace, name -> new LinkedHashMap<>()).put(key, value);
    }

    /** The namespaces and their values. */
    public Map<String, Map<String, @Nullable Object>> all() {
        return byFilter;
    }

    /** The value at {@code path} below a namespace, or null when something on the way is absent. */
    public @Nullable Object find(String namespace, List<String> path) {
        Object current = byFilter.get(namespace);
        for (String key : path) {
            if (!(current instanceof Map<?, ?> map)) {
                return null;
            }
            current = map.get(key);
        }
        return current;
    }
}
