package dev.meshdojo.simulator.pilot.cluster;

import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.model.Endpoint;
import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Spreads traffic over localities as a {@code localityLbSetting} says.
 *
 * @param locality where the proxy is; empty when unknown
 * @param labels the proxy's labels, for priorities by label
 */
record LocalityPriorities(String locality, Map<String, String> labels) {

    /**
     * Applies the settings.
     *
     * @param setting the settings in force; absent leaves everything as it is
     * @param failover whether localities may stand in for one another
     */
    ClusterLoadAssignment apply(Assignments.Group group, JsonView setting, boolean failover) {
        ClusterLoadAssignment.Builder out = group.assignment();
        if (!setting.present()) {
            return out.build();
        }
        if (setting.has("distribute")) {
            distribute(out, setting.list("distribute"));
        } else if (failover) {
            List<String> byLabel = setting.texts("failoverPriority");
            if (!byLabel.isEmpty()) {
                out = byLabels(group, byLabel);
            }
            if (byLabel.isEmpty() || setting.has("failover")) {
                byDistance(out, setting.list("failover"));
            }
        }
        return out.build();
    }

    private void distribute(ClusterLoadAssignment.Builder out, List<JsonView> rules) {
        for (JsonView rule : rules) {
            if (!matches(Assignments.locality(locality), rule.text("from"))) {
                continue;
            }
            Set<Integer> left = new HashSet<>();
            for (int i = 0; i < out.getEndpointsCount(); i++) {
                left.add(i);
            }
            rule.at("to")
                    .fields()
                    .forEach((target, share) -> share(out, left, target, share.node().asInt()));
            for (int index : left) {
                out.getEndpointsBuilder(index).clearLbEndpoints();
            }
            return;
        }
    }

    private static void share(
            ClusterLoadAssignment.Builder out, Set<Integer> left, String target, int share) {
        Map<Integer, Integer> weights = new LinkedHashMap<>();
        long total = 0;
        for (int i = 0; i < out.getEndpointsCount(); i++) {
            if (left.contains(i) && matches(out.getEndpoints(i).getLocality(), target)) {
                left.remove(i);
                int weight = Math.max(1, out.getEndpoints(i).getLoadBalancingWeight().getValue());
                weights.put(i, weight);
                total += weight;
            }
        }
        for (Map.Entry<Integer, Integer> entry : weights.entrySet()) {
            double weight = (double) entry.getValue() * share / total;
            if (weight > 0) {
                out.getEndpointsBuilder(entry.getKey())
                        .setLoadBalancingWeight(UInt32Value.of((int) Math.ceil(weight)));
            }
        }
    }

    private void byDistance(ClusterLoadAssignment.Builder out, List<JsonView> failover) {
        Locality own = Assignments.locality(locality);
        List<Integer> raw = new ArrayList<>();
        for (LocalityLbEndpoints endpoints : out.getEndpointsList()) {
            int distance = distance(own, endpoints.getLocality());
            if (distance == 3) {
                for (JsonView rule : failover) {
                    if (rule.text("from").equals(own.getRegion())) {
                        if (!endpoints.getLocality().getRegion().equals(rule.text("to"))) {
                            distance = 4;
                        }
                        break;
                    }
                }
            }
            raw.add(endpoints.getPriority() * 5 + distance);
        }
        List<Integer> distinct = raw.stream().distinct().sorted().toList();
        for (int i = 0; i < raw.size(); i++) {
            out.getEndpointsBuilder(i).setPriority(distinct.indexOf(raw.get(i)));
        }
    }

    private ClusterLoadAssignment.Builder byLabels(Assignments.Group group, List<String> keys) {
        ClusterLoadAssignment.Builder out =
                ClusterLoadAssignment.newBuilder().setClusterName(group.cluster());
        List<Integer> raw = new ArrayList<>();
        for (List<Endpoint> members : group.localities()) {
            Map<Integer, List<Endpoint>> byPriority = new TreeMap<>();
            for (Endpoint endpoint : members) {
                byPriority
                        .computeIfAbsent(priority(endpoint, keys), p -> new ArrayList<>())
                        .add(endpoint);
            }
            byPriority.forEach(
                    (priority, same) -> {
                        out.addEndpoints(Assignments.Group.locality(same));
                        raw.add(priority);
                    });
        }
        List<Integer> distinct = raw.stream().distinct().sorted().toList();
        for (int i = 0; i < raw.size(); i++) {
            out.getEndpointsBuilder(i).setPriority(distinct.indexOf(raw.get(i)));
        }
        return out;
    }

    private int priority(Endpoint endpoint, List<String> keys) {
        for (int i = 0; i < keys.size(); i++) {
            String[] key = keys.get(i).split("=", 2);
            String wanted = key.length == 2 ? key[1] : labels.getOrDefault(key[0], "");
            if (!wanted.equals(endpoint.labels().getOrDefault(key[0], ""))) {
                return keys.size() - i;
            }
        }
        return 0;
    }

    private static int distance(Locality a, Locality b) {
        if (!a.getRegion().equals(b.getRegion())) {
            return 3;
        }
        if (!a.getZone().equals(b.getZone())) {
            return 2;
        }
        return a.getSubZone().equals(b.getSubZone()) ? 0 : 1;
    }

    private static boolean matches(Locality locality, String rule) {
        String[] parts = rule.split("/", 3);
        return fits(parts[0], locality.getRegion(), false)
                && (parts.length < 2 || fits(parts[1], locality.getZone(), true))
                && (parts.length < 3 || fits(parts[2], locality.getSubZone(), true));
    }

    private static boolean fits(String rule, String value, boolean optional) {
        return rule.equals("*") || (optional && rule.isEmpty()) || rule.equals(value);
    }
}
