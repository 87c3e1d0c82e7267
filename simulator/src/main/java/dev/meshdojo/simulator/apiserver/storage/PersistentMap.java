package dev.meshdojo.simulator.apiserver.storage;

import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map ordered by key: an AVL tree whose changes copy only the path to the root, so
 * that a snapshot is a reference and old snapshots share what did not change.
 *
 * @param <V> value type
 */
public final class PersistentMap<V> {

    private static final PersistentMap<?> EMPTY = new PersistentMap<>(null);

    private final @Nullable Node<V> root;

    private PersistentMap(@Nullable Node<V> root) {
        this.root = root;
    }

    /** The map without entries. */
    @SuppressWarnings("unchecked")
    public static <V> PersistentMap<V> empty() {
        return (PersistentMap<V>) EMPTY;
    }

    /** Number of entries. */
    public int size() {
        return sizeOf(root);
    }

    /** The value at a key, or null. */
    public @Nullable V get(String key) {
        Node<V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    /** This map with one entry added or replaced. */
    public PersistentMap<V> with(String key, V value) {
        return new PersistentMap<>(insert(root, key, value));
    }

    /** This map without a key; the same map when it is absent. */
    public PersistentMap<V> without(String key) {
        return get(key) == null ? this : new PersistentMap<>(remove(root, key));
    }

    /**
     * Visits entries in key order from {@code from} (inclusive) on, until the visitor answers
     * false.
     */
    public void forEachFrom(String from, BiPredicate<String, V> visitor) {
        walk(root, from, visitor);
    }

    /** Number of entries from {@code from} (inclusive) to {@code to} (exclusive). */
    public int countBetween(String from, String to) {
        return Math.max(0, rank(to) - rank(from));
    }

    private int rank(String key) {
        int below = 0;
        Node<V> node = root;
        while (node != null) {
            if (key.compareTo(node.key) <= 0) {
                node = node.left;
            } else {
                below += sizeOf(node.left) + 1;
                node = node.right;
            }
        }
        return below;
    }

    private static <V> boolean walk(
            @Nullable Node<V> node, String from, BiPredicate<String, V> visitor) {
        if (node == null) {
            return true;
        }
        int order = from.compareTo(node.key);
        if (order < 0 && !walk(node.left, from, visitor)) {
            return false;
        }
        if (order <= 0 && !visitor.test(node.key, node.value)) {
            return false;
        }
        return walk(node.right, from, visitor);
    }

    private static <V> Node<V> insert(@Nullable Node<V> node, String key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(key, value, node.left, node.right);
        }
        return order < 0
                ? balance(node.key, node.value, insert(node.left, key, value), node.right)
                : balance(node.key, node.value, node.left, insert(node.right, key, value));
    }

    private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, String key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balance(node.key, node.value, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balance(node.key, node.value, node.left, remove(node.right, key));
        }
        if (node.left == null) {
            return node.right;
        }
        if (node.right == null) {
            return node.left;
        }
        Node<V> next = node.right;
        while (next.left != null) {
            next = next.left;
        }
        return balance(next.key, next.value, node.left, remove(node.right, next.key));
    }

    private static <V> Node<V> balance(
            String key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
        int lean = heightOf(left) - heightOf(right);
        if (lean > 1 && left != null) {
            if (heightOf(left.left) < heightOf(left.right) && left.right != null) {
                Node<V> pivot = left.right;
                return new Node<>(
                        pivot.key,
                        pivot.value,
                        new Node<>(left.key, left.value, left.left, pivot.left),
                        new Node<>(key, value, pivot.right, right));
            }
            return new Node<>(
                    left.key, left.value, left.left, new Node<>(key, value, left.right, right));
        }
        if (lean < -1 && right != null) {
            if (heightOf(right.right) < heightOf(right.left) && right.left != null) {
                Node<V> pivot = right.left;
                return new Node<>(
                        pivot.key,
                        pivot.value,
                        new Node<>(key, value, left, pivot.left),
                        new Node<>(right.key, right.value, pivot.right, right.right));
            }
            return new Node<>(
                    right.key, right.value, new Node<>(key, value, left, right.left), right.right);
        }
        return new Node<>(key, value, left, right);
    }

    private static int heightOf(@Nullable Node<?> node) {
        return node == null ? 0 : node.height;
    }

    private static int sizeOf(@Nullable Node<?> node) {
        return node == null ? 0 : node.size;
    }

    private static final class Node<V> {
        final String key;
        final V value;
        final @Nullable Node<V> left;
        final @Nullable Node<V> right;
        final int height;
        final int size;

        Node(String key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            this.height = 1 + Math.max(heightOf(left), heightOf(right));
            this.size = 1 + sizeOf(left) + sizeOf(right);
        }
    }
}
