package dev.meshdojo.simulator.apiserver.rest;

import dev.meshdojo.simulator.apiserver.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource path, taken apart.
 *
 * @param group empty for the core group
 * @param version API version
 * @param namespace empty when the path has none
 * @param plural the resource
 * @param name the object, or empty
 * @param subresource with slashes when it has several parts, or empty
 * @param watch whether the path has the old {@code /watch/} segment
 */
record Path(
        String group,
        String version,
        String namespace,
        String plural,
        String name,
        String subresource,
        boolean watch) {

    /** Null when the path is none of a resource. */
    static @Nullable Path parse(ApiRequest request) {
        List<String> parts =
                java.util.Arrays.stream(request.path().split("/"))
                        .filter(part -> !part.isEmpty())
                        .toList();
        if (parts.size() < 3) {
            return null;
        }
        String group;
        int at;
        if (parts.get(0).equals("api")) {
            group = "";
            at = 1;
        } else if (parts.get(0).equals("apis") && parts.size() > 3) {
            group = parts.get(1);
            at = 2;
        } else {
            return null;
        }
        String version = parts.get(at++);
        boolean watch = parts.get(at).equals("watch") && parts.size() > at + 1;
        if (watch) {
            at++;
        }
        String namespace = "";
        if (parts.get(at).equals("namespaces") && parts.size() > at + 1) {
            boolean itself =
                    parts.size() == at + 2
                            || (parts.size() == at + 3
                                    && (parts.get(at + 2).equals("status")
                                            || parts.get(at + 2).equals("finalize")));
            if (!itself) {
                namespace = parts.get(at + 1);
                at += 2;
            }
        }
        String plural = parts.get(at++);
        String name = at < parts.size() ? parts.get(at++) : "";
        String subresource =
                at < parts.size() ? String.join("/", parts.subList(at, parts.size())) : "";
        return new Path(group, version, namespace, plural, name, subresource, watch);
    }
}
