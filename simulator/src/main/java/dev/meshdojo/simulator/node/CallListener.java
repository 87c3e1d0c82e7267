package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apps.Container;

/** Hears of the requests that programs in pods send. Thread-safe; must return quickly. */
@FunctionalInterface
public interface CallListener {

    /** Hears nothing. */
    CallListener NONE = (from, host, request, status) -> {};

    /**
     * A program's request has an answer or failed.
     *
     * @param from whose request it was
     * @param host where to, as the program named it
     * @param request method and target, such as {@code GET /}
     * @param status the HTTP status, 0 when the connection ended without one
     */
    void called(Container from, String host, String request, int status);
}
