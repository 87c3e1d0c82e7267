package dev.meshdojo.simulator.pilot.cluster;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import io.envoyproxy.envoy.type.v3.Percent;
import org.jspecify.annotations.Nullable;

/** Load balancing and outlier detection of a cluster. */
final class LoadBalancing {

    private static final int MIN_RING_SIZE = 1024;

    /** Envoy wants some key; nobody can set this one. */
    private static final String NO_RUNTIME_KEY = "(";

    private LoadBalancing() {}

    static void outlierDetection(Cluster.Builder cluster, JsonView outlier) {
        if (!outlier.present()) {
            return;
        }
        OutlierDetection.Builder out =
                OutlierDetection.newBuilder().setEnforcingSuccessRate(UInt32Value.of(0));
        if (outlier.has("consecutive5xxErrors")) {
            int count = outlier.integer("consecutive5xxErrors");
            out.setConsecutive5Xx(UInt32Value.of(count))
                    .setEnforcingConsecutive5Xx(UInt32Value.of(count > 0 ? 100 : 0));
        }
        if (outlier.has("consecutiveGatewayErrors")) {
            int count = outlier.integer("consecutiveGatewayErrors");
            out.setConsecutiveGatewayFailure(UInt32Value.of(count))
                    .setEnforcingConsecutiveGatewayFailure(UInt32Value.of(count > 0 ? 100 : 0));
        }
        Duration interval = outlier.duration("interval");
        if (interval != null) {
            out.setInterval(interval);
        }
        Duration base = outlier.duration("baseEjectionTime");
        if (base != null) {
            out.setBaseEjectionTime(base);
        }
        if (outlier.integer("maxEjectionPercent") > 0) {
            out.setMaxEjectionPercent(UInt32Value.of(outlier.integer("maxEjectionPercent")));
        }
        if (outlier.flag("splitExternalLocalOriginErrors")) {
            out.setSplitExternalLocalOriginErrors(true)
                    .setEnforcingLocalOriginSuccessRate(UInt32Value.of(0));
            int failures = outlier.integer("consecutiveLocalOriginFailures");
            if (failures > 0) {
                out.setConsecutiveLocalOriginFailure(UInt32Value.of(failures))
                        .setEnforcingConsecutiveLocalOriginFailure(UInt32Value.of(100));
            }
        }
        cluster.setOutlierDetection(out);
        panicThreshold(cluster, outlier.integer("minHealthPercent"));
    }

    static void apply(Cluster.Builder cluster, JsonView balancer, LocalitySetting setting) {
        if (!cluster.getCommonLbConfig().hasHealthyPanicThreshold()) {
            panicThreshold(cluster, 0);
        }
        JsonView locality = setting.rules();
        boolean weighted =
                locality.has("distribute")
                        || ((setting.forced() || cluster.hasOutlierDetection())
                                && (locality.has("failover") || locality.has("failoverPriority")));
        if (weighted) {
            cluster.getCommonLbConfigBuilder()
                    .setLocalityWeightedLbConfig(
                            Cluster.CommonLbConfig.LocalityWeightedLbConfig.getDefaultInstance());
        }
        if (cluster.getType() == DiscoveryType.ORIGINAL_DST) {
            cluster.setLbPolicy(LbPolicy.CLUSTER_PROVIDED);
            return;
        }
        switch (balancer.text("simple")) {
            case "RANDOM" -> cluster.setLbPolicy(LbPolicy.RANDOM);
            case "ROUND_ROBIN" -> {
                cluster.setLbPolicy(LbPolicy.ROUND_ROBIN);
                Cluster.SlowStartConfig slowStart = slowStart(balancer);
                if (slowStart != null) {
                    cluster.getRoundRobinLbConfigBuilder().setSlowStartConfig(slowStart);
                }
            }
            case "PASSTHROUGH" ->
                    cluster.setLbPolicy(LbPolicy.CLUSTER_PROVIDED)
                            .setType(DiscoveryType.ORIGINAL_DST)
                            .clearLoadAssignment();
            default -> {
                cluster.setLbPolicy(LbPolicy.LEAST_REQUEST);
                Cluster.SlowStartConfig slowStart = slowStart(balancer);
                if (slowStart != null) {
                    cluster.getLeastRequestLbConfigBuilder().setSlowStartConfig(slowStart);
                }
            }
        }
        consistentHash(cluster, balancer.at("consistentHash"));
    }

    private static void consistentHash(Cluster.Builder cluster, JsonView hash) {
        if (!hash.present()) {
            return;
        }
        if (hash.has("maglev")) {
            cluster.setLbPolicy(LbPolicy.MAGLEV);
            int size = hash.at("maglev").integer("tableSize");
            if (size != 0) {
                cluster.getMaglevLbConfigBuilder().setTableSize(UInt64Value.of(size));
            }
            return;
        }
        cluster.setLbPolicy(LbPolicy.RING_HASH);
        int size =
                hash.has("ringHash")
                        ? hash.at("ringHash").integer("minimumRingSize")
                        : hash.integer("minimumRingSize");
        if (size == 0 && !hash.has("ringHash")) {
            size = MIN_RING_SIZE;
        }
        if (size != 0) {
            cluster.getRingHashLbConfigBuilder().setMinimumRingSize(UInt64Value.of(size));
        }
    }

    private static Cluster.@Nullable SlowStartConfig slowStart(JsonView balancer) {
        JsonView warmup = balancer.at("warmup");
        Duration window =
                warmup.present()
                        ? warmup.duration("duration")
                        : balancer.duration("warmupDurationSecs");
        if (window == null) {
            return null;
        }
        Cluster.SlowStartConfig.Builder out =
                Cluster.SlowStartConfig.newBuilder().setSlowStartWindow(window);
        if (warmup.present()) {
            out.setAggression(
                            RuntimeDouble.newBuilder()
                                    .setRuntimeKey(NO_RUNTIME_KEY)
                                    .setDefaultValue(number(warmup, "aggression", 1)))
                    .setMinWeightPercent(
                            Percent.newBuilder().setValue(number(warmup, "minimumPercent", 10)));
        }
        return out.build();
    }

    private static double number(JsonView view, String field, double fallback) {
        return view.has(field) ? view.number(field) : fallback;
    }

    private static void panicThreshold(Cluster.Builder cluster, double percent) {
        cluster.getCommonLbConfigBuilder()
                .setHealthyPanicThreshold(Percent.newBuilder().setValue(percent));
    }
}
