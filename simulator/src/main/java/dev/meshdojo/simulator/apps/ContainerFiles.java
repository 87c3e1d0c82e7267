package dev.meshdojo.simulator.apps;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A container's files: an in-memory layer that programs write, over volumes whose content follows
 * the ConfigMap or Secret behind them. Paths are absolute and normal. Thread-safe.
 */
public final class ContainerFiles {

    private static final List<String> BASE =
            List.of(
                    "/bin", "/dev", "/etc", "/home", "/lib", "/proc", "/root", "/run", "/sbin",
                    "/sys", "/tmp", "/usr", "/var");

    private static final Set<String> ROOTS =
            Set.of("/app", "/data", "/opt", "/srv", "/mnt", "/media", "/usr", "/home", "/work");

    private final NavigableMap<String, byte[]> written = new ConcurrentSkipListMap<>();
    private final Set<String> made = new ConcurrentSkipListSet<>(BASE);
    private final NavigableMap<String, Supplier<NavigableMap<String, byte[]>>> mounts =
            new ConcurrentSkipListMap<>();

    private final NavigableMap<String, NavigableMap<String, byte[]>> shared =
            new ConcurrentSkipListMap<>();

    /** Mounts a volume: {@code content} gives its files by path relative to {@code path}. */
    public void mount(String path, Supplier<NavigableMap<String, byte[]>> content) {
        mounts.put(normal(path), content);
    }

    /** Mounts a directory that programs may write to, and that other containers may share. */
    public void mountShared(String path, NavigableMap<String, byte[]> content) {
        shared.put(normal(path), content);
        mount(path, () -> content);
    }

    /** The file's bytes, or null when there is no such file. */
    public byte @Nullable [] read(String path) {
        String file = normal(path);
        byte[] own = written.get(file);
        return own != null ? own : mounted().get(file);
    }

    /** Writes a file. */
    public void write(String path, byte[] content) {
        String file = normal(path);
        for (var mount : shared.descendingMap().entrySet()) {
            if (file.startsWith(mount.getKey() + "/")) {
                mount.getValue().put(file.substring(mount.getKey().length() + 1), content.clone());
                return;
            }
        }
        written.put(file, content.clone());
    }

    /** Removes a file that was written; mounted files stay. */
    public boolean remove(String path) {
        String file = normal(path);
        for (var mount : shared.descendingMap().entrySet()) {
            if (file.startsWith(mount.getKey() + "/")) {
                return mount.getValue().remove(file.substring(mount.getKey().length() + 1)) != null;
            }
        }
        return written.remove(file) != null;
    }

    /** Makes a directory, with those above it. */
    public void makeDirectory(String path) {
        for (String directory = normal(path);
                !directory.equals("/");
                directory = directory.substring(0, Math.max(1, directory.lastIndexOf('/')))) {
            made.add(directory);
        }
    }

    /** Removes a directory that was made and all that was written there. */
    public boolean removeDirectory(String path) {
        String directory = normal(path);
        boolean known = isDirectory(directory);
        made.removeIf(each -> each.equals(directory) || each.startsWith(directory + "/"));
        written.keySet().removeIf(file -> file.startsWith(directory + "/"));
        all().keySet().stream()
                .filter(file -> file.startsWith(directory + "/"))
                .forEach(this::remove);
        return known;
    }

    /** Whether {@code path} is a directory. */
    public boolean isDirectory(String path) {
        String directory = normal(path);
        String prefix = directory.equals("/") ? "/" : directory + "/";
        return directory.equals("/")
                || made.contains(directory)
                || mounts.containsKey(directory)
                || all().keySet().stream().anyMatch(file -> file.startsWith(prefix));
    }

    /** Whether a file may be made there: images have more directories than are known here. */
    public boolean canHold(String path) {
        String file = normal(path);
        int end = file.indexOf('/', 1);
        return end < 0
                || ROOTS.contains(file.substring(0, end))
                || isDirectory(file.substring(0, end));
    }

    /** The names directly under a directory, sorted; empty when there is none. */
    public List<String> list(String path) {
        String directory = normal(path);
        String prefix = directory.equals("/") ? "/" : directory + "/";
        return Stream.of(all().keySet(), made, mounts.keySet())
                .flatMap(Collection::stream)
                .filter(file -> file.startsWith(prefix))
                .map(file -> file.substring(prefix.length()).split("/", 2)[0])
                .distinct()
                .sorted()
                .toList();
    }

    private NavigableMap<String, byte[]> all() {
        NavigableMap<String, byte[]> all = mounted();
        all.putAll(written);
        return all;
    }

    private NavigableMap<String, byte[]> mounted() {
        NavigableMap<String, byte[]> all = new TreeMap<>();
        mounts.forEach(
                (path, content) ->
                        content.get()
                                .forEach(
                                        (name, bytes) ->
                                                all.put(
                                                        name.isEmpty() ? path : path + "/" + name,
                                                        bytes)));
        return all;
    }

    /** {@code path} made absolute, without {@code .}, {@code ..} and doubled slashes. */
    public static String normal(String path) {
        java.util.ArrayDeque<String> parts = new java.util.ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }
}
