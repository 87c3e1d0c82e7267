package dev.meshdojo.simulator.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of field paths, as {@code fieldsV1} stores them: a tree whose edges are {@code f:name},
 * {@code k:{keys}}, {@code v:value} and {@code i:index}. Immutable but for its {@link Builder}.
 */
public final class FieldSet {

    /** No paths. */
    public static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>(PathElements.ORDER));

    private final boolean member;
    private final TreeMap<String, FieldSet> children;

    @SuppressWarnings("NonApiType") // the order of the children is part of the form
    private FieldSet(boolean member, TreeMap<String, FieldSet> children) {
        this.member = member;
        this.children = children;
    }

    /** Whether it holds no path. */
    public boolean isEmpty() {
        return !member && children.isEmpty();
    }

    /** Whether the path that ends here is in the set. */
    public boolean isMember() {
        return member;
    }

    /** The part below an element, or null. */
    public @Nullable FieldSet child(String element) {
        return children.get(element);
    }

    /** The parts below, by element. */
    public Map<String, FieldSet> children() {
        return children;
    }

    /** Paths of either. */
    public FieldSet union(FieldSet other) {
        if (isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        TreeMap<String, FieldSet> all = new TreeMap<>(children);
        other.children.forEach((element, set) -> all.merge(element, set, FieldSet::union));
        return new FieldSet(member || other.member, all);
    }

    /** Paths of both. */
    public FieldSet intersection(FieldSet other) {
        TreeMap<String, FieldSet> both = new TreeMap<>(PathElements.ORDER);
        children.forEach(
                (element, set) -> {
                    FieldSet matching = other.children.get(element);
                    if (matching != null) {
                        FieldSet common = set.intersection(matching);
                        if (!common.isEmpty()) {
                            both.put(element, common);
                        }
                    }
                });
        return new FieldSet(member && other.member, both);
    }

    /** Paths of this that are not in the other. */
    public FieldSet difference(FieldSet other) {
        TreeMap<String, FieldSet> left = new TreeMap<>(PathElements.ORDER);
        children.forEach(
                (element, set) -> {
                    FieldSet matching = other.children.get(element);
                    FieldSet rest = matching == null ? set : set.difference(matching);
                    if (!rest.isEmpty()) {
                        left.put(element, rest);
                    }
                });
        return new FieldSet(member && !other.member, left);
    }

    /** Without one path and everything below it. */
    public FieldSet without(String... path) {
        return without(path, 0);
    }

    private FieldSet without(String[] path, int at) {
        FieldSet child = children.get(path[at]);
        if (child == null) {
            return this;
        }
        TreeMap<String, FieldSet> left = new TreeMap<>(children);
        FieldSet rest = at == path.length - 1 ? EMPTY : child.without(path, at + 1);
        if (rest.isEmpty()) {
            left.remove(path[at]);
        } else {
            left.put(path[at], rest);
        }
        return new FieldSet(member, left);
    }

    /** Without one path itself; what is below it stays. */
    FieldSet withoutMember(String element) {
        FieldSet child = children.get(element);
        if (child == null || !child.member) {
            return this;
        }
        TreeMap<String, FieldSet> left = new TreeMap<>(children);
        if (child.children.isEmpty()) {
            left.remove(element);
        } else {
            left.put(element, new FieldSet(false, child.children));
        }
        return new FieldSet(member, left);
    }

    /** With every named field that has something below it as a member. */
    FieldSet withNamedFields() {
        TreeMap<String, FieldSet> all = new TreeMap<>(PathElements.ORDER);
        children.forEach(
                (element, set) -> {
                    FieldSet deep = set.withNamedFields();
                    all.put(
                            element,
                            element.startsWith("f:") && !deep.children.isEmpty()
                                    ? new FieldSet(true, deep.children)
                                    : deep);
                });
        return new FieldSet(member, all);
    }

    /** All member paths as Kubernetes prints them, such as {@code .spec.ports[port=80].name}. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>();
        collect("", paths);
        return paths;
    }

    private void collect(String prefix, List<String> paths) {
        if (member && !prefix.isEmpty()) {
            paths.add(prefix);
        }
        children.forEach(
                (element, set) -> set.collect(prefix + PathElements.print(element), paths));
    }

    /** Reads the stored form. */
    public static FieldSet parse(JsonNode fields) {
        TreeMap<String, FieldSet> children = new TreeMap<>(PathElements.ORDER);
        boolean self = fields.isEmpty();
        for (var entry : fields.properties()) {
            if (entry.getKey().equals(".")) {
                self = true;
            } else {
                children.put(entry.getKey(), parse(entry.getValue()));
            }
        }
        return new FieldSet(self, children);
    }

    /** Reads the stored form of a whole object, whose root is never a member. */
    public static FieldSet parseRoot(JsonNode fields) {
        return new FieldSet(false, parse(fields).children);
    }

    /** Writes {@code fieldsV1}. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (member && !children.isEmpty()) {
            json.putObject(".");
        }
        children.forEach((element, set) -> json.set(element, set.toJson()));
        return json;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldSet set
                && member == set.member
                && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return children.hashCode() * 31 + Boolean.hashCode(member);
    }

    @Override
    public String toString() {
        return paths().toString();
    }

    /** Collects paths. Not thread-safe. */
    static final class Builder {
        private boolean member;
        private final TreeMap<String, Builder> children = new TreeMap<>(PathElements.ORDER);

        /** The part below an element. */
        Builder child(String element) {
            return children.computeIfAbsent(element, _ -> new Builder());
        }

        /** Makes the path that ends here a member. */
        void add() {
            member = true;
        }

        FieldSet build() {
            TreeMap<String, FieldSet> built = new TreeMap<>(PathElements.ORDER);
            children.forEach(
                    (element, builder) -> {
                        FieldSet set = builder.build();
                        if (!set.isEmpty()) {
                            built.put(element, set);
                        }
                    });
            return new FieldSet(member, built);
        }
    }
}
