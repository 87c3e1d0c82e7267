package dev.meshdojo.simulator.apiserver.discovery;

import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A group as discovery shows it.
 *
 * @param name empty for the core group
 * @param custom whether custom resource definitions made it
 * @param versions best first
 * @param resources its resources, sorted by name
 */
record ApiGroup(
        String name, boolean custom, List<String> versions, List<ResourceDefinition> resources) {

    /**
     * All groups: built-in ones in the order of their registration, which is that of their
     * priority, then custom ones by name.
     */
    static List<ApiGroup> of(Collection<ResourceDefinition> definitions) {
        Map<String, List<ResourceDefinition>> byGroup = new LinkedHashMap<>();
        for (ResourceDefinition definition : definitions) {
            byGroup.computeIfAbsent(definition.group(), _ -> new ArrayList<>()).add(definition);
        }
        List<ApiGroup> builtIn = new ArrayList<>();
        List<ApiGroup> custom = new ArrayList<>();
        byGroup.forEach(
                (name, resources) -> {
                    ApiGroup group = group(name, resources);
                    (group.custom() ? custom : builtIn).add(group);
                });
        custom.sort(Comparator.comparing(ApiGroup::name));
        builtIn.addAll(custom);
        builtIn.removeIf(group -> group.versions().isEmpty());
        return List.copyOf(builtIn);
    }

    private static ApiGroup group(String name, List<ResourceDefinition> resources) {
        List<String> versions =
                resources.stream()
                        .flatMap(resource -> resource.versions().stream())
                        .filter(ResourceDefinition.Version::served)
                        .map(ResourceDefinition.Version::name)
                        .distinct()
                        .sorted(new VersionOrder())
                        .toList();
        boolean custom = resources.stream().allMatch(ResourceDefinition::custom);
        List<ResourceDefinition> sorted =
                resources.stream()
                        .sorted(Comparator.comparing(ResourceDefinition::plural))
                        .toList();
        return new ApiGroup(name, custom, versions, sorted);
    }

    String groupVersion(String version) {
        return name.isEmpty() ? version : name + "/" + version;
    }

    /** Resources that are served in a version. */
    List<ResourceDefinition> in(String version) {
        return resources.stream()
                .filter(
                        resource -> {
                            ResourceDefinition.Version served = resource.version(version);
                            return served != null && served.served();
                        })
                .toList();
    }

    /** The name that orders custom groups in {@code /apis}: that of their first APIService. */
    String firstService() {
        return versions.stream()
                .map(version -> version + "." + name)
                .sorted()
                .findFirst()
                .orElse(name);
    }
}
