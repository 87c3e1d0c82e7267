package dev.meshdojo.gateway.upstream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster's members as told last: by priority, then locality. Immutable; the endpoints in it live
 * on from set to set.
 *
 * @param priorities index 0 first
 * @param overprovisioning percent; 0 for the default
 */
record EndpointSet(List<Priority> priorities, int overprovisioning) {

    static final EndpointSet EMPTY = new EndpointSet(List.of(), 0);

    /** The members of one priority. */
    record Priority(List<Locality> localities) {
        Priority {
            localities = List.copyOf(localities);
        }
    }

    /**
     * The members of one locality.
     *
     * @param where region, zone and sub-zone
     * @param weight 0 when none is given
     */
    record Locality(
            io.envoyproxy.envoy.config.core.v3.Locality where, int weight, List<Member> members) {
        Locality {
            members = List.copyOf(members);
        }
    }

    /**
     * One member.
     *
     * @param weight at least 1
     * @param usable whether its configured health lets requests through
     */
    record Member(Endpoint endpoint, int weight, boolean usable) {}

    EndpointSet {
        priorities = List.copyOf(priorities);
    }

    /** All endpoints, in order, each once. */
    Collection<Endpoint> endpoints() {
        Map<Endpoint, Boolean> all = new LinkedHashMap<>();
        for (Priority priority : priorities) {
            for (Locality locality : priority.localities()) {
                for (Member member : locality.members()) {
                    all.put(member.endpoint(), true);
                }
            }
        }
        return List.copyOf(all.keySet());
    }

    /** All members, in order. */
    List<Member> members() {
        List<Member> all = new ArrayList<>();
        for (Priority priority : priorities) {
            for (Locality locality : priority.localities()) {
                all.addAll(locality.members());
            }
        }
        return all;
    }
}
