package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.golang.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Profiles of AppArmor and seccomp: the runtime's own or one of the node's. */
final class ProfileChecks {

    private static final Set<String> ALLOWED = Set.of("RuntimeDefault", "Localhost");
    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";

    private ProfileChecks() {}

    static @Nullable Violation appArmor(PodView pod) {
        SortedSet<String> types = new TreeSet<>();
        List<String> setters = new ArrayList<>(setters(pod, "appArmorProfile", types));
        SortedSet<String> annotations = new TreeSet<>();
        pod.metadata()
                .path("annotations")
                .properties()
                .forEach(
                        entry -> {
                            String value = entry.getValue().asText();
                            if (entry.getKey().startsWith(APP_ARMOR)
                                    && !value.isEmpty()
                                    && !value.equals("runtime/default")
                                    && !value.startsWith("localhost/")) {
                                annotations.add(entry.getKey() + "=" + GoText.quote(value));
                            }
                        });
        List<String> values = new ArrayList<>(types);
        if (!annotations.isEmpty()) {
            values.addAll(annotations);
            setters.add(Violation.plural(annotations.size(), "annotation", "annotations"));
        }
        return setters.isEmpty()
                ? null
                : new Violation(
                        Violation.plural(
                                values.size(),
                                "forbidden AppArmor profile",
                                "forbidden AppArmor profiles"),
                        Setters.joined(setters)
                                + " must not set AppArmor profile type to "
                                + Violation.quoted(values));
    }

    /** As it was when profiles stood in annotations. */
    static @Nullable Violation seccompAnnotations(PodView pod) {
        SortedSet<String> forbidden = new TreeSet<>();
        JsonNode annotations = pod.metadata().path("annotations");
        noteAnnotation(annotations, SECCOMP_POD, forbidden);
        pod.containers()
                .forEach(
                        container ->
                                noteAnnotation(
                                        annotations,
                                        SECCOMP + container.path("name").asText(),
                                        forbidden));
        return forbidden.isEmpty()
                ? null
                : new Violation(
                        "seccompProfile",
                        "forbidden "
                                + Violation.plural(forbidden.size(), "annotation ", "annotations ")
                                + String.join(", ", forbidden));
    }

    private static void noteAnnotation(
            JsonNode annotations, String key, SortedSet<String> forbidden) {
        JsonNode value = annotations.path(key);
        if (value.isTextual()
                && !value.asText().equals("runtime/default")
                && !value.asText().equals("docker/default")
                && !value.asText().startsWith("localhost/")) {
            forbidden.add(key + "=" + GoText.quote(value.asText()));
        }
    }

    static @Nullable Violation seccomp(PodView pod) {
        SortedSet<String> types = new TreeSet<>();
        List<String> setters = setters(pod, "seccompProfile", types);
        return setters.isEmpty()
                ? null
                : new Violation(
                        "seccompProfile",
                        Setters.joined(setters)
                                + " must not set securityContext.seccompProfile.type to "
                                + Violation.quoted(types));
    }

    /** As {@link #seccomp}, and every container has one, of its own or the pod's. */
    static @Nullable Violation seccompRequired(PodView pod) {
        Violation wrong = seccomp(pod);
        if (wrong != null || pod.context().path("seccompProfile").isObject()) {
            return wrong;
        }
        List<String> names =
                pod.containers(
                        container -> !PodView.context(container).path("seccompProfile").isObject());
        return names.isEmpty()
                ? null
                : new Violation(
                        "seccompProfile",
                        "pod or "
                                + Violation.containers(names)
                                + " must set securityContext.seccompProfile.type to"
                                + " \"RuntimeDefault\" or \"Localhost\"");
    }

    private static List<String> setters(PodView pod, String field, SortedSet<String> types) {
        return Setters.of(
                pod,
                context -> {
                    String type = context.path(field).path("type").asText();
                    boolean bad = context.path(field).isObject() && !ALLOWED.contains(type);
                    if (bad) {
                        types.add(type);
                    }
                    return bad;
                });
    }
}
