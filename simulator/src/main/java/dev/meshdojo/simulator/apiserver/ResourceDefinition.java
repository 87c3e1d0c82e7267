package dev.meshdojo.simulator.apiserver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource with all its versions.
 *
 * @param group API group; empty for the core group
 * @param kind CamelCase kind
 * @param listKind kind of its lists
 * @param plural the name in URLs
 * @param singular the name in messages
 * @param shortNames kubectl's abbreviations
 * @param categories groups such as {@code all}
 * @param namespaced whether objects live in namespaces
 * @param verbs in discovery's order
 * @param versions preferred one first
 * @param custom whether a CustomResourceDefinition made it
 * @param strategy what is special about its objects
 */
public record ResourceDefinition(
        String group,
        String kind,
        String listKind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        List<String> verbs,
        List<Version> versions,
        boolean custom,
        ResourceStrategy strategy) {

    public ResourceDefinition {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        verbs = List.copyOf(verbs);
        versions = List.copyOf(versions);
    }

    /**
     * One version.
     *
     * @param name such as {@code v1}
     * @param served whether requests may use it
     * @param storage whether objects are stored in it; true for exactly one
     * @param subresources what else is served below an object
     * @param deprecation the warning that every request in this version gets, or null
     */
    public record Version(
            String name,
            boolean served,
            boolean storage,
            List<Subresource> subresources,
            @Nullable String deprecation) {
        public Version {
            subresources = List.copyOf(subresources);
        }

        /** The subresource of that name, or null. */
        public @Nullable Subresource subresource(String wanted) {
            for (Subresource subresource : subresources) {
                if (subresource.name().equals(wanted)) {
                    return subresource;
                }
            }
            return null;
        }
    }

    /**
     * A subresource.
     *
     * @param name such as {@code status} or {@code scale}
     * @param group of its objects when they are of another kind, else empty
     * @param version likewise
     * @param kind of its objects
     * @param verbs in discovery's order
     */
    public record Subresource(
            String name, String group, String version, String kind, List<String> verbs) {
        public Subresource {
            verbs = List.copyOf(verbs);
        }
    }

    /** {@code deployments.apps}, or just {@code pods}: how messages name it. */
    public String groupResource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** The store's bucket. The two groups that serve events share one. */
    public String bucket() {
        return group.equals("events.k8s.io") ? plural : groupResource();
    }

    /** The version objects are stored in. */
    public String storageVersion() {
        for (Version version : versions) {
            if (version.storage()) {
                return version.name();
            }
        }
        return versions.getFirst().name();
    }

    /** A version by name, served or not; null when there is none. */
    public @Nullable Version version(String name) {
        for (Version version : versions) {
            if (version.name().equals(name)) {
                return version;
            }
        }
        return null;
    }

    /** This resource as one of its versions shows it. */
    public ResourceType type(String version) {
        return new ResourceType(
                group, version, kind, plural, singular, shortNames, categories, namespaced);
    }

    /** Whether a verb is served. */
    public boolean allows(String verb) {
        return verbs.contains(verb);
    }
}
