/** The HTTP connection manager: exchanges, header rules, local replies, the router. */
@NullMarked
package dev.meshdojo.gateway.http;

import org.jspecify.annotations.NullMarked;
