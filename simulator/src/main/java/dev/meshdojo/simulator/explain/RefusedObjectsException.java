package dev.meshdojo.simulator.explain;

import java.util.List;

/**
 * Objects that a cluster does not take. The message has one line each: file, line, object, reason.
 */
public final class RefusedObjectsException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedObjectsException(List<String> lines) {
        super(String.join("\n", lines));
    }
}
