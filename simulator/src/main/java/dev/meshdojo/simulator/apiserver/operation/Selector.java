package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Decides which objects a list or watch shows. */
@FunctionalInterface
public interface Selector {

    /** Everything. */
    Selector ALL = _ -> true;

    /** Whether the object is shown. */
    boolean matches(ObjectNode object);

    /** Both. */
    default Selector and(Selector other) {
        if (ALL.equals(this)) {
            return other;
        }
        return ALL.equals(other) ? this : object -> matches(object) && other.matches(object);
    }
}
