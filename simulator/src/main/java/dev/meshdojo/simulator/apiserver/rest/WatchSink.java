package dev.meshdojo.simulator.apiserver.rest;

/** Where a watch stream goes: a chunked answer or a WebSocket. Written by one virtual thread. */
interface WatchSink {

    /** Runs {@code action} when the client is gone. */
    void onDisconnect(Runnable action);

    /** Answers the request; events follow. */
    void begin();

    /**
     * Sends events, one JSON object per line; waits while the client is slow.
     *
     * @return false when the client is gone
     */
    boolean part(byte[] lines) throws InterruptedException;

    /** Ends the stream in order. */
    void end();

    /** Breaks off. */
    void abort();
}
