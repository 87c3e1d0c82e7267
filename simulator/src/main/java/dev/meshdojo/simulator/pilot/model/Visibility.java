package dev.meshdojo.simulator.pilot.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An {@code exportTo} list.
 *
 * @param namespaces namespaces by name, {@code *} for all, {@code ~} for none; {@code .} is already
 *     replaced by the owner's namespace; empty when nothing was written
 */
public record Visibility(Set<String> namespaces) {

    /** Everybody. */
    public static final Visibility PUBLIC = new Visibility(Set.of("*"));

    public Visibility {
        namespaces = Set.copyOf(namespaces);
    }

    /** Reads a list; {@code fallback} stands in for an empty one. */
    public static Visibility of(List<String> exportTo, String owner, Visibility fallback) {
        if (exportTo.isEmpty()) {
            return fallback.namespaces.contains(".")
                    ? of(List.copyOf(fallback.namespaces), owner, PUBLIC)
                    : fallback;
        }
        Set<String> out = new LinkedHashSet<>();
        for (String entry : exportTo) {
            out.add(entry.equals(".") ? owner : entry);
        }
        return new Visibility(out);
    }

    /** Whether an object with this list may be used by proxies of {@code namespace}. */
    public boolean to(String namespace) {
        return isPublic() || (!namespaces.contains("~") && namespaces.contains(namespace));
    }

    /** Whether everybody may use it. */
    public boolean isPublic() {
        return namespaces.contains("*");
    }
}
