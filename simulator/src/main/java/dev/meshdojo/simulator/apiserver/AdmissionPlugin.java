package dev.meshdojo.simulator.apiserver;

/**
 * A step of admission. All plugins' {@link #mutate} run in order of registration, then the kind's
 * own validation, then all plugins' {@link #validate}; every write passes here, from the wire and
 * from code alike. Refusals are {@link ApiException}s ({@link Statuses}). Thread-safe.
 */
public interface AdmissionPlugin {

    /** How messages and logs name the plugin. */
    String name();

    /** Completes or changes the object; may refuse. */
    default void mutate(AdmissionRequest request) {}

    /** Refuses what must not be stored. */
    default void validate(AdmissionRequest request) {}
}
