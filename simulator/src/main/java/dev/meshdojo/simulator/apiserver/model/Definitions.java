package dev.meshdojo.simulator.apiserver.model;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Translates between Kubernetes' definition names, the short names of our facts table, and the
 * packages of fabric8's model.
 */
final class Definitions {

    private static final String META_PREFIX = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String MODEL = "io.fabric8.kubernetes.api.model.";

    private static final Map<String, String> PREFIXES =
            Map.of(
                    "meta.v1", META_PREFIX,
                    "apiextensions.v1", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.",
                    "apiregistration.v1", "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.");

    /** fabric8 packages whose name is not simply GROUP.VERSION. */
    private static final Map<String, String> PACKAGES =
            Map.ofEntries(
                    Map.entry("meta.v1", ""),
                    Map.entry("core.v1", ""),
                    Map.entry("apiregistration.v1", ""),
                    Map.entry("apps.v1", "apps."),
                    Map.entry("authentication.v1", "authentication."),
                    Map.entry("rbac.v1", "rbac."),
                    Map.entry("storage.v1", "storage."));

    /** Types of meta/v1 that share fabric8's core package. */
    private static final Set<String> META =
            Set.of(
                    "APIGroup",
                    "APIGroupList",
                    "APIResource",
                    "APIResourceList",
                    "Condition",
                    "DeleteOptions",
                    "FieldSelectorRequirement",
                    "FieldsV1",
                    "GroupVersionForDiscovery",
                    "LabelSelector",
                    "LabelSelectorRequirement",
                    "ListMeta",
                    "ManagedFieldsEntry",
                    "ObjectMeta",
                    "OwnerReference",
                    "Patch",
                    "Preconditions",
                    "ServerAddressByClientCIDR",
                    "Status",
                    "StatusCause",
                    "StatusDetails",
                    "WatchEvent");

    private static final Set<String> REGISTRATION =
            Set.of(
                    "APIService",
                    "APIServiceCondition",
                    "APIServiceSpec",
                    "APIServiceStatus",
                    "APIServiceList");

    private Definitions() {}

    /** {@code core.v1.PodSpec} → {@code io.k8s.api.core.v1.PodSpec}. */
    static String fullName(String shortName) {
        int dot = shortName.lastIndexOf('.');
        String pkg = shortName.substring(0, dot);
        String prefix = PREFIXES.get(pkg);
        return prefix == null ? "io.k8s.api." + shortName : prefix + shortName.substring(dot + 1);
    }

    /** The reverse of {@link #fullName}. */
    static String shortName(String fullName) {
        for (Map.Entry<String, String> prefix : PREFIXES.entrySet()) {
            if (fullName.startsWith(prefix.getValue())) {
                return prefix.getKey() + "." + fullName.substring(prefix.getValue().length());
            }
        }
        return fullName.substring("io.k8s.api.".length());
    }

    /** fabric8's class for a definition, or null when it has none. */
    static @Nullable Class<?> modelClass(String shortName) {
        int dot = shortName.lastIndexOf('.');
        String pkg = shortName.substring(0, dot);
        String simple = shortName.substring(dot + 1);
        boolean service = simple.equals("ServiceReference") && pkg.equals("apiregistration.v1");
        String className =
                MODEL
                        + PACKAGES.getOrDefault(pkg, pkg + ".")
                        + (service ? "APIServiceServiceReference" : simple);
        try {
            return Class.forName(className, false, Definitions.class.getClassLoader());
        } catch (ClassNotFoundException _) {
            return null;
        }
    }

    /** The short name of the definition that a fabric8 class stands for. */
    static String shortNameOf(Class<?> type) {
        String pkg = type.getPackageName();
        String simple = type.getSimpleName();
        String rest = pkg.length() < MODEL.length() ? "" : pkg.substring(MODEL.length());
        if (rest.isEmpty()) {
            if (META.contains(simple)) {
                return "meta.v1." + simple;
            }
            return (REGISTRATION.contains(simple) ? "apiregistration.v1." : "core.v1.") + simple;
        }
        return (rest.contains(".") ? rest : rest + ".v1") + "." + simple;
    }
}
