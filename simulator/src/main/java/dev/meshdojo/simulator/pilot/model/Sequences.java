package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Changing and comparing sorted lists in one pass over references. */
public final class Sequences {

    private Sequences() {}

    /**
     * A sorted list with some elements taken out and others put in.
     *
     * @param sorted sorted by {@code order}; not changed
     * @param added in any order; among equals they come after what is there
     */
    public static <T> List<T> edit(
            List<T> sorted,
            Set<? extends T> removed,
            Collection<? extends T> added,
            Comparator<? super T> order) {
        List<T> fresh = new ArrayList<>(added);
        fresh.sort(order);
        List<T> out = new ArrayList<>(sorted.size() + fresh.size());
        int next = 0;
        boolean removing = !removed.isEmpty();
        for (T element : sorted) {
            if (removing && removed.contains(element)) {
                continue;
            }
            while (next < fresh.size() && order.compare(fresh.get(next), element) < 0) {
                out.add(fresh.get(next++));
            }
            out.add(element);
        }
        while (next < fresh.size()) {
            out.add(fresh.get(next++));
        }
        return List.copyOf(out);
    }

    /**
     * Tells two sorted lists apart; elements that are the same instance in both are passed over.
     *
     * @param gone told of each element that only {@code before} has
     * @param come told of each element that only {@code after} has
     */
    @SuppressWarnings("ReferenceEquality") // the same instance is the same element
    public static <T> void compare(
            List<T> before,
            List<T> after,
            Comparator<? super T> order,
            Consumer<? super T> gone,
            Consumer<? super T> come) {
        int a = 0;
        int b = 0;
        while (a < before.size() && b < after.size()) {
            T old = before.get(a);
            T now = after.get(b);
            if (old == now) {
                a++;
                b++;
                continue;
            }
            int sign = order.compare(old, now);
            if (sign <= 0) {
                gone.accept(old);
                a++;
            }
            if (sign >= 0) {
                come.accept(now);
                b++;
            }
        }
        while (a < before.size()) {
            gone.accept(before.get(a++));
        }
        while (b < after.size()) {
            come.accept(after.get(b++));
        }
    }
}
