package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of Services. */
final class ServiceRules {

    private static final List<String> TYPES =
            List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final List<String> POLICIES = List.of("Cluster", "Local");
    private static final String ONCE = "may not change once set";
    private static final String ONLY_BALANCERS = "may only be used when `type` is 'LoadBalancer'";
    private static final String RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final int DAY = 86400;

    private final Check check;
    private final At service;
    private final At spec;
    private final At type;

    private ServiceRules(Check check, At service) {
        this.check = check;
        this.service = service;
        this.spec = service.get("spec");
        this.type = spec.get("type");
    }

    /** The rules of the fields that say which addresses it has. */
    static void addresses(Check check, At service) {
        new ServiceRules(check, service).addresses();
    }

    static void create(Check check, At service) {
        new ServiceRules(check, service).validate();
    }

    static void update(Check check, At service, At old) {
        ServiceRules rules = new ServiceRules(check, service);
        rules.addressChanges(old);
        rules.familyChanges(old);
        if (rules.type.is("LoadBalancer") && old.get("spec", "type").is("LoadBalancer")) {
            At now = rules.spec.get("loadBalancerClass");
            if (!Check.same(now.value(), old.get("spec", "loadBalancerClass").value())) {
                check.invalid(now, ONCE);
            }
        }
        rules.loadBalancerClass();
        if (rules.needsHealthCheck()
                && old.get("spec", "type").is("LoadBalancer")
                && old.get("spec", "externalTrafficPolicy").is("Local")
                && rules.spec.get("healthCheckNodePort").number()
                        != old.get("spec", "healthCheckNodePort").number()) {
            check.forbidden(rules.spec.get("healthCheckNodePort"), Check.IMMUTABLE);
        }
        rules.validate();
    }

    static void status(Check check, At service) {
        At ingress = service.get("status", "loadBalancer", "ingress");
        if (!service.get("spec", "type").is("LoadBalancer") && !ingress.empty()) {
            check.forbidden(ingress, "may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }
        for (At each : ingress.items()) {
            At ip = each.get("ip");
            At mode = each.get("ipMode");
            if (!ip.blank()) {
                check.address(ip);
            }
            if (!mode.set()) {
                if (!ip.blank()) {
                    check.required(mode, "must be specified when `ip` is set");
                }
            } else if (ip.blank()) {
                check.forbidden(mode, "may not be specified when `ip` is not set");
            } else {
                check.oneOf(mode, List.of("Proxy", "VIP"));
            }
            NetworkRules.statusHost(check, each.get("hostname"));
        }
    }

    private boolean headless(At of) {
        JsonNode ips = of.value().path("clusterIPs");
        return ips.size() == 1 && ips.path(0).asText().equals("None");
    }

    private void validate() {
        At ports = spec.get("ports");
        if (ports.empty() && !headless(spec) && !type.is("ExternalName")) {
            check.required(ports, "");
        }
        switch (type.text()) {
            case "LoadBalancer", "NodePort" -> {
                if (headless(spec)) {
                    check.invalidText(
                            spec.below("clusterIPs[0]"),
                            "None",
                            "may not be set to 'None' for " + type.text() + " services");
                }
            }
            case "ExternalName" -> externalName();
            default -> {}
        }
        ports(ports);
        check.labels(spec.get("selector"));
        affinity();
        if (!type.is("ExternalName")) {
            addresses();
        }
        for (At ip : spec.get("externalIPs").items()) {
            if (check.address(ip)) {
                check.endpointAddress(ip);
            }
        }
        check.requiredOneOf(type, TYPES);
        duplicatePorts(ports);
        sourceRanges();
        At allocate = spec.get("allocateLoadBalancerNodePorts");
        if (allocate.set() && !type.is("LoadBalancer")) {
            check.forbidden(allocate, ONLY_BALANCERS);
        }
        loadBalancerClass();
        policies();
        At distribution = spec.get("trafficDistribution");
        check.oneOf(distribution, List.of("PreferClose", "PreferSameZone", "PreferSameNode"));
    }

    private void externalName() {
        if (!spec.get("clusterIPs").empty()) {
            check.forbidden(spec.get("clusterIPs"), "may not be set for ExternalName services");
        }
        if (!spec.get("ipFamilies").empty()) {
            check.forbidden(spec.get("ipFamilies"), "may not be set for ExternalName services");
        }
        if (spec.get("ipFamilyPolicy").set()) {
            check.forbidden(spec.get("ipFamilyPolicy"), "may not be set for ExternalName services");
        }
        At name = spec.get("externalName");
        String text = name.text();
        String plain = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (plain.isEmpty()) {
            check.required(name, "");
        } else {
            for (String problem :
                    dev.meshdojo.simulator.apiserver.builtin.Names.subdomain(plain, false)) {
                check.invalidText(name.path(), plain, problem);
            }
        }
    }

    private void ports(At ports) {
        Set<String> names = new HashSet<>();
        boolean several = ports.value().size() > 1;
        for (At port : ports.items()) {
            At name = port.get("name");
            if (!name.blank()) {
                check.label1123(name);
                if (!names.add(name.text())) {
                    check.duplicateText(name);
                }
            } else if (several) {
                check.required(name, "");
            }
            check.port(port.get("port"));
            check.requiredOneOf(port.get("protocol"), ContainerRules.PROTOCOLS);
            check.portOrName(port.get("targetPort"));
            if (port.get("appProtocol").set()) {
                check.qualified(port.get("appProtocol"));
            }
        }
    }

    private void duplicatePorts(At ports) {
        if (type.is("ClusterIP")) {
            for (At port : ports.items()) {
                if (port.get("nodePort").number() != 0) {
                    check.forbidden(
                            port.get("nodePort"), "may not be used when `type` is 'ClusterIP'");
                }
            }
        }
        Set<String> nodePorts = new HashSet<>();
        for (At port : ports.items()) {
            At node = port.get("nodePort");
            if (node.number() != 0 && !nodePorts.add(port.get("protocol").text() + node.number())) {
                check.duplicate(node);
            }
        }
        Set<String> numbers = new HashSet<>();
        for (At port : ports.items()) {
            if (!numbers.add(port.get("protocol").text() + port.get("port").number())) {
                ObjectNode key = JsonNodeFactory.instance.objectNode();
                key.set("protocol", port.get("protocol").value());
                key.set("port", port.get("port").value());
                check.duplicate(port.path(), InternalForm.of("core.ServicePort", key));
            }
        }
    }

    private void affinity() {
        At affinity = spec.get("sessionAffinity");
        check.requiredOneOf(affinity, List.of("ClientIP", "None"));
        At config = spec.get("sessionAffinityConfig");
        if (affinity.is("None") && config.set()) {
            check.forbidden(config, "must not be set when session affinity is None");
        }
        if (!affinity.is("ClientIP")) {
            return;
        }
        String when = "when session affinity type is ClientIP";
        At timeout = config.get("clientIP", "timeoutSeconds");
        for (At each : List.of(config, config.get("clientIP"), timeout)) {
            if (!each.set()) {
                check.required(each, when);
                return;
            }
        }
        if (timeout.number() <= 0 || timeout.number() > DAY) {
            check.invalid(timeout, "must be greater than 0 and less than " + DAY);
        }
    }

    private void addresses() {
        At ips = spec.get("clusterIPs");
        At first = spec.get("clusterIP");
        if (first.blank()) {
            if (!ips.empty()) {
                check.invalid(ips, "must be empty when `clusterIP` is not specified");
            }
        } else if (ips.empty()) {
            check.required(ips, "");
        } else if (!ips.items().getFirst().is(first.text())) {
            check.invalid(ips, "first value must match `clusterIP`");
        }
        families();
        boolean bad = false;
        int index = 0;
        for (At ip : ips.items()) {
            if (index++ == 0 && ip.is("None")) {
                if (ips.value().size() > 1) {
                    bad = true;
                    check.invalid(ips, "'None' must be the first and only value");
                }
                continue;
            }
            bad |= !check.address(ip);
        }
        if (ips.value().size() > 2) {
            check.invalid(ips, "may only hold up to 2 values");
        }
        if (!bad) {
            matchFamilies(ips);
        }
    }

    private void families() {
        Set<String> seen = new HashSet<>();
        for (At family : spec.get("ipFamilies").items()) {
            check.oneOf(family, List.of("IPv4", "IPv6"));
            if (!seen.add(family.text())) {
                check.duplicate(family);
            }
        }
        check.oneOf(
                spec.get("ipFamilyPolicy"),
                List.of("PreferDualStack", "RequireDualStack", "SingleStack"));
    }

    private void matchFamilies(At ips) {
        List<At> all = ips.items();
        if (all.size() == 2
                && Addresses.isIpv6(all.get(0).text()) == Addresses.isIpv6(all.get(1).text())) {
            check.invalid(ips, "may specify no more than one IP for each IP family");
        }
        List<At> families = spec.get("ipFamilies").items();
        for (int i = 0; !headless(spec) && i < Math.min(all.size(), families.size()); i++) {
            boolean six = Addresses.isIpv6(all.get(i).text());
            String family = families.get(i).text();
            if (six ? family.equals("IPv4") : family.equals("IPv6")) {
                check.invalidText(
                        all.get(i),
                        "expected an " + family + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
    }

    private void sourceRanges() {
        At ranges = spec.get("loadBalancerSourceRanges").as(spec.below("LoadBalancerSourceRanges"));
        if (!ranges.empty()) {
            if (!type.is("LoadBalancer")) {
                check.forbidden(ranges, ONLY_BALANCERS);
            }
            ranges.items().forEach(check::cidr);
            return;
        }
        At annotation = service.get("metadata", "annotations").key(RANGES);
        if (annotation.set()) {
            if (!type.is("LoadBalancer")) {
                check.forbidden(annotation, ONLY_BALANCERS);
            }
            for (String range : annotation.text().strip().split(",")) {
                if (!range.isBlank() && !Addresses.isCidr(range.strip())) {
                    check.invalidText(
                            annotation.path(),
                            range.strip(),
                            "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
                }
            }
        }
    }

    private void loadBalancerClass() {
        At name = spec.get("loadBalancerClass");
        if (!name.set()) {
            return;
        }
        if (type.is("LoadBalancer")) {
            check.qualified(name);
        } else {
            check.forbidden(name, ONLY_BALANCERS);
        }
    }

    private boolean needsHealthCheck() {
        return type.is("LoadBalancer") && spec.get("externalTrafficPolicy").is("Local");
    }

    private void policies() {
        At external = spec.get("externalTrafficPolicy");
        boolean reachable =
                type.is("NodePort", "LoadBalancer")
                        || (type.is("ClusterIP") && !spec.get("externalIPs").empty());
        if (reachable) {
            check.requiredOneOf(external, POLICIES);
        } else if (!external.blank()) {
            check.invalidText(external, "may only be set for externally-accessible services");
        }
        At health = spec.get("healthCheckNodePort");
        if (!needsHealthCheck()) {
            if (health.number() != 0) {
                check.invalid(
                        health,
                        "may only be set when `type` is 'LoadBalancer' and"
                                + " `externalTrafficPolicy` is 'Local'");
            }
        } else if (health.number() != 0) {
            check.port(health);
        }
        At internal = spec.get("internalTrafficPolicy");
        if (!internal.set()) {
            if (type.is("NodePort", "LoadBalancer", "ClusterIP")) {
                check.required(internal, "");
            }
        } else {
            check.oneOf(internal, POLICIES);
        }
    }

    private void addressChanges(At old) {
        At before = old.get("spec");
        if (type.is("ExternalName") || before.get("type").is("ExternalName")) {
            return;
        }
        if (headless(before) && headless(spec)) {
            return;
        }
        List<At> now = spec.get("clusterIPs").items();
        List<At> then = before.get("clusterIPs").items();
        JsonNode printed = spec.get("clusterIPs").value();
        if (now.size() == then.size()) {
            for (int i = 0; i < now.size(); i++) {
                if (!now.get(i).is(then.get(i).text())) {
                    check.invalid(now.get(i).path(), printed, ONCE);
                }
            }
            return;
        }
        String first = spec.below("clusterIPs[0]");
        if (now.isEmpty()) {
            check.invalid(first, printed, "primary clusterIP can not be unset");
        } else if (!then.isEmpty() && !now.getFirst().is(then.getFirst().text())) {
            check.invalid(first, printed, ONCE);
        }
        if (now.size() == 1 && then.size() > 1) {
            singleStack("clusterIP");
        }
    }

    private void singleStack(String what) {
        At policy = spec.get("ipFamilyPolicy");
        if (!policy.is("SingleStack")) {
            check.invalid(
                    policy, "must be set to 'SingleStack' when releasing the secondary " + what);
        }
    }

    private void familyChanges(At old) {
        At before = old.get("spec");
        if (type.is("ExternalName")
                || before.get("type").is("ExternalName")
                || headless(before)
                || headless(spec)) {
            return;
        }
        List<At> now = spec.get("ipFamilies").items();
        List<At> then = before.get("ipFamilies").items();
        boolean moved =
                !now.isEmpty() && !then.isEmpty() && !now.getFirst().is(then.getFirst().text());
        if (moved) {
            check.invalid(spec.below("ipFamilies[0]"), spec.get("ipFamilies").value(), ONCE);
        }
        if (now.size() == 1 && then.size() > 1) {
            singleStack("ipFamily");
        }
    }
}
