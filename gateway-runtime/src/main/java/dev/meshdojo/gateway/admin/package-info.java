/** Envoy's admin pages as pure functions of an immutable view. */
@NullMarked
package dev.meshdojo.gateway.admin;

import org.jspecify.annotations.NullMarked;
