/** Which filters this proxy can run, by configuration type. */
@NullMarked
package dev.meshdojo.gateway.filter.registry;

import org.jspecify.annotations.NullMarked;
