/** What Istio's agent starts a proxy with. */
@NullMarked
package dev.meshdojo.simulator.istio.proxy;

import org.jspecify.annotations.NullMarked;
