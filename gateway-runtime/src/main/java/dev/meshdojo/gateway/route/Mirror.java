package dev.meshdojo.gateway.route;

import org.jspecify.annotations.Nullable;

/**
 * A copy of a share of the requests.
 *
 * @param cluster where it goes; empty when {@code clusterHeader} names it
 * @param clusterHeader the header that names the cluster, or null
 * @param fraction how many requests are copied
 * @param appendShadowSuffix whether {@code -shadow} is put behind the host
 */
public record Mirror(
        String cluster,
        @Nullable String clusterHeader,
        Fraction fraction,
        boolean appendShadowSuffix) {}
