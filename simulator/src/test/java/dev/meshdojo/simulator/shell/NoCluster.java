package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.cluster.Connector;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.Socket;
import java.time.Duration;

/** A cluster for tests of commands that never ask for one; its connector reaches the host. */
public record NoCluster(String kubeconfig) implements Cluster {

    public NoCluster() {
        this("apiVersion: v1\nkind: Config\n");
    }

    @Override
    public KubernetesClient client() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Connector connector() {
        return Socket::new;
    }

    @Override
    public void awaitConfigured(Duration limit) {}

    @Override
    public void close() {}
}
