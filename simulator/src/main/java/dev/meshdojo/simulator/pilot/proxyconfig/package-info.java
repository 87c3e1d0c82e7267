/** The tables that {@code istioctl proxy-config} prints, made from xDS. */
@NullMarked
package dev.meshdojo.simulator.pilot.proxyconfig;

import org.jspecify.annotations.NullMarked;
