package dev.meshdojo.gateway.codec;

/** A client's connection as its connection manager ends it. All calls on its event loop. */
public interface ServerConnection {

    /**
     * Announces the end: the next HTTP/1 response closes the connection, HTTP/2 sends a GOAWAY that
     * still lets streams begin. An idle connection stays open until {@link #drain}.
     */
    void retire();

    /** Ends the connection after the requests under way; at once when there are none. */
    void drain();

    /** Whether requests share the connection (HTTP/2). */
    boolean multiplexed();
}
