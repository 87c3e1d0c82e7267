/** A real Envoy beside our data plane: same configuration, same bytes, same outcome. */
@NullMarked
package dev.meshdojo.gateway.peer;

import org.jspecify.annotations.NullMarked;
