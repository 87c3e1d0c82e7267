package dev.meshdojo.simulator.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceDefinition.Subresource;
import dev.meshdojo.simulator.apiserver.ResourceDefinition.Version;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The discovery documents of one state of the registry. Immutable.
 *
 * <p>Source: kube-apiserver 1.35's {@code /api}, {@code /apis} and aggregated discovery.
 */
public final class DiscoveryDocuments {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final List<ApiGroup> groups;

    /**
     * @param definitions what is served, built-in kinds first
     */
    public DiscoveryDocuments(Collection<ResourceDefinition> definitions) {
        this.groups = ApiGroup.of(definitions);
    }

    /** {@code /api}: an APIVersions; {@code address} is the server's own, HOST:PORT. */
    public ObjectNode coreVersions(String address) {
        ObjectNode document = JSON.objectNode().put("kind", "APIVersions");
        document.putArray("versions").add("v1");
        document.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", address);
        return document;
    }

    /** {@code /apis}: an APIGroupList. */
    public ObjectNode groupList() {
        ObjectNode document = JSON.objectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode list = document.putArray("groups");
        List<ApiGroup> sorted = new ArrayList<>();
        groups.stream().filter(g -> !g.custom() && !g.name().isEmpty()).forEach(sorted::add);
        groups.stream()
                .filter(ApiGroup::custom)
                .sorted(Comparator.comparing(ApiGroup::firstService))
                .forEach(sorted::add);
        sorted.forEach(group -> describe(list.addObject(), group));
        return document;
    }

    /** {@code /apis/GROUP}: an APIGroup, or null when there is none of that name. */
    public @Nullable ObjectNode group(String name) {
        ApiGroup group = find(name);
        if (group == null || name.isEmpty()) {
            return null;
        }
        ObjectNode document = JSON.objectNode().put("kind", "APIGroup").put("apiVersion", "v1");
        describe(document, group);
        return document;
    }

    /** {@code /apis/GROUP/VERSION} or {@code /api/v1}: an APIResourceList, or null. */
    public @Nullable ObjectNode resourceList(String groupName, String version) {
        ApiGroup group = find(groupName);
        if (group == null || !group.versions().contains(version)) {
            return null;
        }
        ObjectNode document = JSON.objectNode().put("kind", "APIResourceList");
        if (!groupName.isEmpty()) {
            document.put("apiVersion", "v1");
        }
        document.put("groupVersion", group.groupVersion(version));
        ArrayNode resources = document.putArray("resources");
        for (ResourceDefinition definition : group.in(version)) {
            Version served = Objects.requireNonNull(definition.version(version));
            resources.add(legacyResource(definition));
            for (Subresource subresource : served.subresources()) {
                resources.add(legacySubresource(definition, subresource));
            }
        }
        return document;
    }

    /** Whether a group is served in a version. */
    public boolean serves(String groupName, String version) {
        ApiGroup group = find(groupName);
        return group != null && group.versions().contains(version);
    }

    /** Group and version pairs as paths, such as {@code /apis/apps/v1}, and those of groups. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>(List.of("/api", "/api/v1", "/apis", "/apis/"));
        for (ApiGroup group : groups) {
            if (!group.name().isEmpty()) {
                paths.add("/apis/" + group.name());
                group.versions().forEach(v -> paths.add("/apis/" + group.name() + "/" + v));
            }
        }
        return paths;
    }

    /**
     * Aggregated discovery: an APIGroupDiscoveryList.
     *
     * @param core whether of the core group ({@code /api}) or of all others ({@code /apis})
     * @param apiVersion {@code apidiscovery.k8s.io/v2} or {@code v2beta1}
     */
    public ObjectNode aggregated(boolean core, String apiVersion) {
        ObjectNode document =
                JSON.objectNode()
                        .put("kind", "APIGroupDiscoveryList")
                        .put("apiVersion", apiVersion);
        document.putObject("metadata");
        ArrayNode items = document.putArray("items");
        for (ApiGroup group : groups) {
            if (group.name().isEmpty() == core) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata");
                if (!core) {
                    metadata.put("name", group.name());
                }
                ArrayNode versions = item.putArray("versions");
                group.versions().forEach(v -> versions.add(aggregatedVersion(group, v)));
            }
        }
        return document;
    }

    private @Nullable ApiGroup find(String name) {
        for (ApiGroup group : groups) {
            if (group.name().equals(name)) {
                return group;
            }
        }
        return null;
    }

    private static void describe(ObjectNode node, ApiGroup group) {
        node.put("name", group.name());
        ArrayNode versions = node.putArray("versions");
        group.versions().forEach(version -> versions.add(version(group, version)));
        node.set("preferredVersion", version(group, group.versions().getFirst()));
    }

    private static ObjectNode version(ApiGroup group, String version) {
        return JSON.objectNode()
                .put("groupVersion", group.groupVersion(version))
                .put("version", version);
    }

    private static ObjectNode legacyResource(ResourceDefinition definition) {
        ObjectNode node =
                JSON.objectNode()
                        .put("name", definition.plural())
                        .put("singularName", definition.singular())
                        .put("namespaced", definition.namespaced())
                        .put("kind", definition.kind());
        putAll(node, "verbs", definition.verbs());
        putUnlessEmpty(node, "shortNames", definition.shortNames());
        putUnlessEmpty(node, "categories", definition.categories());
        if (definition.allows("watch")) {
            node.put("storageVersionHash", storageVersionHash(definition));
        }
        return node;
    }

    private static ObjectNode legacySubresource(
            ResourceDefinition definition, Subresource subresource) {
        ObjectNode node =
                JSON.objectNode()
                        .put("name", definition.plural() + "/" + subresource.name())
                        .put("singularName", "")
                        .put("namespaced", definition.namespaced());
        if (!subresource.group().isEmpty()) {
            node.put("group", subresource.group()).put("version", subresource.version());
        }
        node.put("kind", subresource.kind());
        putAll(node, "verbs", subresource.verbs());
        return node;
    }

    private static ObjectNode aggregatedVersion(ApiGroup group, String version) {
        ObjectNode node = JSON.objectNode().put("version", version);
        ArrayNode resources = node.putArray("resources");
        for (ResourceDefinition definition : group.in(version)) {
            ObjectNode resource = resources.addObject().put("resource", definition.plural());
            putKind(resource, group, version, "", "", definition.kind());
            resource.put("scope", definition.namespaced() ? "Namespaced" : "Cluster")
                    .put("singularResource", definition.singular());
            putAll(resource, "verbs", definition.verbs());
            putUnlessEmpty(resource, "shortNames", definition.shortNames());
            putUnlessEmpty(resource, "categories", definition.categories());
            List<Subresource> subresources =
                    Objects.requireNonNull(definition.version(version)).subresources();
            if (!subresources.isEmpty()) {
                ArrayNode list = resource.putArray("subresources");
                subresources.forEach(s -> addSubresource(list, group, version, s));
            }
        }
        return node.put("freshness", "Current");
    }

    private static void addSubresource(
            ArrayNode list, ApiGroup group, String version, Subresource subresource) {
        ObjectNode node = list.addObject().put("subresource", subresource.name());
        putKind(
                node,
                group,
                version,
                subresource.group(),
                subresource.version(),
                subresource.kind());
        putAll(node, "verbs", subresource.verbs());
    }

    /** Built-in kinds leave group and version empty; custom kinds fill them in. */
    private static void putKind(
            ObjectNode node,
            ApiGroup group,
            String version,
            String ownGroup,
            String ownVersion,
            String kind) {
        boolean inherits = group.custom() && ownGroup.isEmpty();
        node.putObject("responseKind")
                .put("group", inherits ? group.name() : ownGroup)
                .put("version", inherits ? version : ownVersion)
                .put("kind", kind);
    }

    private static void putAll(ObjectNode node, String field, List<String> values) {
        ArrayNode array = node.putArray(field);
        values.forEach(array::add);
    }

    private static void putUnlessEmpty(ObjectNode node, String field, List<String> values) {
        if (!values.isEmpty()) {
            putAll(node, field, values);
        }
    }

    /** CRDs and volume attribute classes are still stored in the version before the served one. */
    private static String storageVersion(ResourceDefinition definition) {
        return switch (definition.groupResource()) {
            case "customresourcedefinitions.apiextensions.k8s.io",
                    "volumeattributesclasses.storage.k8s.io" ->
                    "v1beta1";
            default -> definition.storageVersion();
        };
    }

    /** First eight bytes of the SHA-256 of {@code GROUP/VERSION/KIND} as stored, in Base64. */
    static String storageVersionHash(ResourceDefinition definition) {
        boolean sharedEvents = definition.group().equals("events.k8s.io");
        String stored =
                (sharedEvents ? "" : definition.group())
                        + "/"
                        + storageVersion(definition)
                        + "/"
                        + definition.kind();
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(stored.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
