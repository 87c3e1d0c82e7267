package dev.meshdojo.desktop.traffic;

import dev.meshdojo.simulator.cluster.TrafficHop;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;

/**
 * Who called whom, and how the last call of each pair ended. Grows with what is seen: nothing is
 * drawn that no request passed. Used on the UI thread only.
 */
public final class TrafficModel {

    private final Set<String> nodes = new LinkedHashSet<>();
    private final Map<Leg, LegState> legs = new LinkedHashMap<>();
    private final ReadOnlyIntegerWrapper revision = new ReadOnlyIntegerWrapper();

    /** A pair of caller and called. */
    public record Leg(String from, String to) {}

    /**
     * What is known of a leg.
     *
     * @param lastRequest method and path
     * @param lastStatus HTTP status, 0 for none
     * @param count requests so far
     */
    public record LegState(String lastRequest, int lastStatus, long count) {}

    /** Takes one request in. */
    public void add(TrafficHop hop) {
        nodes.add(hop.from());
        nodes.add(hop.to());
        legs.compute(
                new Leg(hop.from(), hop.to()),
                (leg, state) ->
                        new LegState(
                                hop.request(),
                                hop.status(),
                                state == null ? 1 : state.count() + 1));
        revision.set(revision.get() + 1);
    }

    /** Everyone seen, in order of appearance. */
    public Set<String> nodes() {
        return nodes;
    }

    /** Every leg seen, in order of appearance. */
    public Map<Leg, LegState> legs() {
        return legs;
    }

    /** Changes whenever there is something new to draw. */
    public ReadOnlyIntegerProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }
}
