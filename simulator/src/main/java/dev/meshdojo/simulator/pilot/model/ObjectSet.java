package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All objects of one kind at one moment. Immutable: a later state is made with {@link #next}, reads
 * only what changed and shares the rest, and is the same instance when nothing changed.
 */
public final class ObjectSet {

    /** No objects. */
    public static final ObjectSet EMPTY = new ObjectSet(List.of(), List.of());

    private static final Comparator<KubeObject> BY_KEY =
            (a, b) -> order(a.namespace(), a.name(), b.namespace(), b.name());

    private final List<KubeObject> byKey;
    private final List<KubeObject> byAge;

    private ObjectSet(List<KubeObject> byKey, List<KubeObject> byAge) {
        this.byKey = byKey;
        this.byAge = byAge;
    }

    /** A set of objects, which need not be sorted. */
    public static ObjectSet of(List<ObjectNode> objects) {
        return EMPTY.next(objects);
    }

    /** The set that holds exactly {@code objects}. States already known are not read again. */
    public ObjectSet next(List<ObjectNode> objects) {
        List<KubeObject> next = new ArrayList<>(objects.size());
        List<KubeObject> added = new ArrayList<>();
        Set<KubeObject> removed = new HashSet<>();
        int known = 0;
        boolean sorted = true;
        for (ObjectNode raw : objects) {
            KubeObject object = null;
            if (known < byKey.size() && !is(byKey.get(known), raw)) {
                JsonView metadata = JsonView.of(raw).at("metadata");
                String namespace = metadata.text("namespace");
                String name = metadata.text("name");
                while (known < byKey.size() && before(byKey.get(known), namespace, name)) {
                    removed.add(byKey.get(known++));
                }
            }
            if (known < byKey.size() && is(byKey.get(known), raw)) {
                object = byKey.get(known++);
            } else {
                object = KubeObject.of(raw);
                added.add(object);
                sorted &= next.isEmpty() || BY_KEY.compare(next.getLast(), object) < 0;
            }
            next.add(object);
        }
        while (known < byKey.size()) {
            removed.add(byKey.get(known++));
        }
        if (added.isEmpty() && removed.isEmpty()) {
            return this;
        }
        if (!sorted) {
            next.sort(BY_KEY);
        }
        return new ObjectSet(
                List.copyOf(next), Sequences.edit(byAge, removed, added, KubeObject.BY_AGE));
    }

    @SuppressWarnings("ReferenceEquality") // a stored state is never changed in place
    private static boolean is(KubeObject object, ObjectNode raw) {
        return object.raw() == raw;
    }

    private static boolean before(KubeObject object, String namespace, String name) {
        return order(object.namespace(), object.name(), namespace, name) < 0;
    }

    /** The order of {@code namespace/name} as text, which is the store's. */
    private static int order(String namespaceA, String a, String namespaceB, String b) {
        if (namespaceA.equals(namespaceB)) {
            return a.compareTo(b);
        }
        if (namespaceB.startsWith(namespaceA)) {
            return '/' - namespaceB.charAt(namespaceA.length());
        }
        if (namespaceA.startsWith(namespaceB)) {
            return namespaceA.charAt(namespaceB.length()) - '/';
        }
        return namespaceA.compareTo(namespaceB);
    }

    /** The objects in order of {@code namespace/name}. */
    public List<KubeObject> byKey() {
        return byKey;
    }

    /** The objects, oldest first. */
    public List<KubeObject> byAge() {
        return byAge;
    }

    /** The objects of a namespace in order of name. */
    public List<KubeObject> of(String namespace) {
        int from = -1 - position(namespace, "");
        int to = from;
        while (to < byKey.size() && byKey.get(to).namespace().equals(namespace)) {
            to++;
        }
        return byKey.subList(from, to);
    }

    /** The object of that name, or null; {@code namespace} is empty for cluster-scoped kinds. */
    public @Nullable KubeObject find(String namespace, String name) {
        int position = position(namespace, name);
        return position < 0 ? null : byKey.get(position);
    }

    /** Where the object is, or {@code -1 - p} where {@code p} is where it would be. */
    private int position(String namespace, String name) {
        int low = 0;
        int high = byKey.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            KubeObject candidate = byKey.get(middle);
            int order = order(candidate.namespace(), candidate.name(), namespace, name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    /** The object under {@code namespace/name}, or null. */
    public @Nullable KubeObject find(String key) {
        int slash = key.indexOf('/');
        return find(key.substring(0, Math.max(0, slash)), key.substring(slash + 1));
    }

    /**
     * Keys of the objects that {@code earlier} has in another state, or only one of the two has.
     */
    @SuppressWarnings("ReferenceEquality") // the same set, so nothing to compare
    public Set<String> changedSince(ObjectSet earlier) {
        Set<String> out = new HashSet<>();
        if (earlier == this) {
            return out;
        }
        Sequences.compare(
                earlier.byKey,
                byKey,
                BY_KEY,
                object -> out.add(object.key()),
                object -> out.add(object.key()));
        return out;
    }
}
