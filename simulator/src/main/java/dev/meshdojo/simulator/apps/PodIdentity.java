package dev.meshdojo.simulator.apps;

import java.util.Map;

/**
 * Who a pod is.
 *
 * @param uid {@code metadata.uid}
 * @param ip the pod's address in the cluster
 * @param serviceAccount the account it runs as
 * @param nodeName the node it runs on
 */
public record PodIdentity(
        String namespace,
        String name,
        String uid,
        String ip,
        String serviceAccount,
        String nodeName,
        Map<String, String> labels,
        Map<String, String> annotations) {

    public PodIdentity {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** The label, or {@code fallback} when it is missing. */
    public String label(String name, String fallback) {
        return labels.getOrDefault(name, fallback);
    }
}
