/**
 * Gateway servers to Envoy listeners: filter chains, connection managers, TCP proxies, access logs.
 */
@NullMarked
package dev.meshdojo.simulator.pilot.listener;

import org.jspecify.annotations.NullMarked;
