/** ADS: the control plane's translation for proxies that connect over the network. */
@NullMarked
package dev.meshdojo.simulator.pilot.server.ads;

import org.jspecify.annotations.NullMarked;
