package dev.meshdojo.simulator.cluster;

/**
 * What a cluster starts with.
 *
 * @param istio which Istio profile is installed
 * @param loadBalancer who answers for Services of type LoadBalancer
 */
public record ClusterSpec(IstioProfile istio, LoadBalancer loadBalancer) {

    /** Istio's installation profiles, as {@code istioctl install --set profile=} names them. */
    public enum IstioProfile {
        NONE,
        MINIMAL,
        DEFAULT,
        DEMO
    }

    /** Load-balancer implementations. */
    public enum LoadBalancer {
        /** Nobody: external addresses stay {@code <pending>}. */
        NONE,
        /** Addresses from a pool, as MetalLB assigns them. */
        METALLB
    }
}
