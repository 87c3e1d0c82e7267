package dev.meshdojo.simulator.apiserver.storage;

import java.util.Map;

/**
 * A cluster's state as it is kept: all objects and what else a server needs to go on as the same
 * one. Immutable, cheap to take: the objects are shared with the store.
 *
 * @param image all objects
 * @param attributes further facts by name, such as keys of the server; secret
 */
public record Snapshot(ResourceStore.Image image, Map<String, String> attributes) {

    public Snapshot {
        attributes = Map.copyOf(attributes);
    }
}
