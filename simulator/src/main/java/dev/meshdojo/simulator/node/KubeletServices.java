package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.network.ClusterNetwork;
import dev.meshdojo.simulator.network.EventLoops;
import java.time.Instant;

/** What every pod of a node works with. */
record KubeletServices(
        ResourceApi api,
        ClusterNetwork network,
        EventLoops eventLoops,
        ImageCatalogue images,
        KubeletOptions options,
        KubeletEvents events) {

    Instant now() {
        return options.clock().instant();
    }
}
