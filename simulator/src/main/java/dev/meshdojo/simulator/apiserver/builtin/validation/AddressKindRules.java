package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.List;

/** What Kubernetes demands of IPAddress and ServiceCIDR objects. */
public final class AddressKindRules {

    private static final int MOST_RANGES = 2;

    private AddressKindRules() {}

    /** What is wrong with the name of an IPAddress, which is the address itself. */
    public static List<String> nameProblems(String name) {
        String canonical = Addresses.canonical(name);
        if (canonical == null) {
            return List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
        return canonical.equals(name)
                ? List.of()
                : List.of("must be in canonical form (\"" + canonical + "\")");
    }

    static void address(Check check, At spec) {
        At parent = spec.get("parentRef");
        if (!parent.set()) {
            check.required(parent, "");
            return;
        }
        if (!parent.get("group").blank()) {
            check.subdomain(parent.get("group"));
        }
        check.pathSegment(parent.get("resource"));
        check.pathSegment(parent.get("name"));
        At namespace = parent.get("namespace");
        if (!namespace.blank()) {
            check.names(namespace, Names.pathSegment(namespace.text(), false));
        }
    }

    static void range(Check check, At spec) {
        At ranges = spec.get("cidrs");
        if (ranges.empty()) {
            check.required(ranges, "at least one CIDR required");
            return;
        }
        List<At> all = ranges.items();
        if (all.size() > MOST_RANGES) {
            check.invalid(
                    ranges.path(),
                    InternalForm.of("networking.ServiceCIDRSpec", spec.value()),
                    "may only hold up to 2 values");
            return;
        }
        boolean valid = true;
        for (At range : all) {
            valid &= check.cidr(range);
        }
        if (valid
                && all.size() == MOST_RANGES
                && all.get(0).text().contains(":") == all.get(1).text().contains(":")) {
            check.invalid(
                    ranges,
                    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and"
                            + " 2001:db8::/64");
        }
    }

    static void rangeUpdate(Check check, At object, At old) {
        At now = object.get("spec", "cidrs");
        At before = old.get("spec", "cidrs");
        int size = now.items().size();
        int had = before.items().size();
        if (size == had) {
            for (int i = 0; i < size; i++) {
                check.immutable(now.items().get(i), before.items().get(i));
            }
        } else if (had == 1 && size == MOST_RANGES) {
            check.immutable(now.items().getFirst(), before.items().getFirst());
            range(check, object.get("spec"));
        } else {
            check.invalid(now, Check.IMMUTABLE);
        }
    }
}
