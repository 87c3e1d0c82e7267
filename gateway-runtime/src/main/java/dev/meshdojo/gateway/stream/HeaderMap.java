package dev.meshdojo.gateway.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of one message, in the order they came, one entry a line.
 *
 * <p>Names are lower-case; callers pass them so. Values are as on the wire, one character a byte
 * (ISO-8859-1). Lookups scan: a message has about ten lines, and no index costs less to build.
 * Mutable, owned by one thread at a time.
 */
public final class HeaderMap {

    private final Set<String> single;
    private String[] entries;
    private int length;
    private int last;

    /** An empty map with room for a usual message. */
    public HeaderMap() {
        this(12);
    }

    /** An empty map with room for {@code lines} lines. */
    public HeaderMap(int lines) {
        this(InlineHeaders.NONE, new String[Math.max(lines, 2) * 2], 0);
    }

    private HeaderMap(Set<String> single, String[] entries, int length) {
        this.single = single;
        this.entries = entries;
        this.length = length;
    }

    /** An empty map for a request, where some names never have two lines. */
    public static HeaderMap ofRequest(int lines) {
        return new HeaderMap(InlineHeaders.REQUEST, new String[Math.max(lines, 2) * 2], 0);
    }

    /** An empty map for a response, where some names never have two lines. */
    public static HeaderMap ofResponse(int lines) {
        return new HeaderMap(InlineHeaders.RESPONSE, new String[Math.max(lines, 2) * 2], 0);
    }

    /** A map of the given names and values, alternating. */
    public static HeaderMap of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "a name without a value: " + Arrays.toString(namesAndValues));
        }
        return new HeaderMap(InlineHeaders.NONE, namesAndValues.clone(), namesAndValues.length);
    }

    /** The number of lines. */
    public int size() {
        return length >> 1;
    }

    /** The name of line {@code index}. */
    public String name(int index) {
        return entries[index << 1];
    }

    /** The value of line {@code index}. */
    public String value(int index) {
        return entries[(index << 1) + 1];
    }

    /** The value of the first line of that name, or null. */
    public @Nullable String get(String name) {
        for (int i = 0; i < length; i += 2) {
            if (entries[i].equals(name)) {
                return entries[i + 1];
            }
        }
        return null;
    }

    /** The values of all lines of that name, in order; empty when there are none. */
    public List<String> all(String name) {
        List<String> values = List.of();
        for (int i = 0; i < length; i += 2) {
            if (entries[i].equals(name)) {
                if (values.isEmpty()) {
                    values = new ArrayList<>(2);
                }
                values.add(entries[i + 1]);
            }
        }
        return values;
    }

    /** All values of that name joined with {@code ","}, or null when there is none. */
    public @Nullable String joined(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : String.join(",", values);
    }

    /** Whether a line of that name is present. */
    public boolean contains(String name) {
        return get(name) != null;
    }

    /**
     * Appends a line, or the value behind that of the line there is, where the kind of message
     * allows no second line of that name.
     */
    public void add(String name, String value) {
        if (single.contains(name)) {
            for (int i = 0; i < length; i += 2) {
                if (entries[i].equals(name)) {
                    String before = entries[i + 1];
                    if (before.isEmpty() || !value.isEmpty()) {
                        entries[i + 1] = before.isEmpty() ? value : before + "," + value;
                    }
                    last = i;
                    return;
                }
            }
        }
        last = length;
        if (length == entries.length) {
            entries = Arrays.copyOf(entries, Math.max(length * 2, 8));
        }
        entries[length] = name;
        entries[length + 1] = value;
        length += 2;
    }

    /** Goes on with the value that was added last; false when there is none. */
    public boolean continueLast(String more) {
        if (last >= length) {
            return false;
        }
        entries[last + 1] = entries[last + 1] + more;
        return true;
    }

    /** Leaves exactly one line of that name, in the place of the first one if there was any. */
    public void set(String name, String value) {
        for (int i = 0; i < length; i += 2) {
            if (entries[i].equals(name)) {
                entries[i + 1] = value;
                removeFrom(i + 2, name);
                return;
            }
        }
        add(name, value);
    }

    /** Drops all lines of that name; tells whether there was any. */
    public boolean remove(String name) {
        return removeFrom(0, name);
    }

    /** Replaces the value of line {@code index}. */
    public void setValue(int index, String value) {
        entries[(index << 1) + 1] = value;
    }

    /** Drops all lines. */
    public void clear() {
        Arrays.fill(entries, 0, length, null);
        length = 0;
    }

    /** Calls {@code action} with name and value of every line. */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < length; i += 2) {
            action.accept(entries[i], entries[i + 1]);
        }
    }

    /** Appends all lines of {@code other}. */
    public void addAll(HeaderMap other) {
        for (int i = 0; i < other.length; i += 2) {
            add(other.entries[i], other.entries[i + 1]);
        }
    }

    /** An independent copy. */
    public HeaderMap copy() {
        return new HeaderMap(single, Arrays.copyOf(entries, Math.max(length + 8, 8)), length);
    }

    private boolean removeFrom(int start, String name) {
        int to = start;
        for (int from = start; from < length; from += 2) {
            if (!entries[from].equals(name)) {
                entries[to] = entries[from];
                entries[to + 1] = entries[from + 1];
                to += 2;
            }
        }
        boolean removed = to != length;
        if (removed) {
            Arrays.fill(entries, to, length, null);
            length = to;
        }
        return removed;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }
}
