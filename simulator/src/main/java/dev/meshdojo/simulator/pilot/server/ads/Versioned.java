package dev.meshdojo.simulator.pilot.server.ads;

import com.google.protobuf.Message;
import io.envoyproxy.controlplane.cache.Resources;
import io.envoyproxy.controlplane.cache.VersionedResource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The resources of one type, each with the version in which it last changed. Immutable.
 *
 * @param version in which any of them last changed; empty before the first push
 * @param resources by name, in the snapshot's order
 */
record Versioned(String version, Map<String, VersionedResource<? extends Message>> resources) {

    static final Versioned NONE = new Versioned("", Map.of());

    Versioned {
        resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
    }

    /**
     * These after a push; the same instance when nothing changed.
     *
     * @param renewed names of resources that count as changed whatever they are
     */
    Versioned next(String newVersion, List<? extends Message> now, Set<String> renewed) {
        Map<String, VersionedResource<? extends Message>> next =
                LinkedHashMap.newLinkedHashMap(now.size());
        boolean same = !version.isEmpty();
        for (Message resource : now) {
            String name = Resources.getResourceName(resource);
            VersionedResource<? extends Message> before = resources.get(name);
            if (before != null && !renewed.contains(name) && before.resource().equals(resource)) {
                next.put(name, before);
            } else {
                next.put(name, VersionedResource.create(resource, newVersion));
                same = false;
            }
        }
        return same && next.size() == resources.size() ? this : new Versioned(newVersion, next);
    }

    /** Whether the resource came or changed with the last version. */
    boolean isNew(String name) {
        VersionedResource<? extends Message> found = resources.get(name);
        return found != null && found.version().equals(version);
    }
}
