package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of environment variables and of the fields that they refer to. */
final class EnvironmentRules {

    private static final String MANY = "may not have more than one field specified at a time";
    private static final List<String> FIELDS =
            List.of(
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid",
                    "spec.nodeName",
                    "spec.serviceAccountName",
                    "status.hostIP",
                    "status.hostIPs",
                    "status.podIP",
                    "status.podIPs");
    private static final Set<String> KNOWN =
            Set.of(
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.labels",
                    "metadata.annotations",
                    "metadata.uid",
                    "spec.nodeName",
                    "spec.restartPolicy",
                    "spec.serviceAccountName",
                    "spec.schedulerName",
                    "status.phase",
                    "status.hostIP",
                    "status.hostIPs",
                    "status.podIP",
                    "status.podIPs");
    private static final List<String> RESOURCES =
            List.of(
                    "limits.cpu",
                    "limits.ephemeral-storage",
                    "limits.memory",
                    "requests.cpu",
                    "requests.ephemeral-storage",
                    "requests.memory");
    private static final List<String> DIVISORS =
            List.of(
                    "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi",
                    "1Ei");

    private EnvironmentRules() {}

    static void validate(Check check, At container) {
        for (At variable : container.get("env").items()) {
            At name = variable.get("name");
            if (check.requiredText(name, "")) {
                check.names(name, Names.environment(name.text()));
            }
            valueFrom(check, variable);
        }
        At envFrom = container.get("envFrom");
        for (At source : envFrom.items()) {
            At prefix = source.get("prefix");
            if (!prefix.blank()) {
                check.names(prefix, Names.environment(prefix.text()));
            }
            int sources = 0;
            for (String kind : List.of("configMapRef", "secretRef")) {
                if (source.get(kind).set()) {
                    sources++;
                    At name = source.get(kind, "name");
                    if (check.requiredText(name, "")) {
                        check.names(name, Names.subdomain(name.text(), true));
                    }
                }
            }
            if (sources == 0) {
                check.invalidText(
                        envFrom.path(), "", "must specify one of: `configMapRef` or `secretRef`");
            } else if (sources > 1) {
                check.invalidText(envFrom.path(), "", MANY);
            }
        }
    }

    private static void valueFrom(Check check, At variable) {
        At from = variable.get("valueFrom");
        if (!from.set()) {
            return;
        }
        int sources = 0;
        if (from.get("fieldRef").set()) {
            sources++;
            fieldRef(check, from.get("fieldRef"), FIELDS);
        }
        if (from.get("resourceFieldRef").set()) {
            sources++;
            resourceFieldRef(check, from.get("resourceFieldRef"), false);
        }
        for (String kind : List.of("configMapKeyRef", "secretKeyRef")) {
            if (from.get(kind).set()) {
                sources++;
                check.subdomain(from.get(kind, "name"));
                if (check.requiredText(from.get(kind, "key"), "")) {
                    check.configKey(from.get(kind, "key"));
                }
            }
        }
        if (from.get("fileKeyRef").set()) {
            sources++;
            fileKeyRef(check, from.get("fileKeyRef"));
        }
        if (sources == 0) {
            check.invalidText(
                    from.path(),
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`,"
                            + " `secretKeyRef` or `fileKeyRef`");
        } else if (!variable.get("value").blank()) {
            check.invalidText(from.path(), "", "may not be specified when `value` is not empty");
        } else if (sources > 1) {
            check.invalidText(from.path(), "", MANY);
        }
    }

    private static void fileKeyRef(Check check, At ref) {
        if (check.requiredText(ref.get("key"), "")) {
            check.names(ref.get("key"), Names.environment(ref.get("key").text()));
        }
        if (check.requiredText(ref.get("volumeName"), "")) {
            check.label1123(ref.get("volumeName"));
        }
        if (check.requiredText(ref.get("path"), "")) {
            VolumeRules.noBacksteps(check, ref.get("path"));
        }
    }

    /**
     * A reference to a field of the pod.
     *
     * @param allowed the fields that may be referred to here
     */
    static void fieldRef(Check check, At ref, List<String> allowed) {
        At path = ref.get("fieldPath");
        if (!check.requiredText(ref.get("apiVersion"), "") || !check.requiredText(path, "")) {
            return;
        }
        String text = path.text();
        int open = text.indexOf('[');
        boolean subscript =
                open > 0
                        && text.endsWith("]")
                        && text.length() > open + 3
                        && text.charAt(open + 1) == '\''
                        && text.charAt(text.length() - 2) == '\'';
        String plain = subscript ? text.substring(0, open) : text;
        if (!ref.get("apiVersion").is("v1")) {
            check.invalidText(
                    path,
                    "error converting fieldPath: unsupported pod version: "
                            + ref.get("apiVersion").text());
        } else if (!KNOWN.contains(plain)) {
            check.invalidText(
                    path, "error converting fieldPath: field label not supported: " + plain);
        } else if (subscript) {
            String key = text.substring(open + 2, text.length() - 2);
            switch (plain) {
                case "metadata.annotations" -> check.labelName(ref.path(), Check.lower(key));
                case "metadata.labels" -> check.labelName(ref.path(), key);
                default -> check.invalidText(ref.path(), plain, "does not support subscript");
            }
        } else if (!allowed.contains(plain)) {
            check.notSupported(path, allowed);
        }
    }

    static void resourceFieldRef(Check check, At ref, boolean volume) {
        At resource = ref.get("resource");
        String name = resource.text();
        boolean pages =
                name.startsWith("limits.hugepages-") || name.startsWith("requests.hugepages-");
        if (volume && ref.get("containerName").blank()) {
            check.required(ref.get("containerName"), "");
        } else if (resource.blank()) {
            check.required(resource, "");
        } else if (!RESOURCES.contains(name) && !pages) {
            check.notSupported(resource, RESOURCES);
        }
        At divisor = ref.get("divisor");
        if (!divisor.set() || Quantities.value(divisor.text()).signum() == 0) {
            return;
        }
        String canonical = Quantities.canonical(divisor.text());
        String kind = name.substring(name.indexOf('.') + 1);
        String words =
                switch (kind) {
                    case "cpu" -> "cpu";
                    case "memory" -> "memory";
                    case "ephemeral-storage" -> "local ephemeral storage";
                    default -> "hugepages";
                };
        List<String> allowed = kind.equals("cpu") ? List.of("1m", "1") : DIVISORS;
        if ((RESOURCES.contains(name) || pages) && !allowed.contains(canonical)) {
            check.invalidText(
                    divisor.path(),
                    name,
                    "only divisor's values "
                            + (kind.equals("cpu") ? "1m and 1" : String.join(", ", DIVISORS))
                            + " are supported with the "
                            + words
                            + " resource");
        }
    }
}
