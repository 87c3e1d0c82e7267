/** JWT authentication compiled from Envoy's jwt_authn protos. */
@NullMarked
package dev.meshdojo.gateway.filter.jwt;

import org.jspecify.annotations.NullMarked;
