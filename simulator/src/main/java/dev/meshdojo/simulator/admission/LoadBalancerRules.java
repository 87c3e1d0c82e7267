package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules for {@code loadBalancer}: hashing, localities, warm-up. Pure. */
final class LoadBalancerRules {

    private static final Set<String> TOPOLOGY_LABELS =
            Set.of(
                    "topology.kubernetes.io/region",
                    "topology.kubernetes.io/zone",
                    "topology.istio.io/subzone");

    private LoadBalancerRules() {}

    /**
     * @param outlierDetection whether the policy also detects outliers, which failover needs
     */
    static Review review(Spec balancer, boolean outlierDetection) {
        Review review = new Review();
        if (!balancer.present()) {
            return review;
        }
        Spec hash = balancer.get("consistentHash");
        review.error(TrafficPolicyRules.cookie(hash.get("httpCookie")));
        if (hash.number("minimumRingSize") != 0) {
            review.warn(
                    "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash"
                            + " configuration instead");
            if (hash.has("maglev") || hash.has("ringHash")) {
                review.error("only one of MinimumRingSize or Maglev/Ringhash can be specified");
            }
        }
        review.error(TrafficPolicyRules.maglev(hash.get("maglev")));
        Spec locality = balancer.get("localityLbSetting");
        Spec zoneAware = balancer.get("zoneAwareLbSetting");
        if (locality.present() && zoneAware.present()) {
            review.error("only one of localityLbSetting and zoneAwareLbSetting can be set");
        }
        locality(locality, outlierDetection, review);
        zoneAware(zoneAware, outlierDetection, review);
        review.error(warmup(balancer.get("warmup")));
        return review;
    }

    private static Failure warmup(Spec warmup) {
        if (!warmup.present()) {
            return Failure.NONE;
        }
        Failure failure =
                warmup.has("duration")
                        ? CommonRules.duration(warmup, "duration")
                        : Failure.of("duration is required");
        if (warmup.decimal("minimumPercent") > 100) {
            failure =
                    failure.and(
                            Failure.of("minimumPercent value should be less than or equal to 100"));
        }
        if (warmup.has("aggression") && warmup.decimal("aggression") <= 0) {
            failure = failure.and(Failure.of("aggression should be greater than 0"));
        }
        return failure;
    }

    private static void locality(Spec setting, boolean outlierDetection, Review review) {
        if (!setting.present()) {
            return;
        }
        List<Spec> distribute = setting.list("distribute");
        List<Spec> failover = setting.list("failover");
        List<String> priority = setting.texts("failoverPriority");
        if (!distribute.isEmpty() && !failover.isEmpty()) {
            review.error("can not simultaneously specify 'distribute' and 'failover'");
            return;
        }
        if (!failover.isEmpty()) {
            for (String label : priority) {
                if (TOPOLOGY_LABELS.contains(label)) {
                    review.error(
                            "can not simultaneously set 'failover' and topology label '"
                                    + label
                                    + "' in 'failover_priority'");
                    return;
                }
            }
        }
        List<String> sources = new ArrayList<>();
        for (Spec distribution : distribute) {
            sources.add(distribution.text("from"));
            long total = 0;
            for (Spec weight : distribution.map("to").values()) {
                long value = weight.node().asLong();
                if (value <= 0 || value > 100) {
                    review.error("locality weight must be in range [1, 100]");
                    return;
                }
                total += value;
            }
            if (total != 100) {
                review.error("total locality weight " + total + " != 100");
                return;
            }
            review.error(localities(List.copyOf(distribution.map("to").keySet())));
        }
        review.error(localities(sources));
        failover(
                failover,
                priority,
                outlierDetection,
                "locality lb failover settings must specify different regions",
                "locality lb failover only specify region",
                "locality lb failover region should not contain '*' wildcard",
                review);
    }

    private static void zoneAware(Spec setting, boolean outlierDetection, Review review) {
        if (!setting.present()) {
            return;
        }
        List<String> priority = setting.texts("failoverPriority");
        for (String label : priority) {
            if (TOPOLOGY_LABELS.contains(label)) {
                review.error(
                        "'failover_priority' for zone aware lb must not use topology label '"
                                + label
                                + "'; region- and zone-level routing are handled automatically");
            }
        }
        failover(
                setting.list("failover"),
                priority,
                outlierDetection,
                "zone aware lb failover settings must specify different regions",
                "zone aware lb failover only specifies region; zone and subzone failover are handled"
                        + " automatically",
                "zone aware lb failover region should not contain '*' wildcard",
                review);
    }

    private static void failover(
            List<Spec> failovers,
            List<String> priority,
            boolean outlierDetection,
            String same,
            String deeper,
            String wildcard,
            Review review) {
        if ((!failovers.isEmpty() || !priority.isEmpty()) && !outlierDetection) {
            review.warn("outlier detection policy must be provided for failover");
        }
        for (Spec failover : failovers) {
            String from = failover.text("from");
            String to = failover.text("to");
            if (from.equals(to)) {
                review.error(same);
            }
            if (from.contains("/") || to.contains("/")) {
                review.error(deeper);
            }
            if (from.contains("*") || to.contains("*")) {
                review.error(wildcard);
            }
        }
    }

    /**
     * Localities {@code region/zone/subzone}, a {@code *} only at the end; none may contain
     * another.
     */
    private static Failure localities(List<String> localities) {
        Map<String, Map<String, Set<String>>> seen = new HashMap<>();
        for (String locality : localities) {
            long stars = locality.chars().filter(c -> c == '*').count();
            if (stars > 1 || (stars == 1 && !locality.endsWith("*"))) {
                return Failure.of(
                        "locality "
                                + locality
                                + " wildcard '*' number can not exceed 1 and must be in the end");
            }
            if (seen.containsKey("*")) {
                return overlap(locality);
            }
            String[] parts = locality.split("/", 3);
            for (String part : parts) {
                if (part.isEmpty()) {
                    return Failure.of(
                            "locality "
                                    + locality
                                    + " must not contain empty region/zone/subzone info");
                }
            }
            if (!claim(seen, parts)) {
                return overlap(locality);
            }
        }
        return Failure.NONE;
    }

    private static boolean claim(Map<String, Map<String, Set<String>>> seen, String[] parts) {
        Map<String, Set<String>> zones = seen.get(parts[0]);
        if (parts.length == 1) {
            if (zones != null) {
                return false;
            }
            seen.put(parts[0], new HashMap<>(Map.of("*", Set.of("*"))));
            return true;
        }
        if (zones == null) {
            zones = new HashMap<>();
            seen.put(parts[0], zones);
        } else if (zones.containsKey("*")) {
            return false;
        }
        Set<String> subzones = zones.get(parts[1]);
        if (parts.length == 2) {
            if (subzones != null) {
                return false;
            }
            zones.put(parts[1], new HashSet<>(Set.of("*")));
            return true;
        }
        if (subzones == null) {
            zones.put(parts[1], new HashSet<>(Set.of(parts[2])));
            return true;
        }
        return !subzones.contains("*") && subzones.add(parts[2]);
    }

    private static Failure overlap(String locality) {
        return Failure.of("locality " + locality + " overlap with previous specified ones");
    }
}
