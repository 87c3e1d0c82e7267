package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.PodIdentity;
import dev.meshdojo.simulator.network.ClusterNetwork;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the containers of a running pod share.
 *
 * @param id the sandbox' id, 64 hex digits
 * @param networkNamespace the name of its network namespace
 */
record PodSandbox(
        KubeletServices services,
        ObjectNode pod,
        PodIdentity identity,
        ClusterNetwork.PodAttachment attachment,
        PodVolumes volumes,
        String id,
        String networkNamespace) {

    /** {@code name_namespace(uid)}, as the kubelet names pods. */
    String fullName() {
        return identity.name() + "_" + identity.namespace() + "(" + identity.uid() + ")";
    }

    @Nullable Map<String, byte[]> secret(String name) {
        return volumes.data(true, name);
    }
}
