package dev.meshdojo.simulator.pilot.security;

import org.jspecify.annotations.Nullable;

/**
 * Key sets by address, as the control plane has fetched them. Translation asks and never waits: a
 * set that is not there yet is null, and the caller translates again once it has arrived.
 */
@FunctionalInterface
public interface JwksSource {

    /** Knows no key set. */
    JwksSource NONE = (uri, issuer) -> null;

    /**
     * The key set as JSON text, or null.
     *
     * @param uri where to fetch it; empty when it is to be found out from the issuer
     * @param issuer the issuer of tokens
     */
    @Nullable String keys(String uri, String issuer);
}
