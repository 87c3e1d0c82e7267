package dev.meshdojo.gateway.admin;

/** What POST requests to the admin port make the proxy do. Implementations are thread-safe. */
public interface AdminControls {

    /** Ends the process, or the in-process proxy. */
    void quit();

    /** Stops accepting; with {@code graceful}, after the drain period. */
    void drainListeners(boolean graceful);

    /** Sets all counters to 0. */
    void resetCounters();

    /** Makes health checks fail, or pass again. */
    void failHealthChecks(boolean fail);
}
