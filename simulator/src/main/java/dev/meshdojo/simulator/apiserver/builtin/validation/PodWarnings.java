package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What pods and pod templates ask for that is deprecated, doubled or without effect. */
final class PodWarnings {

    private static final Map<String, String> NODE_LABELS =
            Map.of(
                    "beta.kubernetes.io/arch",
                    "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
                    "beta.kubernetes.io/os",
                    "deprecated since v1.14; use \"kubernetes.io/os\" instead",
                    "failure-domain.beta.kubernetes.io/region",
                    "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
                    "failure-domain.beta.kubernetes.io/zone",
                    "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
                    "beta.kubernetes.io/instance-type",
                    "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
                    "app.kubernetes.io/created-by",
                    "deprecated since v1.9",
                    "scheduler.alpha.kubernetes.io/preferAvoidPods",
                    "deprecated since v1.22; use Taints and Tolerations instead",
                    "node-role.kubernetes.io/master",
                    "use \"node-role.kubernetes.io/control-plane\" instead");

    private static final Map<String, String> ANNOTATIONS = new LinkedHashMap<>();
    private static final Map<String, String> VOLUMES = new LinkedHashMap<>();

    static {
        String sysctls = "non-functional in v1.11+; use the \"sysctls\" field instead";
        ANNOTATIONS.put(
                "scheduler.alpha.kubernetes.io/critical-pod",
                "non-functional in v1.16+; use the \"priorityClassName\" field instead");
        ANNOTATIONS.put("security.alpha.kubernetes.io/sysctls", sysctls);
        ANNOTATIONS.put("security.alpha.kubernetes.io/unsafe-sysctls", sysctls);
        VOLUMES.put("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+");
        VOLUMES.put("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+");
        VOLUMES.put("scaleIO", "deprecated in v1.16, non-functional in v1.22+");
        VOLUMES.put("flocker", "deprecated in v1.22, non-functional in v1.25+");
        VOLUMES.put("storageos", "deprecated in v1.22, non-functional in v1.25+");
        VOLUMES.put("quobyte", "deprecated in v1.22, non-functional in v1.25+");
        VOLUMES.put("glusterfs", "deprecated in v1.25, non-functional in v1.26+");
        VOLUMES.put("cephfs", "deprecated in v1.28, non-functional in v1.31+");
        VOLUMES.put("rbd", "deprecated in v1.28, non-functional in v1.31+");
    }

    private PodWarnings() {}

    static void pod(At pod, List<String> warnings) {
        check(pod, false, warnings);
    }

    static void template(At template, List<String> warnings) {
        if (template.set()) {
            check(template, true, warnings);
        }
    }

    private static void check(At pod, boolean template, List<String> warnings) {
        At spec = pod.get("spec");
        At annotations = pod.get("metadata", "annotations");
        scheduling(spec, warnings);
        ANNOTATIONS.forEach(
                (name, text) -> {
                    if (annotations.key(name).set()) {
                        warnings.add(annotations.key(name).path() + ": " + text);
                    }
                });
        volumes(spec, warnings);
        VolumePathWarnings.check(spec.get("volumes"), warnings);
        doubles(spec.get("hostAliases"), "ip", warnings);
        doubles(spec.get("imagePullSecrets"), "name", warnings);
        for (At secret : spec.get("imagePullSecrets").items()) {
            if (secret.get("name").blank()) {
                warnings.add(secret.below("name") + ": invalid empty name \"\"");
            }
        }
        Warnings.wholeBytes(spec.get("overhead").key("memory"), warnings);
        Warnings.wholeBytes(spec.get("overhead").key("ephemeral-storage"), warnings);
        At seccomp = annotations.key("seccomp.security.alpha.kubernetes.io/pod");
        if (seccomp.set() && !spec.get("securityContext", "seccompProfile").set()) {
            warnings.add(seccomp.path() + SECCOMP);
        }
        List<At> containers = new ArrayList<>();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            containers.addAll(spec.get(list).items());
        }
        for (At container : containers) {
            container(container, annotations, spec, template, warnings);
        }
        ports(containers, warnings);
        if (spec.get("terminationGracePeriodSeconds").number() < 0) {
            warnings.add(
                    spec.below("terminationGracePeriodSeconds")
                            + ": must be >= 0; negative values are invalid and will be treated as"
                            + " 1");
        }
        for (String affinity : List.of("podAffinity", "podAntiAffinity")) {
            terms(spec.get("affinity", affinity), warnings);
        }
        spec.get("dnsConfig", "nameservers")
                .items()
                .forEach(address -> AddressWarnings.address(address, warnings));
        spec.get("hostAliases")
                .items()
                .forEach(alias -> AddressWarnings.address(alias.get("ip"), warnings));
    }

    private static final String SECCOMP =
            ": non-functional in v1.27+; use the \"seccompProfile\" field instead";

    private static void scheduling(At spec, List<String> warnings) {
        spec.get("nodeSelector")
                .entries()
                .forEach((label, at) -> deprecatedLabel(at.path(), label, warnings));
        At affinity = spec.get("affinity", "nodeAffinity");
        for (At term :
                affinity.get("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
                        .items()) {
            selectorTerm(term, false, warnings);
        }
        for (At term : affinity.get("preferredDuringSchedulingIgnoredDuringExecution").items()) {
            selectorTerm(term.get("preference"), true, warnings);
        }
        for (At constraint : spec.get("topologySpreadConstraints").items()) {
            deprecatedKey(constraint.get("topologyKey"), warnings);
            noSelector(constraint.get("labelSelector"), warnings);
        }
    }

    private static void noSelector(At selector, List<String> warnings) {
        if (!selector.set()) {
            warnings.add(selector.path() + ": a null labelSelector results in matching no pod");
        }
    }

    private static void terms(At affinity, List<String> warnings) {
        for (At term : affinity.get("requiredDuringSchedulingIgnoredDuringExecution").items()) {
            noSelector(term.get("labelSelector"), warnings);
        }
        for (At term : affinity.get("preferredDuringSchedulingIgnoredDuringExecution").items()) {
            noSelector(term.get("podAffinityTerm", "labelSelector"), warnings);
        }
    }

    static void deprecatedLabel(String path, String label, List<String> warnings) {
        String text = NODE_LABELS.get(label);
        if (text != null) {
            warnings.add(path + ": " + text);
        }
    }

    static void deprecatedKey(At key, List<String> warnings) {
        String text = NODE_LABELS.get(key.text());
        if (text != null) {
            warnings.add(key.path() + ": " + key.text() + " is " + text);
        }
    }

    static void selectorTerm(At term, boolean values, List<String> warnings) {
        for (At expression : term.get("matchExpressions").items()) {
            deprecatedKey(expression.get("key"), warnings);
            if (!values) {
                continue;
            }
            for (At value : expression.get("values").items()) {
                for (String problem : Names.labelValue(value.text())) {
                    warnings.add(value.path() + ": " + value.text() + " is invalid, " + problem);
                }
            }
        }
    }

    private static void volumes(At spec, List<String> warnings) {
        for (At volume : spec.get("volumes").items()) {
            VOLUMES.forEach(
                    (source, text) -> {
                        if (volume.get(source).set()) {
                            String shown = source.equals("storageos") ? "storageOS" : source;
                            warnings.add(volume.below(shown) + ": " + text);
                        }
                    });
            At claim = volume.get("ephemeral", "volumeClaimTemplate", "spec");
            if (claim.set()) {
                Warnings.claim(claim, warnings);
            }
        }
    }

    private static void doubles(At list, String field, List<String> warnings) {
        Set<String> seen = new HashSet<>();
        for (At item : list.items()) {
            At value = item.get(field);
            if (!seen.add(value.text())) {
                warnings.add(value.path() + ": duplicate " + field + " \"" + value.text() + "\"");
            }
        }
    }

    private static void container(
            At container, At annotations, At spec, boolean template, List<String> warnings) {
        String name = container.get("name").text();
        At seccomp = annotations.key("container.seccomp.security.alpha.kubernetes.io/" + name);
        if (seccomp.set() && !container.get("securityContext", "seccompProfile").set()) {
            warnings.add(seccomp.path() + SECCOMP);
        }
        At armor = annotations.key("container.apparmor.security.beta.kubernetes.io/" + name);
        if (template
                && armor.set()
                && !container.get("securityContext", "appArmorProfile").set()
                && !spec.get("securityContext", "appArmorProfile").set()) {
            warnings.add(
                    armor.path()
                            + ": deprecated since v1.30; use the \"appArmorProfile\" field instead");
        }
        for (String resource : List.of("memory", "ephemeral-storage")) {
            for (String side : List.of("limits", "requests")) {
                Warnings.wholeBytes(container.get("resources", side).key(resource), warnings);
            }
        }
        Set<String> seen = new HashSet<>();
        for (At variable : container.get("env").items()) {
            String variableName = variable.get("name").text();
            if (!seen.add(variableName) && hides(variable, "$(" + variableName + ")")) {
                warnings.add(
                        variable.path()
                                + ": hides previous definition of \""
                                + variableName
                                + "\", which may be dropped when using apply");
            }
        }
    }

    private static boolean hides(At variable, String reference) {
        String value = variable.get("value").text();
        return variable.get("valueFrom").set()
                || value.equals(reference)
                || !value.contains(reference);
    }

    private static void ports(List<At> containers, List<String> warnings) {
        Map<String, List<At>> byPort = new HashMap<>();
        Map<String, At> byName = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (At container : containers) {
            for (At port : container.get("ports").items()) {
                port(port, byPort, warnings);
                String name = port.get("name").text();
                if (name.isEmpty()) {
                    continue;
                }
                At other = byName.putIfAbsent(name, port);
                if (other != null) {
                    names.add(
                            port.path()
                                    + ": duplicate port name \""
                                    + name
                                    + "\" with "
                                    + other.path()
                                    + ", services and probes that select ports by name will use "
                                    + other.path());
                }
            }
        }
        warnings.addAll(names);
    }

    private static void port(At port, Map<String, List<At>> byPort, List<String> warnings) {
        String ip = port.get("hostIP").text();
        long hostPort = port.get("hostPort").number();
        if (!ip.isEmpty() && hostPort == 0) {
            warnings.add(
                    port.path()
                            + ": hostIP set without hostPort: {Name:"
                            + port.get("name").text()
                            + " HostPort:0 ContainerPort:"
                            + port.get("containerPort").number()
                            + " Protocol:"
                            + port.get("protocol").text()
                            + " HostIP:"
                            + ip
                            + "}");
        }
        List<At> others =
                byPort.computeIfAbsent(
                        port.get("containerPort").number() + "/" + port.get("protocol").text(),
                        key -> new ArrayList<>());
        for (At other : others) {
            String otherIp = other.get("hostIP").text();
            long otherPort = other.get("hostPort").number();
            if (ip.equals(otherIp) && hostPort == otherPort) {
                warnings.add(port.path() + ": duplicate port definition with " + other.path());
            } else if (hostPort == 0 || otherPort == 0) {
                warnings.add(port.path() + ": overlapping port definition with " + other.path());
            } else if (hostPort == otherPort && ip.isEmpty() != otherIp.isEmpty()) {
                warnings.add(
                        port.path()
                                + ": dangerously ambiguous port definition with "
                                + other.path());
            }
        }
        others.add(port);
    }
}
