/** Event loops that several runtimes share, and what belongs to one loop. */
@NullMarked
package dev.meshdojo.gateway.loop;

import org.jspecify.annotations.NullMarked;
