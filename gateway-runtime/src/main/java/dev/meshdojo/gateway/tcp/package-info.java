/** TCP proxying. */
@NullMarked
package dev.meshdojo.gateway.tcp;

import org.jspecify.annotations.NullMarked;
