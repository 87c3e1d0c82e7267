/** The gateway data plane's facade: executes Envoy xDS resources on Netty. */
@NullMarked
package dev.meshdojo.gateway;

import org.jspecify.annotations.NullMarked;
