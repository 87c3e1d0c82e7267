/**
 * EnvoyFilters: patches on the generated listeners, routes and clusters.
 *
 * <p>Source: Istio {@code pilot/pkg/networking/core/envoyfilter}.
 */
@NullMarked
package dev.meshdojo.simulator.pilot.envoyfilter;

import org.jspecify.annotations.NullMarked;
