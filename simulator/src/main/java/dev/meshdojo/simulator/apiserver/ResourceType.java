package dev.meshdojo.simulator.apiserver;

import java.util.List;

/**
 * One kind of object the API server serves, in one served version.
 *
 * @param group API group; empty for the core group
 * @param version served version, such as {@code v1}
 * @param kind CamelCase kind
 * @param plural the name in URLs
 * @param singular the name in messages
 * @param shortNames kubectl's abbreviations
 * @param categories groups such as {@code all} that kubectl expands
 * @param namespaced whether objects live in namespaces
 */
public record ResourceType(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced) {

    public ResourceType {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
    }

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code deployments.apps}, or just {@code pods} in the core group: how messages name it. */
    public String groupResource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
