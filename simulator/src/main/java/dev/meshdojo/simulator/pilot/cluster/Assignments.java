package dev.meshdojo.simulator.pilot.cluster;

import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.model.ConfigMetadata;
import dev.meshdojo.simulator.pilot.model.Endpoint;
import dev.meshdojo.simulator.pilot.model.WorkloadNames;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Endpoints grouped by locality, as Envoy wants them assigned to a cluster. */
final class Assignments {

    private Assignments() {}

    /** The assignment, localities in alphabetical order. */
    static Group group(String cluster, List<Endpoint> endpoints) {
        Map<String, List<Endpoint>> byLocality = new TreeMap<>();
        for (Endpoint endpoint : endpoints) {
            byLocality.computeIfAbsent(endpoint.locality(), l -> new ArrayList<>()).add(endpoint);
        }
        return new Group(cluster, List.copyOf(byLocality.values()));
    }

    /** {@code region/zone/subzone} as Envoy's message. */
    static Locality locality(String text) {
        String[] parts = text.split("/", 3);
        Locality.Builder out = Locality.newBuilder().setRegion(parts[0]);
        if (parts.length > 1) {
            out.setZone(parts[1]);
        }
        if (parts.length > 2) {
            out.setSubZone(parts[2]);
        }
        return out.build();
    }

    /**
     * Endpoints of a cluster by locality.
     *
     * @param cluster the cluster's name
     * @param localities one list of endpoints a locality
     */
    record Group(String cluster, List<List<Endpoint>> localities) {

        boolean isEmpty() {
            return localities.isEmpty();
        }

        ClusterLoadAssignment.Builder assignment() {
            ClusterLoadAssignment.Builder out =
                    ClusterLoadAssignment.newBuilder().setClusterName(cluster);
            for (List<Endpoint> members : localities) {
                out.addEndpoints(locality(members));
            }
            return out;
        }

        static LocalityLbEndpoints.Builder locality(List<Endpoint> members) {
            LocalityLbEndpoints.Builder out =
                    LocalityLbEndpoints.newBuilder()
                            .setLocality(Assignments.locality(members.getFirst().locality()));
            int weight = 0;
            for (Endpoint endpoint : members) {
                out.addLbEndpoints(Assignments.endpoint(endpoint));
                weight += endpoint.weight();
            }
            return out.setLoadBalancingWeight(UInt32Value.of(weight));
        }
    }

    private static LbEndpoint endpoint(Endpoint endpoint) {
        LbEndpoint.Builder out =
                LbEndpoint.newBuilder().setLoadBalancingWeight(UInt32Value.of(endpoint.weight()));
        if (endpoint.address().startsWith("unix://")) {
            out.getEndpointBuilder()
                    .getAddressBuilder()
                    .getPipeBuilder()
                    .setPath(endpoint.address().substring("unix://".length()));
        } else {
            out.getEndpointBuilder()
                    .getAddressBuilder()
                    .getSocketAddressBuilder()
                    .setAddress(endpoint.address())
                    .setPortValue(endpoint.port());
        }
        out.setHealthStatus(endpoint.healthy() ? HealthStatus.HEALTHY : HealthStatus.UNHEALTHY);
        Metadata.Builder metadata = out.getMetadataBuilder();
        if (endpoint.mesh()) {
            metadata.putFilterMetadata(
                    "envoy.transport_socket_match",
                    Struct.newBuilder().putFields("tlsMode", ConfigMetadata.text("istio")).build());
        }
        metadata.putFilterMetadata(
                "istio",
                Struct.newBuilder()
                        .putFields(
                                "workload", ConfigMetadata.text(WorkloadNames.describe(endpoint)))
                        .build());
        return out.build();
    }
}
