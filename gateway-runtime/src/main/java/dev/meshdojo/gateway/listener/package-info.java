/** Sockets, TLS, SNI, filter-chain match, protocol sniffing and pipeline order. */
@NullMarked
package dev.meshdojo.gateway.listener;

import org.jspecify.annotations.NullMarked;
