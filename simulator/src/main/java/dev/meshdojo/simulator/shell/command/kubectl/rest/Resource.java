package dev.meshdojo.simulator.shell.command.kubectl.rest;

import java.util.List;
import java.util.Locale;

/**
 * One kind that the server serves.
 *
 * @param group empty for the core group
 * @param version served version
 * @param kind CamelCase
 * @param plural name in URLs
 * @param singular name in words
 * @param shortNames abbreviations
 * @param categories such as {@code all}
 * @param namespaced whether it lives in namespaces
 * @param verbs what may be done
 */
public record Resource(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        List<String> verbs) {

    public Resource {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        verbs = List.copyOf(verbs);
    }

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code pods} or {@code deployments.apps}. */
    public String groupResource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** {@code pod} or {@code deployment.apps}: what {@code -o name} puts before the slash. */
    public String groupKind() {
        String lower = kind.toLowerCase(Locale.ROOT);
        return group.isEmpty() ? lower : lower + "." + group;
    }

    /** The collection's path; {@code namespace} empty means all. */
    public String path(String namespace) {
        String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        return namespaced && !namespace.isEmpty()
                ? root + "/namespaces/" + namespace + "/" + plural
                : root + "/" + plural;
    }

    /** One object's path. */
    public String path(String namespace, String name) {
        return path(namespace) + "/" + name;
    }
}
