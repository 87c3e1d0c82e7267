package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether mutating admission of one request runs a second time, because a webhook changed the
 * object after others had seen it, and which webhooks then take part. Confined to the request's
 * thread.
 */
public final class Reinvocation {

    private final Set<String> invoked = new HashSet<>();
    private final Set<String> due = new HashSet<>();
    private @Nullable ObjectNode seen;
    private boolean wanted;
    private boolean second;

    /** Whether this is the second round. */
    public boolean second() {
        return second;
    }

    /** Begins the second round if a webhook changed the object; false when none did. */
    public boolean begin() {
        if (wanted && !second) {
            second = true;
            return true;
        }
        return false;
    }

    /** A webhook was called that wants to see the object again when it is changed. */
    public void called(String webhook) {
        invoked.add(webhook);
    }

    /** A webhook changed the object. */
    public void changed() {
        wanted = true;
        due.addAll(invoked);
        invoked.clear();
    }

    /** What the object was like when the last webhook had answered. */
    public void seen(@Nullable ObjectNode object) {
        seen = object == null ? null : object.deepCopy();
    }

    /** Compares the object with what webhooks saw last; other plugins may have changed it. */
    public void compare(@Nullable ObjectNode object) {
        if (second && object != null && !object.equals(seen)) {
            due.addAll(invoked);
            invoked.clear();
        }
    }

    /** Whether a webhook takes part in this round. */
    public boolean takesPart(String webhook) {
        return !second || due.contains(webhook);
    }
}
