package dev.meshdojo.gateway.admin;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints part of a config dump, made from what clusters really have. */
final class EndpointsDump {

    private record Group(Locality locality, int priority) {}

    private EndpointsDump() {}

    static EndpointsConfigDump of(List<ClusterView> clusters) {
        EndpointsConfigDump.Builder dump = EndpointsConfigDump.newBuilder();
        for (ClusterView view : clusters) {
            Any assignment = Any.pack(assignment(view));
            if (view.addedViaApi()) {
                dump.addDynamicEndpointConfigsBuilder().setEndpointConfig(assignment);
            } else {
                dump.addStaticEndpointConfigsBuilder().setEndpointConfig(assignment);
            }
        }
        return dump.build();
    }

    private static ClusterLoadAssignment assignment(ClusterView view) {
        String service = view.cluster().getEdsClusterConfig().getServiceName();
        ClusterLoadAssignment.Builder assignment =
                ClusterLoadAssignment.newBuilder()
                        .setClusterName(service.isEmpty() ? view.cluster().getName() : service);
        Map<Group, LocalityLbEndpoints.Builder> groups = new LinkedHashMap<>();
        for (ClusterView.Host host : view.hosts()) {
            groups.computeIfAbsent(
                            new Group(host.locality(), host.priority()),
                            group ->
                                    LocalityLbEndpoints.newBuilder()
                                            .setLocality(group.locality)
                                            .setPriority(group.priority)
                                            .setLoadBalancingWeight(UInt32Value.of(0)))
                    .addLbEndpoints(endpoint(host));
        }
        groups.values().forEach(assignment::addEndpoints);
        assignment.getPolicyBuilder().setOverprovisioningFactor(UInt32Value.of(140));
        return assignment.build();
    }

    private static LbEndpoint endpoint(ClusterView.Host host) {
        boolean healthy =
                !host.failedOutlierCheck()
                        && !host.failedActiveHealthCheck()
                        && !host.edsUnhealthy();
        LbEndpoint.Builder endpoint =
                LbEndpoint.newBuilder()
                        .setHealthStatus(healthy ? HealthStatus.HEALTHY : HealthStatus.UNHEALTHY)
                        .setLoadBalancingWeight(UInt32Value.of(host.weight()));
        endpoint.setEndpoint(
                Endpoint.newBuilder()
                        .setAddress(address(host))
                        .setHealthCheckConfig(Endpoint.HealthCheckConfig.getDefaultInstance())
                        .setHostname(host.hostname()));
        return endpoint.build();
    }

    static Address address(ClusterView.Host host) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder()
                                .setAddress(host.address())
                                .setPortValue(host.port()))
                .build();
    }
}
