package dev.meshdojo.simulator.lab;

/** The lab's shell as a session uses it. One script at a time. */
interface LabTerminal extends AutoCloseable {

    /** Runs a script to its end; output goes to the session's listener as it comes, and is kept. */
    Outcome type(String script) throws InterruptedException;

    /**
     * What a script did.
     *
     * @param output both streams, in order of arrival
     */
    record Outcome(int exitCode, String output) {}

    @Override
    void close();
}
