package dev.meshdojo.simulator.controller;

import dev.meshdojo.simulator.apiserver.ApiServerExtension;
import dev.meshdojo.simulator.apiserver.ExtensionPoints;
import dev.meshdojo.simulator.controller.service.ServiceAddresses;
import dev.meshdojo.simulator.controller.workload.WorkloadIdentity;
import java.time.Clock;
import java.util.Random;

/**
 * The parts of controllers that work inside the API server, while an object is written: addresses
 * of Services, identities of Jobs and DaemonSets. {@link ControllerSet} and {@link FreshCluster}
 * come after the server's start.
 *
 * @param clock the only source of time
 * @param seed where in their ranges addresses and ports are looked for first
 */
public record ClusterControllers(Clock clock, long seed) implements ApiServerExtension {

    @Override
    public void install(ExtensionPoints points) {
        ServiceAddresses addresses =
                new ServiceAddresses(points.api("kube-apiserver"), new Random(seed), clock);
        points.admission(addresses);
        points.onRestore(addresses::reload);
        points.admission(new WorkloadIdentity());
    }
}
