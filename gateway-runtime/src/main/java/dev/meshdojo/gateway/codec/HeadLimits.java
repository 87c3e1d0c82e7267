package dev.meshdojo.gateway.codec;

/**
 * How large a head may be.
 *
 * @param maxBytes all bytes of names and values together
 * @param maxLines header lines, Host included
 */
public record HeadLimits(int maxBytes, int maxLines) {

    /** Envoy's defaults: 60 KiB and 100 lines. */
    public static final HeadLimits DEFAULT = new HeadLimits(60 * 1024, 100);
}
