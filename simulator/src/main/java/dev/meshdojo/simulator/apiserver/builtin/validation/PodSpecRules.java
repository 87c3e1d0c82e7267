package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What Kubernetes demands of pod specs, in pods and in templates. */
final class PodSpecRules {

    private static final List<String> RESTART = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS =
            List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final int NAMESERVERS = 3;
    private static final int SEARCHES = 32;

    private PodSpecRules() {}

    /**
     * Checks a spec.
     *
     * @param metadata of the pod; missing for a template
     */
    static void validate(Check check, At spec, JsonNode metadata) {
        boolean pod = metadata.isObject();
        Set<String> volumes = VolumeRules.validate(check, spec.get("volumes"), metadata);
        Set<String> claims = new TreeSet<>();
        for (At claim : spec.get("resourceClaims").items()) {
            claims.add(claim.get("name").text());
        }
        resourceClaims(check, spec.get("resourceClaims"));
        new ContainerRules(check, spec, volumes, claims).validate();
        podResources(check, spec, claims);
        hostNetwork(check, spec, pod);
        check.requiredOneOf(spec.get("restartPolicy"), RESTART);
        check.requiredOneOf(spec.get("dnsPolicy"), DNS);
        check.labels(spec.get("nodeSelector"));
        SecurityRules.pod(check, spec);
        SchedulingRules.affinity(check, spec.get("affinity"));
        dns(check, spec);
        for (At gate : spec.get("readinessGates").items()) {
            check.qualified(gate.get("conditionType"));
        }
        gates(check, spec.get("schedulingGates"));
        SchedulingRules.spread(check, spec.get("topologySpreadConstraints"));
        hostUsers(check, spec);
        hostname(check, spec);
        naming(check, spec);
        fileKeys(check, spec);
    }

    private static void naming(Check check, At spec) {
        ifSet(check, spec.get("serviceAccountName"));
        ifSet(check, spec.get("nodeName"));
        check.range(spec.get("activeDeadlineSeconds"), 1, Integer.MAX_VALUE);
        for (String field : List.of("hostname", "subdomain")) {
            if (!spec.get(field).blank()) {
                check.label1123(spec.get(field));
            }
        }
        SchedulingRules.tolerations(check, spec.get("tolerations"));
        for (At alias : spec.get("hostAliases").items()) {
            check.address(alias.get("ip"));
            alias.get("hostnames").items().forEach(check::subdomain);
        }
        ifSet(check, spec.get("priorityClassName"));
        if (spec.get("runtimeClassName").set()) {
            check.subdomain(spec.get("runtimeClassName"));
        }
        check.oneOf(spec.get("preemptionPolicy"), List.of("PreemptLowerPriority", "Never"));
        ResourceRules.overhead(check, spec.get("overhead"));
        At os = spec.get("os");
        if (os.set()) {
            if (os.get("name").blank()) {
                check.required(os.get("name"), "");
            } else if (!os.get("name").is("linux", "windows")) {
                check.notSupported(os.path(), os.get("name").value(), List.of("linux", "windows"));
            }
        }
    }

    private static void ifSet(Check check, At at) {
        if (!at.blank()) {
            check.subdomain(at);
        }
    }

    /** All containers with their paths, init containers first. */
    static List<At> containers(At spec) {
        List<At> all = new ArrayList<>(spec.get("initContainers").items());
        all.addAll(spec.get("containers").items());
        all.addAll(spec.get("ephemeralContainers").items());
        return all;
    }

    private static void resourceClaims(Check check, At claims) {
        Set<String> seen = new HashSet<>();
        for (At claim : claims.items()) {
            At name = claim.get("name");
            if (name.blank()) {
                check.required(name, "");
            } else if (!seen.add(name.text())) {
                check.duplicateText(name);
            } else {
                check.label1123(name);
            }
            boolean direct = claim.get("resourceClaimName").set();
            boolean template = claim.get("resourceClaimTemplateName").set();
            if (direct == template) {
                check.invalid(
                        claim.path(),
                        InternalForm.of("core.PodResourceClaim", claim.value()),
                        direct
                                ? "at most one of `resourceClaimName` or"
                                        + " `resourceClaimTemplateName` may be specified"
                                : "must specify one of: `resourceClaimName`,"
                                        + " `resourceClaimTemplateName`");
            }
        }
    }

    private static void podResources(Check check, At spec, Set<String> claims) {
        At resources = spec.get("resources");
        if (!resources.set()) {
            return;
        }
        if (resources.get("claims").set()) {
            check.forbidden(
                    resources.get("claims"), "claims may not be set for Resources at pod-level");
        }
        ResourceRules.podRequirements(check, resources, claims);
    }

    private static void hostNetwork(Check check, At spec, boolean pod) {
        if (!spec.get("hostNetwork").isTrue()) {
            return;
        }
        for (At container : spec.get("containers").items()) {
            for (At port : container.get("ports").items()) {
                At host = port.get("hostPort");
                if ((pod || host.number() != 0)
                        && host.number() != port.get("containerPort").number()) {
                    check.invalidNumber(
                            host, "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }

    private static void dns(Check check, At spec) {
        At config = spec.get("dnsConfig");
        if (spec.get("dnsPolicy").is("None")) {
            if (!config.set()) {
                check.required(config, "must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (config.get("nameservers").empty()) {
                check.required(
                        config.get("nameservers"),
                        "must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        if (!config.set()) {
            return;
        }
        At servers = config.get("nameservers");
        if (servers.value().size() > NAMESERVERS) {
            check.invalid(servers, "must not have more than " + NAMESERVERS + " nameservers");
        }
        servers.items().forEach(check::address);
        At searches = config.get("searches");
        if (searches.value().size() > SEARCHES) {
            check.invalid(searches, "must not have more than " + SEARCHES + " search paths");
        }
        for (At search : searches.items()) {
            String text = search.text();
            if (!text.equals(".")) {
                String plain = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
                for (String problem : Names.subdomainWithUnderscore(plain)) {
                    check.invalidText(search.path(), plain, problem);
                }
            }
        }
        for (At option : config.get("options").items()) {
            if (option.get("name").blank()) {
                check.required(option, "must not be empty");
            }
        }
    }

    private static void gates(Check check, At gates) {
        Set<String> seen = new HashSet<>();
        for (At gate : gates.items()) {
            String name = gate.get("name").text();
            check.labelName(gate.path(), name);
            if (!seen.add(name)) {
                check.duplicate(gate.path(), TextNode.valueOf(name));
            }
        }
    }

    private static void hostUsers(Check check, At spec) {
        At users = spec.get("hostUsers");
        if (!users.set() || users.isTrue()) {
            return;
        }
        if (spec.get("hostNetwork").isTrue()) {
            check.forbidden(spec.get("hostNetwork"), "when `hostUsers` is false");
        }
        if (spec.get("hostPID").isTrue()) {
            check.forbidden(spec.below("HostPID"), "when `hostUsers` is false");
        }
        if (spec.get("hostIPC").isTrue()) {
            check.forbidden(spec.below("HostIPC"), "when `hostUsers` is false");
        }
        for (At container : containers(spec)) {
            if (!container.get("volumeDevices").empty()) {
                check.forbidden(container.get("volumeDevices"), "when `hostUsers` is false");
            }
        }
    }

    private static void hostname(Check check, At spec) {
        At override = spec.get("hostnameOverride");
        if (!override.set()) {
            return;
        }
        if (spec.get("setHostnameAsFQDN").isTrue()) {
            check.forbidden(override, "may not be specified when setHostnameAsFQDN is true");
        }
        if (spec.get("hostNetwork").isTrue()) {
            check.forbidden(override, "may not be specified when hostNetwork is true");
        }
        if (override.text().length() > 64) {
            check.tooLong(override, 64);
        }
        check.subdomain(override);
    }

    private static void fileKeys(Check check, At spec) {
        for (At container : containers(spec)) {
            for (At variable : container.get("env").items()) {
                At volume = variable.get("valueFrom", "fileKeyRef", "volumeName");
                if (!variable.get("valueFrom", "fileKeyRef").set()) {
                    continue;
                }
                JsonNode found = null;
                for (At each : spec.get("volumes").items()) {
                    found = each.get("name").is(volume.text()) ? each.value() : found;
                }
                if (found == null) {
                    check.notFound(volume);
                } else if (!found.path("emptyDir").isObject()) {
                    check.invalidText(volume, "referenced volume must be of type emptyDir");
                }
            }
        }
    }

    /** A value as Go prints booleans that were not set. */
    static JsonNode flag(At at) {
        return BooleanNode.valueOf(at.isTrue());
    }
}
