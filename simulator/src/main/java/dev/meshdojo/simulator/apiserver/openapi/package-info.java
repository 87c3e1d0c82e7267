/** OpenAPI v2 and v3 documents of all kinds, as {@code kubectl explain} and {@code apply} read. */
@NullMarked
package dev.meshdojo.simulator.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
