package dev.meshdojo.simulator.pilot.cluster;

import dev.meshdojo.simulator.pilot.model.Endpoint;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where mesh TLS is used without a DestinationRule asking for it. */
final class MeshTls {

    private static final String UNSET = "UNSET";
    private static final String DISABLE = "DISABLE";

    /** A policy for some workloads of a namespace. */
    private record WorkloadPolicy(
            Map<String, String> selector, String mode, Map<String, String> ports) {}

    private final MeshConfig mesh;
    private final Map<String, String> modeByNamespace = new HashMap<>();
    private final Map<String, List<WorkloadPolicy>> byWorkload = new HashMap<>();
    private final String meshMode;

    MeshTls(MeshModel model) {
        this.mesh = model.mesh();
        String root = model.mesh().rootNamespace();
        String rootMode = UNSET;
        for (KubeObject policy : model.objects("peerauthentications.security.istio.io").byAge()) {
            JsonView spec = policy.spec();
            String effective = mode(spec.at("mtls"));
            Map<String, String> selector = spec.at("selector").textMap("matchLabels");
            if (!selector.isEmpty()) {
                if (!policy.namespace().equals(root)) {
                    byWorkload
                            .computeIfAbsent(policy.namespace(), ns -> new ArrayList<>())
                            .add(workload(spec, selector));
                }
            } else if (!policy.namespace().equals(root)) {
                modeByNamespace.putIfAbsent(policy.namespace(), effective);
            } else if (rootMode.equals(UNSET)) {
                rootMode = effective;
            }
        }
        this.meshMode = rootMode;
    }

    /** Whether the policies amount to the same. */
    boolean sameAs(MeshTls other) {
        return meshMode.equals(other.meshMode)
                && modeByNamespace.equals(other.modeByNamespace)
                && byWorkload.equals(other.byWorkload);
    }

    /** Whether endpoints of a port may be spoken to with mesh TLS. */
    boolean automatic(Service service, Service.Port port, JsonView balancer) {
        if (service.meshExternal() || !mesh.autoMtls()) {
            return false;
        }
        boolean passthrough =
                service.resolution() == Service.Resolution.PASSTHROUGH
                        || balancer.text("simple").equals("PASSTHROUGH");
        if (passthrough) {
            List<Endpoint> endpoints = service.endpoints(port, Map.of());
            if (endpoints.isEmpty() || !endpoints.stream().allMatch(Endpoint::mesh)) {
                return false;
            }
        }
        return !mode(service.namespace()).equals(DISABLE);
    }

    /** The identities that the endpoints have or may have, sorted. */
    List<String> identities(Service service) {
        List<String> aliases = mesh.trustDomainAliases();
        return Stream.concat(
                        service.endpoints().stream().map(Endpoint::serviceAccount),
                        service.subjectAltNames().stream())
                .filter(account -> !account.isEmpty())
                .flatMap(account -> Stream.concat(Stream.of(account), renamed(account, aliases)))
                .distinct()
                .sorted()
                .toList();
    }

    /** A SPIFFE identity under other names of its trust domain; nothing for other identities. */
    private static Stream<String> renamed(String identity, List<String> aliases) {
        String scheme = "spiffe://";
        int end = identity.startsWith(scheme) ? identity.indexOf('/', scheme.length()) : -1;
        return end < 0
                ? Stream.empty()
                : aliases.stream().map(alias -> scheme + alias + identity.substring(end));
    }

    /** The endpoint as clients see it: without mesh TLS where policy switches that off. */
    Endpoint seen(Endpoint endpoint) {
        if (!endpoint.mesh() || !mode(endpoint).equals(DISABLE)) {
            return endpoint;
        }
        return endpoint.withoutTls();
    }

    /** The mode at an endpoint's port: its oldest policy with a selector comes first. */
    private String mode(Endpoint endpoint) {
        String common = mode(endpoint.namespace());
        for (WorkloadPolicy policy : byWorkload.getOrDefault(endpoint.namespace(), List.of())) {
            if (endpoint.selectedBy(policy.selector)) {
                String own = policy.mode.equals(UNSET) ? common : policy.mode;
                String port = policy.ports.getOrDefault(String.valueOf(endpoint.port()), UNSET);
                return port.equals(UNSET) ? own : port;
            }
        }
        return common;
    }

    private String mode(String namespace) {
        String own = modeByNamespace.getOrDefault(namespace, UNSET);
        return own.equals(UNSET) ? meshMode : own;
    }

    private static String mode(JsonView mtls) {
        String written = mtls.text("mode");
        return written.isEmpty() ? UNSET : written;
    }

    private static WorkloadPolicy workload(JsonView spec, Map<String, String> selector) {
        Map<String, String> ports = new HashMap<>();
        spec.at("portLevelMtls").fields().forEach((port, mtls) -> ports.put(port, mode(mtls)));
        return new WorkloadPolicy(selector, mode(spec.at("mtls")), ports);
    }
}
