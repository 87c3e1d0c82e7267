/** HTTP and network filters compiled from Envoy protos: one small class each. */
@NullMarked
package dev.meshdojo.gateway.filter;

import org.jspecify.annotations.NullMarked;
