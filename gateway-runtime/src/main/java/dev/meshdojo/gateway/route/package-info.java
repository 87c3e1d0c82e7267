/** Compiled, immutable route tables: used by live traffic and by explain alike. */
@NullMarked
package dev.meshdojo.gateway.route;

import org.jspecify.annotations.NullMarked;
