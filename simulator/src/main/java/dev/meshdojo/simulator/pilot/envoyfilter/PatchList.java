package dev.meshdojo.simulator.pilot.envoyfilter;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Insertion, replacement and removal in lists, as patches of filters and routes do them. */
final class PatchList {

    private PatchList() {}

    /**
     * Applies a patch that is no merge.
     *
     * @param named whether the patch names an element; without one, insertions go to either end
     * @param matches which elements it names
     */
    static <T extends Message> List<T> apply(
            List<T> list, Patch patch, T value, boolean named, Predicate<T> matches) {
        List<T> out = new ArrayList<>(list);
        int at = -1;
        for (int i = 0; i < list.size() && at < 0; i++) {
            at = matches.test(list.get(i)) ? i : -1;
        }
        switch (patch.operation()) {
            case "ADD" -> out.add(value);
            case "INSERT_FIRST" -> out.addFirst(value);
            case "INSERT_AFTER" -> {
                if (!named) {
                    out.add(value);
                } else if (at >= 0) {
                    out.add(at + 1, value);
                }
            }
            case "INSERT_BEFORE" -> {
                if (!named) {
                    out.addFirst(value);
                } else if (at >= 0) {
                    out.add(at, value);
                }
            }
            case "REPLACE" -> {
                if (named && at >= 0) {
                    out.set(at, value);
                }
            }
            case "REMOVE" -> {
                if (named) {
                    out.removeIf(matches);
                }
            }
            default -> {}
        }
        return out;
    }
}
