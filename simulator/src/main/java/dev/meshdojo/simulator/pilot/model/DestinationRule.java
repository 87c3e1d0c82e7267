package dev.meshdojo.simulator.pilot.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules for one host, merged from all DestinationRules of a namespace that name it.
 *
 * @param object the oldest of them, which gives the name
 * @param host full host name, possibly with a wildcard
 * @param trafficPolicy the first one that was written; absent when none was
 * @param subsets subsets of all of them, first of a name wins
 * @param exportTo who may use it
 * @param workloadSelector labels of the proxies it is for; null when for all
 */
public record DestinationRule(
        KubeObject object,
        String host,
        JsonView trafficPolicy,
        List<JsonView> subsets,
        Visibility exportTo,
        java.util.@Nullable Map<String, String> workloadSelector) {

    public DestinationRule {
        subsets = List.copyOf(subsets);
    }

    /** The subset of that name, or null. */
    public @Nullable JsonView subset(String name) {
        for (JsonView subset : subsets) {
            if (subset.text("name").equals(name)) {
                return subset;
            }
        }
        return null;
    }
}
