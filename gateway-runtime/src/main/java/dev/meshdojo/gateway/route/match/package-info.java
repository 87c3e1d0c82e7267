/** Compiled matchers of strings, headers, query parameters, metadata and paths. */
@NullMarked
package dev.meshdojo.gateway.route.match;

import org.jspecify.annotations.NullMarked;
