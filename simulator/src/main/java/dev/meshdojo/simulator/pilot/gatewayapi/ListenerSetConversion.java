package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ListenerSet whose Gateway Istio knows.
 *
 * @param set the ListenerSet
 * @param gateway its Gateway
 * @param services host names of the Services in front of the Gateway's pods
 * @param listeners its listeners in order; none when it is refused
 * @param refusal why the Gateway does not take it at all; null when it does
 * @param error what is wrong with the Gateway's addresses; null when nothing is
 */
record ListenerSetConversion(
        KubeObject set,
        KubeObject gateway,
        List<String> services,
        List<ListenerConversion> listeners,
        @Nullable String refusal,
        @Nullable ConversionError error) {

    static ListenerSetConversion refused(KubeObject set, KubeObject gateway, String message) {
        return new ListenerSetConversion(set, gateway, List.of(), List.of(), message, null);
    }

    /** Whether at least one listener is served. */
    boolean valid() {
        return listeners.stream()
                .anyMatch(listener -> listener.parent() != null && listener.programmed());
    }
}
