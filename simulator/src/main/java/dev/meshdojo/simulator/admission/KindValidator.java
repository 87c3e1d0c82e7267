package dev.meshdojo.simulator.admission;

/** Istio's rules for one kind. Stateless. */
@FunctionalInterface
interface KindValidator {

    /** Reviews an object that fits its schema. */
    Review review(ObjectUnderReview object);

    /**
     * An object, taken apart.
     *
     * @param name {@code metadata.name}
     * @param namespace {@code metadata.namespace}
     * @param metadata the whole metadata
     * @param spec the spec; absent reads as empty
     */
    record ObjectUnderReview(String name, String namespace, Spec metadata, Spec spec) {}
}
