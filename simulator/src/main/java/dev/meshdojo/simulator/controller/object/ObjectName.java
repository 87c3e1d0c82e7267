package dev.meshdojo.simulator.controller.object;

/**
 * Namespace and name of an object of a known kind.
 *
 * @param namespace empty for cluster-scoped objects
 * @param name the object's name
 */
public record ObjectName(String namespace, String name) {

    /** {@code namespace/name}, as client-go keys its queues. */
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
