package dev.meshdojo.simulator.istio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A Kubernetes API to install into: the in-process one, or any cluster through a client. */
public interface InstallTarget {

    /** Server-side applies as {@code istio-operator}, forcing conflicts. */
    void apply(ObjectNode object);

    /** The object of a kind, or null when it or its kind is not there. */
    @Nullable ObjectNode find(Kind kind, String namespace, String name);

    /** Objects of a kind in all namespaces by label selector; empty when the kind is not served. */
    List<ObjectNode> list(Kind kind, String labelSelector);

    /** Deletes; absent objects are no error. */
    void delete(Kind kind, String namespace, String name);

    /**
     * Waits until an object satisfies a condition.
     *
     * @param limit how long at most
     * @return whether it did
     */
    boolean await(
            Kind kind,
            String namespace,
            String name,
            Predicate<ObjectNode> condition,
            Duration limit)
            throws InterruptedException;

    /**
     * A kind of object.
     *
     * @param group empty for the core group
     * @param version such as {@code v1}
     * @param kind such as {@code Deployment}
     * @param plural such as {@code deployments}
     * @param namespaced whether its objects live in namespaces
     */
    record Kind(String group, String version, String kind, String plural, boolean namespaced) {

        /** {@code v1} or {@code apps/v1}. */
        public String apiVersion() {
            return group.isEmpty() ? version : group + "/" + version;
        }
    }
}
