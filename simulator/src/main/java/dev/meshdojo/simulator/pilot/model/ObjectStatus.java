package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The status that an object ought to have.
 *
 * @param object the object as last seen
 * @param plural its kind's name in URLs
 * @param status the whole new {@code status}
 */
public record ObjectStatus(KubeObject object, String plural, ObjectNode status) {

    /** Whether the object has this status already. */
    public boolean written() {
        return status.equals(object.raw().get("status"));
    }
}
