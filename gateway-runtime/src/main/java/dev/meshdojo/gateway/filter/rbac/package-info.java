/** The RBAC engine: policies compiled from Envoy protos, for HTTP and TCP. */
@NullMarked
package dev.meshdojo.gateway.filter.rbac;

import org.jspecify.annotations.NullMarked;
