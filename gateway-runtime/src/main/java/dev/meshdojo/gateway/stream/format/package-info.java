/** Envoy's command operators, for header values and access logs, and header operations. */
@NullMarked
package dev.meshdojo.gateway.stream.format;

import org.jspecify.annotations.NullMarked;
