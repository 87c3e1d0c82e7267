/**
 * Configuration by ADS: what is asked for, what is acknowledged, and when resources may be used.
 */
@NullMarked
package dev.meshdojo.gateway.config.ads;

import org.jspecify.annotations.NullMarked;
