package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoAddress;
import dev.meshdojo.simulator.golang.GoText;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules for WorkloadEntry, WorkloadGroup, and the endpoints of a ServiceEntry. Pure. */
final class WorkloadRules {

    private static final String UNIX = "unix://";

    private WorkloadRules() {}

    /**
     * @param servicePorts names a port must have, or null when the entry stands alone
     * @param names whether the address may be a host name
     */
    static Review entry(Spec entry, @Nullable Set<String> servicePorts, boolean names) {
        Review review = new Review();
        String address = entry.text("address");
        String network = entry.text("network");
        if (address.isEmpty()) {
            if (network.isEmpty()) {
                review.error("address is required");
                return review;
            }
            review.warn("address is unset with network " + GoText.quote(network));
        }
        Map<String, Spec> ports = entry.map("ports");
        boolean unix = address.startsWith(UNIX);
        if (unix) {
            review.error(CommonRules.unixAddress(address.substring(UNIX.length())));
            if (!ports.isEmpty()) {
                review.error("unix endpoint " + address + " must not include ports");
            }
        } else if (!address.isEmpty() && !GoAddress.isAddress(address)) {
            if (!names) {
                review.error(
                        "endpoint address " + GoText.quote(address) + " is not a valid IP address");
            } else if (!DomainRules.fqdn(address).isNone()) {
                review.error(notAnAddress(address));
            }
        }
        review.error(ports(ports, servicePorts));
        review.error(CommonRules.labels(entry.textMap("labels")));
        if (unix && servicePorts != null && servicePorts.size() != 1) {
            review.error("exactly 1 service port required for unix endpoints");
        }
        return review;
    }

    static Failure ports(Map<String, Spec> ports, @Nullable Set<String> servicePorts) {
        Failure failure = Failure.NONE;
        for (var port : ports.entrySet()) {
            long number = port.getValue().node().asLong();
            if (servicePorts != null && !servicePorts.contains(port.getKey())) {
                failure =
                        failure.and(
                                Failure.of(
                                        "endpoint port "
                                                + number
                                                + " is not defined by the service entry"));
            }
            failure =
                    failure.and(CommonRules.portName(port.getKey())).and(CommonRules.port(number));
        }
        return failure;
    }

    static String notAnAddress(String address) {
        return "endpoint address "
                + GoText.quote(address)
                + " is not a valid FQDN or an IP address";
    }

    static Review group(Spec spec) {
        Review review = new Review();
        if (!spec.has("template")) {
            review.error("template is required");
            return review;
        }
        Failure labels = CommonRules.labels(spec.get("metadata").textMap("labels"));
        if (!labels.isNone()) {
            review.error("invalid labels: " + labels.print());
            return review;
        }
        review.error(probe(spec.get("probe")));
        return review;
    }

    private static Failure probe(Spec probe) {
        if (!probe.present()) {
            return Failure.NONE;
        }
        Failure failure = Failure.NONE;
        for (String field :
                new String[] {
                    "periodSeconds",
                    "initialDelaySeconds",
                    "timeoutSeconds",
                    "successThreshold",
                    "failureThreshold"
                }) {
            if (probe.number(field) < 0) {
                failure = failure.and(Failure.of(field + " must be non-negative"));
            }
        }
        if (probe.has("httpGet")) {
            Spec get = probe.get("httpGet");
            failure = failure.and(CommonRules.port(get.number("port")));
            String scheme = get.text("scheme");
            if (!scheme.isEmpty() && !scheme.equals("HTTPS") && !scheme.equals("HTTP")) {
                failure =
                        failure.and(
                                Failure.of("httpGet.scheme must be one of \"HTTPS\", \"HTTP\""));
            }
            for (Spec header : get.list("httpHeaders")) {
                failure = failure.and(HeaderRules.probeName(header.text("name")));
            }
            return failure;
        }
        if (probe.has("tcpSocket")) {
            return failure.and(CommonRules.port(probe.get("tcpSocket").number("port")));
        }
        if (probe.has("exec")) {
            return probe.get("exec").texts("command").isEmpty()
                    ? failure.and(Failure.of("exec.command is required"))
                    : failure;
        }
        return failure.and(
                Failure.of(
                        "unknown health check method "
                                + (probe.has("grpc") ? "*v1alpha3.ReadinessProbe_Grpc" : "<nil>")));
    }
}
