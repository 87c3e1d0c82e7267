package dev.meshdojo.simulator.conformance;

import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import dev.meshdojo.simulator.cluster.fake.FakeClusterOptions;
import java.io.IOException;

/** Starts in-process clusters with Istio's minimal profile. Thread-safe. */
public final class FakeClusterTargets implements ConformanceTarget.Factory {

    @Override
    public ConformanceTarget start(Corpus corpus) throws IOException, InterruptedException {
        AgedClock clock = new AgedClock();
        Observations observations = new Observations();
        FakeClusterOptions usual =
                FakeClusterOptions.of(new ClusterSpec(IstioProfile.MINIMAL, LoadBalancer.NONE));
        FakeCluster cluster =
                FakeCluster.start(
                        new FakeClusterOptions(
                                usual.spec(),
                                usual.port(),
                                usual.context(),
                                usual.namespace(),
                                clock,
                                usual.seed(),
                                usual.pace(),
                                false,
                                usual.strictImages(),
                                null,
                                (pod, entry) -> observations.logged(entry.fields())));
        boolean started = false;
        try {
            ConformanceTarget target =
                    ClusterTarget.start(
                            new ClusterTarget.Parts(
                                    cluster.apiServer(),
                                    cluster.network(),
                                    cluster.controlPlane(),
                                    clock,
                                    observations,
                                    cluster),
                            corpus);
            started = true;
            return target;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }
}
