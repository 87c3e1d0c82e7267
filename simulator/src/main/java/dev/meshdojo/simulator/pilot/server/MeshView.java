package dev.meshdojo.simulator.pilot.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.pilot.MeshSnapshot;
import dev.meshdojo.simulator.pilot.model.ObjectSet;
import dev.meshdojo.simulator.pilot.server.WatchedKinds.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects as last listed, kind by kind. Objects that did not change keep their identity from
 * one snapshot to the next. Not thread-safe: the push loop owns it.
 */
final class MeshView {

    private final ResourceApi api;
    private final Map<String, ObjectSet> objects = new HashMap<>();

    MeshView(ResourceApi api) {
        this.api = api;
    }

    /**
     * Lists the kinds anew.
     *
     * @return whether anything changed
     */
    @SuppressWarnings("ReferenceEquality") // an unchanged set is the same instance
    boolean refresh(Collection<Kind> kinds) {
        boolean changed = false;
        for (Kind kind : kinds) {
            List<ObjectNode> items =
                    api.type(kind.group(), kind.plural()) == null
                            ? List.of()
                            : api.list(kind.group(), kind.plural(), "", "").items();
            ObjectSet before = objects.getOrDefault(kind.groupResource(), ObjectSet.EMPTY);
            ObjectSet now = before.next(items);
            if (now != before) {
                objects.put(kind.groupResource(), now);
                changed = true;
            }
        }
        return changed;
    }

    MeshSnapshot snapshot(String revision) {
        return new MeshSnapshot(revision, objects);
    }
}
