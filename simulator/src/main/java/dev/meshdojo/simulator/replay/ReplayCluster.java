package dev.meshdojo.simulator.replay;

/** A fresh cluster that one transcript has for itself. */
public interface ReplayCluster extends AutoCloseable {

    /**
     * A kubeconfig as YAML whose current context reaches the cluster as an administrator. The
     * runner takes cluster and user from it and names context and namespace itself.
     */
    String kubeconfig();

    @Override
    void close();

    /** Makes fresh clusters in the state that the corpus' README describes. */
    interface Factory {
        ReplayCluster start();
    }
}
