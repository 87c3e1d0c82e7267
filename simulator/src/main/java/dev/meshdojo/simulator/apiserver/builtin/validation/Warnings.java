package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * What Kubernetes 1.35 lets pass with a warning, in its words. Objects come decoded, with their
 * defaults and without errors. Stateless and thread-safe.
 */
public final class Warnings {

    private Warnings() {}

    /** The warnings that a new object gets. */
    public static List<String> create(String kind, JsonNode object) {
        List<String> warnings = new ArrayList<>();
        At at = At.root(object);
        switch (kind) {
            case "Pod" -> podName(at, "the Pod's hostname", warnings);
            case "Deployment", "ReplicaSet", "ReplicationController", "Job", "CronJob" ->
                    podName(at, "Pod names and hostnames", warnings);
            case "Ingress" -> ingressClass(at, warnings);
            case "ResourceQuota" -> quota(at.get("spec", "hard"), warnings);
            case "EndpointSlice" -> {
                if (at.get("addressType").is("FQDN")) {
                    warnings.add("spec.addressType: FQDN endpoints are deprecated");
                }
            }
            default -> {}
        }
        if (kind.equals("Pod")) {
            PodWarnings.pod(at, warnings);
        }
        template(kind, at, warnings);
        common(kind, at, At.root(MissingNode.getInstance()), "spec", warnings);
        return warnings;
    }

    /** The warnings that a change gets. */
    public static List<String> update(String kind, JsonNode object, JsonNode before) {
        List<String> warnings = new ArrayList<>();
        At at = At.root(object);
        At old = At.root(before);
        JsonNode generation = at.get("metadata", "generation").value();
        if (!generation.equals(old.get("metadata", "generation").value())) {
            template(kind, at, warnings);
        }
        if (kind.equals("CronJob") && at.get("spec", "schedule").text().contains("TZ")) {
            warnings.add(
                    "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see"
                            + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"
                            + " for more details");
        }
        common(kind, at, old, "Spec", warnings);
        return warnings;
    }

    /** The warnings that a change of the status gets. */
    public static List<String> status(String kind, JsonNode object) {
        List<String> warnings = new ArrayList<>();
        At status = At.root(object).get("status");
        switch (kind) {
            case "Pod" -> {
                status.get("podIPs")
                        .items()
                        .forEach(ip -> AddressWarnings.address(ip.get("ip"), warnings));
                status.get("hostIPs")
                        .items()
                        .forEach(ip -> AddressWarnings.address(ip.get("ip"), warnings));
            }
            case "Service", "Ingress" ->
                    status.get("loadBalancer", "ingress")
                            .items()
                            .forEach(
                                    point ->
                                            AddressWarnings.address(
                                                    point.get("ip").as(point.path()), warnings));
            default -> {}
        }
        return warnings;
    }

    private static void podName(At at, String use, List<String> warnings) {
        List<String> problems = Names.label(at.get("metadata", "name").text(), false);
        if (!problems.isEmpty()) {
            warnings.add(
                    "metadata.name: this is used in "
                            + use
                            + ", which can result in surprising behavior; a DNS label is"
                            + " recommended: ["
                            + String.join(" ", problems)
                            + "]");
        }
    }

    private static void ingressClass(At at, List<String> warnings) {
        String annotation = "kubernetes.io/ingress.class";
        if (at.get("metadata", "annotations").key(annotation).set()
                && !at.get("spec", "ingressClassName").set()) {
            warnings.add(
                    "annotation \""
                            + annotation
                            + "\" is deprecated, please use 'spec.ingressClassName' instead");
        }
    }

    private static void quota(At hard, List<String> warnings) {
        for (String resource : List.of("cpu", "memory", "storage", "ephemeral-storage")) {
            String request = "requests." + resource;
            if (!hard.key(request).set() && (resource.equals("cpu") || resource.equals("memory"))) {
                request = resource;
            }
            At wanted = hard.key(request);
            At limit = hard.key("limits." + resource);
            if (wanted.set()
                    && limit.set()
                    && Quantities.value(wanted.text()).compareTo(Quantities.value(limit.text()))
                            > 0) {
                warnings.add(
                        "ResourceQuota "
                                + request
                                + " ("
                                + wanted.text()
                                + ") should be less than limits."
                                + resource
                                + " ("
                                + limit.text()
                                + ")");
            }
        }
    }

    private static void template(String kind, At at, List<String> warnings) {
        At spec = at.get("spec");
        switch (kind) {
            case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController" ->
                    PodWarnings.template(spec.get("template"), warnings);
            case "Job" -> job(spec, warnings);
            case "CronJob" -> job(spec.get("jobTemplate", "spec"), warnings);
            case "PodTemplate" -> PodWarnings.template(at.get("template"), warnings);
            default -> {}
        }
    }

    private static void job(At spec, List<String> warnings) {
        if (spec.get("completionMode").is("Indexed")
                && spec.get("completions").number() > 100_000
                && spec.get("parallelism").number() > 10_000) {
            warnings.add(
                    spec.path()
                            + ": In Indexed Jobs with a number of completions higher than 10^5 and"
                            + " a parallelism higher than 10^4, Kubernetes might not be able to"
                            + " track completedIndexes when a big number of indexes fail");
        }
        PodWarnings.template(spec.get("template"), warnings);
    }

    private static void common(
            String kind, At at, At old, String claimSpec, List<String> warnings) {
        At spec = at.get("spec");
        switch (kind) {
            case "StatefulSet" -> {
                for (At claim : spec.get("volumeClaimTemplates").items()) {
                    // Kubernetes spells the path of a changed claim template differently
                    At claims = claim.get("spec");
                    claim(
                            claimSpec.equals("spec")
                                    ? claims.as(claim.path())
                                    : claims.as(claim.below(claimSpec)),
                            warnings);
                }
                if (spec.get("revisionHistoryLimit").number() < 0) {
                    warnings.add(
                            "spec.revisionHistoryLimit: a negative value retains all historical"
                                    + " revisions; a value >= 0 is recommended");
                }
            }
            case "Secret" -> {
                if (at.get("type").is("kubernetes.io/tls")) {
                    KeyPairWarnings.check(at, warnings);
                }
            }
            case "Service" -> ServiceWarnings.service(at, warnings);
            case "ServiceAccount" -> mountableSecrets(at, old, warnings);
            case "Endpoints" -> endpoints(at, warnings);
            case "EndpointSlice" -> slice(at, warnings);
            case "NetworkPolicy" -> {
                peers(spec.get("ingress"), "from", warnings);
                peers(spec.get("egress"), "to", warnings);
            }
            case "Node" -> {
                if (spec.get("configSource").set()) {
                    warnings.add("spec.configSource: the feature is removed");
                }
                if (!spec.get("externalID").blank()) {
                    warnings.add(
                            "spec.externalID: this field is deprecated, and is unused by Kubernetes");
                }
                spec.get("podCIDRs").items().forEach(c -> AddressWarnings.cidr(c, warnings));
            }
            case "PersistentVolume" -> StorageWarnings.volume(at, warnings);
            case "PersistentVolumeClaim" -> {
                StorageWarnings.classAnnotation(at, warnings);
                claim(spec, warnings);
            }
            case "StorageClass" -> StorageWarnings.storageClass(at, warnings);
            case "CSIStorageCapacity" -> StorageWarnings.capacity(at.get("nodeTopology"), warnings);
            case "CSIDriver" -> StorageWarnings.driver(spec, old.get("spec"), warnings);
            case "RuntimeClass" ->
                    at.get("scheduling", "nodeSelector")
                            .entries()
                            .forEach(
                                    (label, value) ->
                                            PodWarnings.deprecatedLabel(
                                                    "scheduling.nodeSelector", label, warnings));
            default -> {}
        }
    }

    /** A claim's sizes have to be whole bytes. */
    static void claim(At spec, List<String> warnings) {
        for (String side : List.of("requests", "limits")) {
            wholeBytes(spec.get("resources", side).key("storage"), warnings);
        }
    }

    static void wholeBytes(At amount, List<String> warnings) {
        if (!amount.set()) {
            return;
        }
        BigDecimal value = Quantities.value(amount.text());
        if (value.stripTrailingZeros().scale() > 0) {
            warnings.add(
                    amount.path()
                            + ": fractional byte value \""
                            + Quantities.canonical(amount.text())
                            + "\" is invalid, must be an integer");
        }
    }

    private static void mountableSecrets(At at, At old, List<String> warnings) {
        String annotation = "kubernetes.io/enforce-mountable-secrets";
        boolean now = at.get("metadata", "annotations").key(annotation).set();
        if (now && !old.get("metadata", "annotations").key(annotation).set()) {
            warnings.add(
                    "metadata.annotations["
                            + annotation
                            + "]: deprecated in v1.32+; prefer separate namespaces to isolate"
                            + " access to mounted secrets");
        }
    }

    private static void endpoints(At at, List<String> warnings) {
        if (at.get("metadata", "labels")
                .key("endpoints.kubernetes.io/managed-by")
                .is("endpoint-controller")) {
            return;
        }
        for (At subset : at.get("subsets").items()) {
            for (String list : List.of("addresses", "notReadyAddresses")) {
                subset.get(list)
                        .items()
                        .forEach(entry -> AddressWarnings.address(entry.get("ip"), warnings));
            }
        }
    }

    private static void slice(At at, List<String> warnings) {
        if (at.get("metadata", "labels")
                .key("endpointslice.kubernetes.io/managed-by")
                .is(
                        "endpointslice-controller.k8s.io",
                        "endpointslicemirroring-controller.k8s.io")) {
            return;
        }
        for (At endpoint : at.get("endpoints").items()) {
            endpoint.get("addresses")
                    .items()
                    .forEach(address -> AddressWarnings.address(address, warnings));
        }
    }

    private static void peers(At rules, String side, List<String> warnings) {
        for (At rule : rules.items()) {
            for (At peer : rule.get(side).items()) {
                At block = peer.get("ipBlock");
                if (block.set()) {
                    AddressWarnings.cidr(block.get("cidr"), warnings);
                    block.get("except").items().forEach(e -> AddressWarnings.cidr(e, warnings));
                }
            }
        }
    }
}
