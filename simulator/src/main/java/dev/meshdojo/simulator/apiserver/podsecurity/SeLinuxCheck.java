package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** SELinux types of containers only, and no user or role. */
final class SeLinuxCheck {

    private static final int ENGINE_SINCE = 31;
    private static final Set<String> TYPES =
            Set.of("", "container_t", "container_init_t", "container_kvm_t");

    private SeLinuxCheck() {}

    static @Nullable Violation check(PodView pod, int minor) {
        SortedSet<String> types = new TreeSet<>();
        SortedSet<String> others = new TreeSet<>((a, b) -> b.compareTo(a));
        List<String> setters =
                Setters.of(
                        pod,
                        context -> {
                            JsonNode options = context.path("seLinuxOptions");
                            boolean bad = false;
                            String type = options.path("type").asText("");
                            boolean engine =
                                    minor >= ENGINE_SINCE && type.equals("container_engine_t");
                            if (!TYPES.contains(type) && !engine) {
                                types.add(type);
                                bad = true;
                            }
                            for (String field : List.of("user", "role")) {
                                if (!options.path(field).asText("").isEmpty()) {
                                    others.add(field);
                                    bad = true;
                                }
                            }
                            return bad;
                        });
        if (setters.isEmpty()) {
            return null;
        }
        List<String> values = new ArrayList<>();
        if (!types.isEmpty()) {
            values.add(Violation.plural(types.size(), "type ", "types ") + Violation.quoted(types));
        }
        others.forEach(field -> values.add(field + " may not be set"));
        return new Violation(
                "seLinuxOptions",
                Setters.joined(setters)
                        + " set forbidden securityContext.seLinuxOptions: "
                        + String.join("; ", values));
    }
}
