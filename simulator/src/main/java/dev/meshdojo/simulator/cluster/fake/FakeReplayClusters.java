package dev.meshdojo.simulator.cluster.fake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.replay.ReplayCluster;

/**
 * Makes the clusters that kubectl transcripts were recorded on: a fresh one, and nodes that write
 * no events (the corpus' README tells why). Thread-safe.
 */
public enum FakeReplayClusters implements ReplayCluster.Factory {
    FACTORY;

    @Override
    public ReplayCluster start() {
        FakeCluster cluster;
        try {
            cluster =
                    FakeCluster.start(
                            FakeClusterOptions.of(
                                            new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE))
                                    .withKubeletEvents(false));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the cluster started", e);
        }
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", "lab");
        cluster.api().create(namespace);
        return new ReplayCluster() {
            @Override
            public String kubeconfig() {
                return cluster.kubeconfig();
            }

            @Override
            public void close() {
                cluster.close();
            }
        };
    }
}
