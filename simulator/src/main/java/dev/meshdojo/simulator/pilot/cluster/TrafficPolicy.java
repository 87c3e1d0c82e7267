package dev.meshdojo.simulator.pilot.cluster;

import dev.meshdojo.simulator.pilot.model.JsonView;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a traffic policy that apply to one cluster.
 *
 * @param connectionPool absent when none applies; likewise the others
 * @param loadBalancer how a host is chosen
 * @param outlierDetection when hosts are ejected
 * @param tls how connections are secured
 * @param proxyProtocol header to send first
 * @param retryBudget how many retries may run at a time
 */
record TrafficPolicy(
        JsonView connectionPool,
        JsonView loadBalancer,
        JsonView outlierDetection,
        JsonView tls,
        JsonView proxyProtocol,
        JsonView retryBudget) {

    /** What applies to a port of a host without a subset. */
    static TrafficPolicy of(JsonView written, int port) {
        JsonView portLevel = portLevel(written, port);
        return portLevel == null ? read(written) : read(portLevel);
    }

    /** What applies to a port of a subset: each block of the subset's own replaces the host's. */
    static TrafficPolicy of(JsonView host, JsonView subset, int port) {
        TrafficPolicy base = of(host, port);
        if (!subset.present()) {
            return base;
        }
        JsonView portLevel = portLevel(subset, port);
        TrafficPolicy own = read(portLevel == null ? subset : portLevel);
        if (!host.present()) {
            return own;
        }
        boolean whole = portLevel != null;
        return new TrafficPolicy(
                pick(own.connectionPool, base.connectionPool, whole),
                pick(own.loadBalancer, base.loadBalancer, whole),
                pick(own.outlierDetection, base.outlierDetection, whole),
                pick(own.tls, base.tls, whole),
                pick(own.proxyProtocol, base.proxyProtocol, false),
                pick(own.retryBudget, base.retryBudget, false));
    }

    /** The same with the mesh's defaults where nothing is written. */
    TrafficPolicy withDefaults(JsonView defaults) {
        return new TrafficPolicy(
                pick(connectionPool, defaults.at("connectionPool"), false),
                loadBalancer,
                pick(outlierDetection, defaults.at("outlierDetection"), false),
                tls,
                proxyProtocol,
                retryBudget);
    }

    private static JsonView pick(JsonView own, JsonView base, boolean whole) {
        return own.present() || whole ? own : base;
    }

    private static TrafficPolicy read(JsonView policy) {
        return new TrafficPolicy(
                policy.at("connectionPool"),
                policy.at("loadBalancer"),
                policy.at("outlierDetection"),
                policy.at("tls"),
                policy.at("proxyProtocol"),
                policy.at("retryBudget"));
    }

    private static @Nullable JsonView portLevel(JsonView policy, int port) {
        for (JsonView setting : policy.list("portLevelSettings")) {
            if (setting.at("port").integer("number") == port) {
                return setting;
            }
        }
        return null;
    }
}
