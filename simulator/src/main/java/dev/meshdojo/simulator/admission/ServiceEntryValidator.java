package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.admission.CommonRules.Exporting;
import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoAddress;
import dev.meshdojo.simulator.golang.GoText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for ServiceEntry. */
final class ServiceEntryValidator implements KindValidator {

    @Override
    public Review review(ObjectUnderReview object) {
        Spec spec = object.spec();
        Review review = new Review();
        Review selector = CommonRules.selector(spec.get("workloadSelector"), "labels");
        if (!selector.errors().isNone()) {
            review.error(selector.errors());
            return review;
        }
        if (spec.has("workloadSelector") && spec.get("workloadSelector").map("labels").isEmpty()) {
            review.warn(
                    "service entry: workload selector specified without labels, will be applied to all"
                            + " services in namespace");
        }
        List<Spec> endpoints = spec.list("endpoints");
        if (spec.has("workloadSelector") && !endpoints.isEmpty()) {
            review.error("only one of WorkloadSelector or Endpoints is allowed in Service Entry");
        }
        String resolution = resolution(spec);
        List<String> hosts = spec.texts("hosts");
        hosts(hosts, resolution, review);
        addresses(spec.texts("addresses"), resolution, review);
        Set<String> portNames = ports(object, review);
        switch (resolution) {
            case "NONE" -> {
                if (!endpoints.isEmpty()) {
                    review.error("no endpoints should be provided for resolution type none");
                }
                if (spec.has("workloadSelector")) {
                    review.warn("workloadSelector should not be set when resolution mode is NONE");
                }
            }
            case "STATIC" ->
                    endpoints.forEach(
                            endpoint ->
                                    review.add(WorkloadRules.entry(endpoint, portNames, false)));
            case "DNS", "DNS_ROUND_ROBIN" -> dns(spec, resolution, portNames, review);
            case "DYNAMIC_DNS" -> dynamicDns(object, review);
            default -> review.error("unsupported resolution type " + resolution);
        }
        if (!resolution.equals("NONE") && hosts.size() > 1) {
            boolean opaque =
                    spec.list("ports").stream()
                            .map(port -> Protocol.parse(port.text("protocol")))
                            .anyMatch(protocol -> !protocol.isHttp() && !protocol.isTls());
            if (opaque) {
                review.error("multiple hosts provided with non-HTTP, non-TLS ports");
            }
        }
        review.error(
                CommonRules.exportTo(
                        object.namespace(), spec.texts("exportTo"), Exporting.SERVICE_ENTRY));
        return review;
    }

    private static String resolution(Spec spec) {
        return spec.text("resolution").isEmpty() ? "NONE" : spec.text("resolution");
    }

    private static void hosts(List<String> hosts, String resolution, Review review) {
        if (hosts.isEmpty()) {
            review.error("service entry must have at least one host");
        }
        for (String host : hosts) {
            if (host.equals("*")) {
                review.error("invalid host *");
                continue;
            }
            review.error(DomainRules.wildcard(host));
            if (!resolution.equals("DYNAMIC_DNS")) {
                review.warn(DomainRules.partialWildcard(host));
            }
        }
    }

    private static void addresses(List<String> addresses, String resolution, Review review) {
        addresses.forEach(address -> review.error(CommonRules.subnet(address)));
        if (addresses.stream().anyMatch(address -> address.contains("/"))
                && !resolution.equals("NONE")
                && !resolution.equals("STATIC")) {
            review.error("CIDR addresses are allowed only for NONE/STATIC resolution types");
        }
    }

    private static Set<String> ports(ObjectUnderReview object, Review review) {
        Spec spec = object.spec();
        boolean needsAddress = spec.texts("addresses").isEmpty() && !autoAllocated(object);
        Set<String> names = new HashSet<>();
        Set<Long> numbers = new HashSet<>();
        for (Spec port : spec.list("ports")) {
            String name = port.text("name");
            long number = port.number("number");
            String protocol = port.text("protocol");
            if (!names.add(name)) {
                review.error("service entry port name " + GoText.quote(name) + " already defined");
            }
            if (!numbers.add(number)) {
                review.error("service entry port " + number + " already defined");
            }
            if (port.number("targetPort") != 0) {
                review.error(CommonRules.port(port.number("targetPort")));
            }
            if (needsAddress && (protocol.isEmpty() || protocol.equals("TCP"))) {
                review.warn(
                        "addresses are required for ports serving TCP (or unset) protocol when IP"
                                + " Autoallocation is not enabled");
            }
            review.error(CommonRules.portName(name));
            if (!protocol.isEmpty() && Protocol.parse(protocol) == Protocol.UNSUPPORTED) {
                review.error("unsupported protocol: " + protocol);
            }
            review.error(CommonRules.port(number));
        }
        return names;
    }

    /**
     * Istio gives an address by itself unless told otherwise, but not to wildcard hosts or
     * resolution NONE.
     */
    private static boolean autoAllocated(ObjectUnderReview object) {
        String enabled =
                object.metadata()
                        .textMap("labels")
                        .getOrDefault("networking.istio.io/enable-autoallocate-ip", "");
        if (enabled.equalsIgnoreCase("false")) {
            return false;
        }
        return !resolution(object.spec()).equals("NONE")
                && object.spec().texts("hosts").stream().anyMatch(host -> !host.startsWith("*"));
    }

    private static void dns(Spec spec, String resolution, Set<String> portNames, Review review) {
        List<Spec> endpoints = spec.list("endpoints");
        if (endpoints.isEmpty()) {
            for (String host : spec.texts("hosts")) {
                Failure failure = DomainRules.fqdn(host);
                if (!failure.isNone()) {
                    review.error(
                            "hosts must be FQDN or contain only prefix wildcards if no endpoints are"
                                    + " provided for resolution mode "
                                    + resolution
                                    + ", "
                                    + failure.print());
                    break;
                }
            }
        }
        if (resolution.equals("DNS_ROUND_ROBIN") && endpoints.size() > 1) {
            review.error("there must only be 0 or 1 endpoint for resolution mode " + resolution);
        }
        for (Spec endpoint : endpoints) {
            String address = endpoint.text("address");
            if (!GoAddress.isAddress(address) && !DomainRules.fqdn(address).isNone()) {
                review.error(WorkloadRules.notAnAddress(address));
            }
            review.error(CommonRules.labels(endpoint.textMap("labels")));
            review.error(WorkloadRules.ports(endpoint.map("ports"), portNames));
        }
        if (!spec.texts("addresses").isEmpty()
                && spec.texts("hosts").size() > 1
                && spec.list("ports").stream()
                        .anyMatch(port -> Protocol.parse(port.text("protocol")).isTcp())) {
            review.warn(
                    "service entry can not have more than one host specified simultaneously with"
                            + " address and tcp port");
        }
    }

    private static void dynamicDns(ObjectUnderReview object, Review review) {
        Spec spec = object.spec();
        List<String> hosts = spec.texts("hosts");
        if (hosts.isEmpty()) {
            review.error(
                    "at least one wildcard host must be provided for resolution type DYNAMIC_DNS");
        }
        for (String host : hosts) {
            if (!host.startsWith("*")) {
                review.error("host must be wildcarded for resolution mode DYNAMIC_DNS");
            }
        }
        if (!spec.texts("addresses").isEmpty()) {
            review.error(
                    "addresses cannot be set for resolution type DYNAMIC_DNS. HTTP route domains will"
                            + " only be generatedfrom the hosts field values");
        }
        if (!spec.list("endpoints").isEmpty()) {
            review.error(
                    "endpoints cannot be set for resolution type DYNAMIC_DNS. Destination IP address"
                            + " determined from hostsfield values");
        }
        for (Spec port : spec.list("ports")) {
            switch (Protocol.parse(port.text("protocol"))) {
                case HTTP, TLS, GRPC, HTTP2 -> {}
                default ->
                        review.error(
                                "only HTTP, TLS, GRPC, and HTTP2 protocols are supported for resolution"
                                        + " type DYNAMIC_DNS");
            }
        }
        String waypoint =
                object.metadata().textMap("labels").getOrDefault("istio.io/use-waypoint", "");
        if (spec.text("location").equals("MESH_INTERNAL")
                && !waypoint.isEmpty()
                && !waypoint.equalsIgnoreCase("none")) {
            review.error(
                    "location MESH_INTERNAL with resolution type DYNAMIC_DNS is not supported when"
                            + " using waypoints");
        }
    }
}
