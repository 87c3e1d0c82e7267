package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What Kubernetes demands of requests and limits. */
final class ResourceRules {

    /** How names of resources are checked. */
    private interface NameRule {
        void check(Check check, At at, String name);
    }

    private ResourceRules() {}

    static void containerRequirements(Check check, At resources, Set<String> claims) {
        requirements(check, resources, claims, ResourceNames::container);
    }

    static void podRequirements(Check check, At resources, Set<String> claims) {
        requirements(check, resources, claims, ResourceNames::pod);
    }

    static void overhead(Check check, At overhead) {
        for (Map.Entry<String, At> entry : overhead.entries().entrySet()) {
            ResourceNames.container(check, entry.getValue(), entry.getKey());
            ResourceNames.quantity(check, entry.getValue(), entry.getKey());
        }
    }

    private static void requirements(
            Check check, At resources, Set<String> claims, NameRule names) {
        At limits = resources.get("limits");
        At requests = resources.get("requests");
        for (Map.Entry<String, At> limit : limits.entries().entrySet()) {
            names.check(check, limit.getValue(), limit.getKey());
            ResourceNames.quantity(check, limit.getValue(), limit.getKey());
            hugePages(check, limit.getValue(), limit.getKey());
        }
        for (Map.Entry<String, At> request : requests.entries().entrySet()) {
            String name = request.getKey();
            At quantity = request.getValue();
            names.check(check, quantity, name);
            ResourceNames.quantity(check, quantity, name);
            At limit = limits.key(name);
            if (limit.set()) {
                int compared =
                        Quantities.value(quantity.text()).compareTo(Quantities.value(limit.text()));
                boolean equal = !ResourceNames.mayOvercommit(name);
                if (equal ? compared != 0 : compared > 0) {
                    check.invalidText(
                            requests.path(),
                            Quantities.canonical(quantity.text()),
                            "must be "
                                    + (equal ? "equal to " : "less than or equal to ")
                                    + name
                                    + " limit of "
                                    + Quantities.canonical(limit.text()));
                }
            } else if (!ResourceNames.mayOvercommit(name)) {
                check.required(limits, "Limit must be set for non overcommitable resources");
            }
            hugePages(check, quantity, name);
        }
        Set<String> all = new TreeSet<>(limits.entries().keySet());
        all.addAll(requests.entries().keySet());
        if (all.stream().anyMatch(ResourceNames::isHugePages)
                && !all.contains("cpu")
                && !all.contains("memory")) {
            check.forbidden(resources, "HugePages require cpu or memory");
        }
        claimNames(check, resources.get("claims"), claims);
    }

    private static void hugePages(Check check, At quantity, String name) {
        if (!ResourceNames.isHugePages(name)) {
            return;
        }
        BigDecimal page = Quantities.value(name.substring("hugepages-".length()));
        if (page.signum() <= 0 || Quantities.value(quantity.text()).remainder(page).signum() != 0) {
            String canonical = Quantities.canonical(quantity.text());
            check.invalidText(
                    quantity.path(),
                    canonical,
                    canonical + " is not positive integer multiple of " + name);
        }
    }

    private static void claimNames(Check check, At list, Set<String> claims) {
        Set<String> seen = new TreeSet<>();
        for (At claim : list.items()) {
            String name = claim.get("name").text();
            if (name.isEmpty()) {
                check.required(claim, "");
                continue;
            }
            if (!seen.add(name + "/" + claim.get("request").text())) {
                check.duplicate(claim.path(), claim.get("name").value());
            }
            if (!claims.contains(name)) {
                check.add(
                        new FieldError(
                                FieldError.Type.NOT_FOUND,
                                claim.path(),
                                "\"" + name + "\"",
                                "must be one of the names in pod.spec.resourceClaims"
                                        + (claims.isEmpty()
                                                ? " which is empty"
                                                : ": " + String.join(", ", claims))));
            }
        }
    }
}
