package dev.meshdojo.gateway.config.ads;

import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.time.Duration;
import java.util.Optional;

/**
 * What an ADS client has to know. Immutable.
 *
 * @param cluster names the management server in messages
 * @param node who the proxy says it is
 * @param nodeOnce whether only a stream's first request names the node
 * @param clusters how long the first response about clusters is waited for; empty when clusters are
 *     not asked for
 * @param listeners likewise about listeners
 * @param fixed resources that are there without being delivered
 */
public record AdsOptions(
        String cluster,
        Node node,
        boolean nodeOnce,
        Optional<Duration> clusters,
        Optional<Duration> listeners,
        XdsSnapshot fixed) {

    /** The options that a bootstrap gives. */
    public static AdsOptions of(Bootstrap bootstrap, String cluster, XdsSnapshot fixed) {
        var dynamic = bootstrap.getDynamicResources();
        return new AdsOptions(
                cluster,
                bootstrap.getNode(),
                dynamic.getAdsConfig().getSetNodeOnFirstMessageOnly(),
                dynamic.hasCdsConfig()
                        ? Optional.of(References.patience(dynamic.getCdsConfig()))
                        : Optional.empty(),
                dynamic.hasLdsConfig()
                        ? Optional.of(References.patience(dynamic.getLdsConfig()))
                        : Optional.empty(),
                fixed);
    }
}
