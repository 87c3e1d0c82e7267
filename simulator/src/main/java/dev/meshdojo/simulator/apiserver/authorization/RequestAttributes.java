package dev.meshdojo.simulator.apiserver.authorization;

import dev.meshdojo.simulator.apiserver.ApiRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a request wants to do, as the authorizer sees it.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, …; the method in lower case for paths
 * @param group API group; empty for the core group
 * @param resource plural; empty when the request is for a path that is no resource
 * @param subresource such as {@code log}; may be empty
 * @param namespace empty at the cluster scope
 * @param name empty for collections
 * @param path the URL path
 */
record RequestAttributes(
        String verb,
        String group,
        String resource,
        String subresource,
        String namespace,
        String name,
        String path) {

    /** Reads the attributes off a request. Source: apiserver's {@code RequestInfoFactory}. */
    static RequestAttributes of(ApiRequest request) {
        String path = request.path();
        List<String> parts = new ArrayList<>(Arrays.asList(path.split("/")));
        parts.removeIf(String::isEmpty);
        boolean core = parts.size() > 2 && parts.getFirst().equals("api");
        boolean named = parts.size() > 3 && parts.getFirst().equals("apis");
        if (!core && !named) {
            return new RequestAttributes(
                    request.method().toLowerCase(java.util.Locale.ROOT), "", "", "", "", "", path);
        }
        String group = core ? "" : parts.get(1);
        List<String> rest = new ArrayList<>(parts.subList(core ? 2 : 3, parts.size()));
        boolean oldWatch = rest.getFirst().equals("watch") && rest.size() > 1;
        if (oldWatch) {
            rest.removeFirst();
        }
        String namespace = "";
        if (rest.getFirst().equals("namespaces") && rest.size() > 1) {
            namespace = rest.get(1);
            boolean inside =
                    rest.size() > 2 && !List.of("status", "finalize").contains(rest.get(2));
            if (inside) {
                rest = rest.subList(2, rest.size());
            }
        }
        String name = rest.size() > 1 ? rest.get(1) : "";
        String subresource = rest.size() > 2 ? rest.get(2) : "";
        boolean watches = oldWatch || List.of("1", "true").contains(request.parameter("watch", ""));
        return new RequestAttributes(
                verb(request.method(), name.isEmpty(), watches),
                group,
                rest.getFirst(),
                subresource,
                namespace,
                name,
                path);
    }

    private static String verb(String method, boolean collection, boolean watches) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            default -> watches && collection ? "watch" : collection ? "list" : "get";
        };
    }

    RequestAttributes withVerb(String other) {
        return new RequestAttributes(other, group, resource, subresource, namespace, name, path);
    }

    boolean isResource() {
        return !resource.isEmpty();
    }

    /** {@code pods/log}. */
    String fullResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }
}
