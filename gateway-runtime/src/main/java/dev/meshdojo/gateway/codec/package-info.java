/**
 * HTTP/1 and HTTP/2 framing, for both ends: bytes to heads, bodies and trailers and back. Knows
 * nothing of routes or clusters.
 */
@NullMarked
package dev.meshdojo.gateway.codec;

import org.jspecify.annotations.NullMarked;
