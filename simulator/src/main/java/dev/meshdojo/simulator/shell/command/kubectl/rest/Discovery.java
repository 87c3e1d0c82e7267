package dev.meshdojo.simulator.shell.command.kubectl.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the server serves, in its order of preference. */
public final class Discovery {

    private static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
                    + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
                    + "application/json";

    private final List<Resource> resources;
    private final List<String> groupVersions;

    private Discovery(List<Resource> resources, List<String> groupVersions) {
        this.resources = List.copyOf(resources);
        this.groupVersions = List.copyOf(groupVersions);
    }

    /** Asks the server. */
    public static Discovery read(RestClient client) throws InterruptedException {
        List<Resource> resources = new ArrayList<>();
        Set<String> versions = new LinkedHashSet<>();
        for (String root : List.of("/api", "/apis")) {
            JsonNode list = parse(client.text("GET", root, AGGREGATED, null, null));
            if (list.path("kind").asText().equals("APIGroupDiscoveryList")) {
                aggregated(list, resources, versions);
            } else {
                legacy(client, root, list, resources, versions);
            }
        }
        return new Discovery(resources, List.copyOf(versions));
    }

    private static JsonNode parse(String text) {
        try {
            return RestClient.JSON.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new ConnectionException("discovery is no JSON: " + e.getOriginalMessage());
        }
    }

    private static void aggregated(JsonNode list, List<Resource> resources, Set<String> versions) {
        for (JsonNode group : list.path("items")) {
            String name = group.path("metadata").path("name").asText("");
            for (JsonNode version : group.path("versions")) {
                String v = version.path("version").asText();
                versions.add(name.isEmpty() ? v : name + "/" + v);
                for (JsonNode resource : version.path("resources")) {
                    resources.add(
                            new Resource(
                                    name,
                                    v,
                                    resource.path("responseKind").path("kind").asText(),
                                    resource.path("resource").asText(),
                                    resource.path("singularResource").asText(),
                                    strings(resource.path("shortNames")),
                                    strings(resource.path("categories")),
                                    resource.path("scope").asText().equals("Namespaced"),
                                    strings(resource.path("verbs"))));
                }
            }
        }
    }

    private static void legacy(
            RestClient client,
            String root,
            JsonNode list,
            List<Resource> resources,
            Set<String> versions)
            throws InterruptedException {
        List<String> groupVersions = new ArrayList<>();
        list.path("versions").forEach(v -> groupVersions.add(v.asText()));
        for (JsonNode group : list.path("groups")) {
            group.path("versions").forEach(v -> groupVersions.add(v.path("groupVersion").asText()));
        }
        for (String groupVersion : groupVersions) {
            versions.add(groupVersion);
            int slash = groupVersion.indexOf('/');
            String group = slash < 0 ? "" : groupVersion.substring(0, slash);
            String version = groupVersion.substring(slash + 1);
            for (JsonNode resource : client.get(root + "/" + groupVersion).path("resources")) {
                if (!resource.path("name").asText().contains("/")) {
                    resources.add(
                            new Resource(
                                    group,
                                    version,
                                    resource.path("kind").asText(),
                                    resource.path("name").asText(),
                                    resource.path("singularName").asText(),
                                    strings(resource.path("shortNames")),
                                    strings(resource.path("categories")),
                                    resource.path("namespaced").asBoolean(),
                                    strings(resource.path("verbs"))));
                }
            }
        }
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(s -> strings.add(s.asText()));
        return strings;
    }

    /** All kinds, best version first. */
    public List<Resource> resources() {
        return resources;
    }

    /** All group versions in the server's order. */
    public List<String> groupVersions() {
        return groupVersions;
    }

    /**
     * The kind that a user means: plural, singular, kind or short name, with {@code .group} or
     * {@code .version.group} behind it; null when there is none.
     */
    public @Nullable Resource find(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        Resource exact = match(lower, "", "");
        if (exact != null) {
            return exact;
        }
        int dot = lower.indexOf('.');
        if (dot < 0) {
            return null;
        }
        String name = lower.substring(0, dot);
        String rest = lower.substring(dot + 1);
        int second = rest.indexOf('.');
        Resource versioned =
                match(
                        name,
                        second < 0 ? "" : rest.substring(second + 1),
                        second < 0 ? rest : rest.substring(0, second));
        return versioned != null ? versioned : match(name, rest, "");
    }

    private @Nullable Resource match(String name, String group, String version) {
        for (boolean shortName : new boolean[] {false, true}) {
            for (Resource resource : resources) {
                boolean named =
                        shortName
                                ? resource.shortNames().contains(name)
                                : resource.plural().equals(name)
                                        || resource.singular().equals(name)
                                        || resource.kind().toLowerCase(Locale.ROOT).equals(name);
                boolean placed =
                        version.isEmpty()
                                ? group.isEmpty() || resource.group().startsWith(group)
                                : resource.version().equals(version)
                                        && resource.group().equals(group);
                if (named && placed) {
                    return resource;
                }
            }
        }
        return null;
    }

    /** The kinds of a category such as {@code all}, best versions only. */
    public List<Resource> category(String name) {
        List<Resource> found = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Resource resource : resources) {
            if (resource.categories().contains(name) && seen.add(resource.groupResource())) {
                found.add(resource);
            }
        }
        return found;
    }

    /** The served kind of an object; null when the server has none such. */
    public @Nullable Resource ofKind(String apiVersion, String kind) {
        for (Resource resource : resources) {
            if (resource.kind().equals(kind) && resource.apiVersion().equals(apiVersion)) {
                return resource;
            }
        }
        return null;
    }
}
