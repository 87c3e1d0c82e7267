package dev.meshdojo.simulator.apiserver.builtin.validation;

import java.util.List;

/** What a Service asks for that is ignored or deprecated. */
final class ServiceWarnings {

    private ServiceWarnings() {}

    static void service(At at, List<String> warnings) {
        At spec = at.get("spec");
        String hints = "service.kubernetes.io/topology-aware-hints";
        if (at.get("metadata", "annotations").key(hints).set()) {
            warnings.add(
                    "annotation "
                            + hints
                            + " is deprecated, please use service.kubernetes.io/topology-mode"
                            + " instead");
        }
        boolean headless = spec.get("type").is("ClusterIP") && spec.get("clusterIP").is("None");
        boolean external = spec.get("type").is("ExternalName");
        if (!headless) {
            spec.get("clusterIPs")
                    .items()
                    .forEach(address -> AddressWarnings.address(address, warnings));
        } else {
            ignoredWhenHeadless(spec, warnings);
        }
        spec.get("externalIPs")
                .items()
                .forEach(address -> AddressWarnings.address(address, warnings));
        if (!spec.get("loadBalancerIP").blank()) {
            AddressWarnings.address(spec.get("loadBalancerIP"), warnings);
        }
        spec.get("loadBalancerSourceRanges")
                .items()
                .forEach(block -> AddressWarnings.cidr(block, warnings));
        if (external && !spec.get("externalIPs").empty()) {
            warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!external && !spec.get("externalName").blank()) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (spec.get("trafficDistribution").is("PreferClose")) {
            warnings.add(
                    "spec.trafficDistribution: \"PreferClose\" is deprecated; use"
                            + " \"PreferSameZone\"");
        }
    }

    private static void ignoredWhenHeadless(At spec, List<String> warnings) {
        if (!spec.get("loadBalancerIP").blank()) {
            warnings.add("spec.loadBalancerIP is ignored for headless services");
        }
        if (!spec.get("externalIPs").empty()) {
            warnings.add("spec.externalIPs is ignored for headless services");
        }
        if (!spec.get("sessionAffinity").is("None")) {
            warnings.add("spec.SessionAffinity is ignored for headless services");
        }
    }
}
