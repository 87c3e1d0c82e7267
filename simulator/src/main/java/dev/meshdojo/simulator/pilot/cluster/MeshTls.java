package dev.meshdojo.simulator.pilot.cluster;

import dev.meshdojo.simulator.pilot.model.Endpoint;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where mesh TLS is used without a DestinationRule asking for it. */
final class MeshTls {

    private static final String UNSET = "UNSET";

    private final MeshConfig mesh;
    private final Map<String, String> modeByNamespace = new HashMap<>();
    private final String meshMode;

    MeshTls(MeshModel model) {
        this.mesh = model.mesh();
        String root = model.mesh().rootNamespace();
        String rootMode = UNSET;
        for (KubeObject policy : model.objects("peerauthentications.security.istio.io").byAge()) {
            JsonView spec = policy.spec();
            if (!spec.at("selector").textMap("matchLabels").isEmpty()) {
                continue;
            }
            String mode = spec.at("mtls").text("mode");
            String effective = mode.isEmpty() ? UNSET : mode;
            if (!policy.namespace().equals(root)) {
                modeByNamespace.putIfAbsent(policy.namespace(), effective);
            } else if (rootMode.equals(UNSET)) {
                rootMode = effective;
            }
        }
        this.meshMode = rootMode;
    }

    /** Whether the policies amount to the same. */
    boolean sameAs(MeshTls other) {
        return meshMode.equals(other.meshMode) && modeByNamespace.equals(other.modeByNamespace);
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
        return !mode(service).equals("DISABLE");
    }

    /** The identities that endpoints of a port have, sorted. */
    List<String> identities(Service service, Service.Port port) {
        return service.endpoints(port, Map.of()).stream()
                .map(Endpoint::serviceAccount)
                .filter(account -> !account.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    /** The endpoint as clients see it: without mesh TLS where policy switches that off. */
    Endpoint seen(Service service, Endpoint endpoint) {
        if (!endpoint.mesh() || !mode(service).equals("DISABLE")) {
            return endpoint;
        }
        return new Endpoint(
                endpoint.address(),
                endpoint.port(),
                endpoint.servicePort(),
                endpoint.labels(),
                endpoint.locality(),
                endpoint.weight(),
                endpoint.healthy(),
                "disabled",
                endpoint.serviceAccount(),
                endpoint.network());
    }

    private String mode(Service service) {
        String own = modeByNamespace.getOrDefault(service.namespace(), UNSET);
        return own.equals(UNSET) ? meshMode : own;
    }
}
