package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** Which names resources may have, and what their quantities have to be. */
final class ResourceNames {

    private static final Set<String> CONTAINER = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> COUNTED =
            Set.of(
                    "pods",
                    "resourcequotas",
                    "services",
                    "replicationcontrollers",
                    "secrets",
                    "configmaps",
                    "persistentvolumeclaims",
                    "services.nodeports",
                    "services.loadbalancers");
    private static final Set<String> COMPUTE =
            Set.of(
                    "cpu",
                    "memory",
                    "ephemeral-storage",
                    "requests.cpu",
                    "requests.memory",
                    "requests.storage",
                    "requests.ephemeral-storage",
                    "limits.cpu",
                    "limits.memory",
                    "limits.ephemeral-storage");
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    private ResourceNames() {}

    static boolean isHugePages(String name) {
        return name.startsWith("hugepages-");
    }

    private static boolean isQuotaHugePages(String name) {
        return isHugePages(name) || name.startsWith("requests.hugepages-");
    }

    static boolean isQuota(String name) {
        return COUNTED.contains(name) || COMPUTE.contains(name) || isQuotaHugePages(name);
    }

    private static boolean isNative(String name) {
        return !name.contains("/") || name.contains("kubernetes.io/");
    }

    private static boolean isExtended(String name) {
        return !isNative(name)
                && !name.startsWith("requests.")
                && Names.qualified("requests." + name).isEmpty();
    }

    static boolean mayOvercommit(String name) {
        return isNative(name) && !isHugePages(name);
    }

    /** A name of any kind of resource; the value is the name. */
    static void any(Check check, At at, String name) {
        int before = check.errors().size();
        check.labelName(at.path(), name);
        if (check.cleanSince(before)
                && !name.contains("/")
                && !isQuota(name)
                && !name.equals("storage")) {
            check.invalidText(
                    at.path(), name, "must be a standard resource type or fully qualified");
        }
    }

    static void container(Check check, At at, String name) {
        any(check, at, name);
        if (!name.contains("/")) {
            if (!CONTAINER.contains(name) && !isHugePages(name)) {
                check.invalidText(at.path(), name, "must be a standard resource for containers");
            }
        } else if (!isNative(name) && !isExtended(name)) {
            check.invalidText(at.path(), name, "doesn't follow extended resource name standard");
        }
    }

    static void pod(Check check, At at, String name) {
        int before = check.errors().size();
        any(check, at, name);
        if (check.cleanSince(before)
                && !name.equals("cpu")
                && !name.equals("memory")
                && !isHugePages(name)) {
            check.notSupported(
                    at.path(),
                    com.fasterxml.jackson.databind.node.TextNode.valueOf(name),
                    List.of("cpu", "hugepages-", "memory"));
        }
    }

    static void quota(Check check, At at, String name) {
        any(check, at, name);
        if (!name.contains("/") && !isQuota(name)) {
            check.invalidText(at.path(), name, "must be a standard resource for quota");
        }
    }

    /** The quantity of a resource: not negative, whole where pieces make no sense. */
    static void quantity(Check check, At at, String name) {
        check.nonNegativeQuantity(at);
        if (COUNTED.contains(name) || isExtended(name)) {
            BigDecimal millis = Quantities.value(at.text()).multiply(THOUSAND);
            if (millis.remainder(THOUSAND).signum() != 0) {
                check.invalidText(at.path(), Quantities.canonical(at.text()), "must be an integer");
            }
        }
    }
}
