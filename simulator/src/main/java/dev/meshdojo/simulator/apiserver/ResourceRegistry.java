package dev.meshdojo.simulator.apiserver;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the API server serves: built-in kinds from the start, custom kinds as their definitions come
 * and go. Readers see one immutable state. Thread-safe.
 */
public final class ResourceRegistry {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile State state = new State(Map.of(), 0);

    /** Adds resources, replacing those of the same group and plural. */
    public void add(Collection<ResourceDefinition> definitions) {
        synchronized (this) {
            Map<String, ResourceDefinition> next = new LinkedHashMap<>(state.byName());
            for (ResourceDefinition definition : definitions) {
                next.put(definition.groupResource(), definition);
            }
            state = new State(next, state.generation() + 1);
        }
        listeners.forEach(Runnable::run);
    }

    /** Removes a resource; its objects are no longer reachable. */
    public void remove(String group, String plural) {
        synchronized (this) {
            Map<String, ResourceDefinition> next = new LinkedHashMap<>(state.byName());
            if (next.remove(name(group, plural)) == null) {
                return;
            }
            state = new State(next, state.generation() + 1);
        }
        listeners.forEach(Runnable::run);
    }

    /** The resource, or null when it is not served. */
    public @Nullable ResourceDefinition find(String group, String plural) {
        return state.byName().get(name(group, plural));
    }

    /** The resource with that kind, or null. */
    public @Nullable ResourceDefinition findKind(String group, String kind) {
        return state.byKind().get(group + "/" + kind);
    }

    /** All resources in order of registration; grows {@link #generation} with every change. */
    public Collection<ResourceDefinition> all() {
        return state.byName().values();
    }

    /** Counts changes, so that derived documents know when they are stale. */
    public long generation() {
        return state.generation();
    }

    /** Runs {@code listener} after every change, on the thread that made it; it must be quick. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private static String name(String group, String plural) {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    private record State(
            Map<String, ResourceDefinition> byName,
            Map<String, ResourceDefinition> byKind,
            long generation) {

        State(Map<String, ResourceDefinition> byName, long generation) {
            this(java.util.Collections.unmodifiableMap(byName), kinds(byName), generation);
        }

        private static Map<String, ResourceDefinition> kinds(
                Map<String, ResourceDefinition> byName) {
            Map<String, ResourceDefinition> kinds = new LinkedHashMap<>();
            byName.values()
                    .forEach(
                            definition ->
                                    kinds.putIfAbsent(
                                            definition.group() + "/" + definition.kind(),
                                            definition));
            return kinds;
        }
    }
}
