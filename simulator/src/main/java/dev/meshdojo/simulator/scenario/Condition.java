package dev.meshdojo.simulator.scenario;

/** What a step or check may depend on: only what a cluster shows, never which kind it is. */
public sealed interface Condition {

    /** The load balancers the run was started with. */
    record LoadBalancerMode(String mode) implements Condition {}

    /** Whether a Service has, or has not, an external address. */
    record ExternalAddress(String namespace, String service, boolean present)
            implements Condition {}
}
