package dev.meshdojo.simulator.apiserver;

/**
 * A step of admission. All plugins' {@link #mutate} run in order of {@link #stage}, then the kind's
 * own validation, then all plugins' {@link #validate}; every write passes here, from the wire and
 * from code alike. Refusals are {@link ApiException}s ({@link Statuses}). Thread-safe.
 */
public interface AdmissionPlugin {

    /** How messages and logs name the plugin. */
    String name();

    /** When plugins run; in order, and within a stage in order of registration. */
    enum Stage {
        /** What a cluster does by itself. */
        PLUGIN,
        /** What webhooks do; the stages up to here may run twice. */
        WEBHOOK,
        /** What a kind's own storage does after all admission, such as giving addresses. */
        STORAGE,
        /** What counts objects that everything else has let pass. */
        QUOTA
    }

    /** When this plugin runs. */
    default Stage stage() {
        return Stage.PLUGIN;
    }

    /** Completes or changes the object; may refuse. */
    default void mutate(AdmissionRequest request) {}

    /** Refuses what must not be stored. */
    default void validate(AdmissionRequest request) {}
}
