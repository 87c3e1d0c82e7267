package dev.meshdojo.simulator.apiserver.storage;

import java.io.IOException;

/** A file that cannot be taken as a snapshot; the message says why and what to do. */
public final class SnapshotException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message says what is wrong and what to do
     */
    public SnapshotException(String message) {
        super(message);
    }
}
