/** gRPC calls that the proxy makes itself, over its own clusters as Envoy's {@code envoy_grpc}. */
@NullMarked
package dev.meshdojo.gateway.grpc;

import org.jspecify.annotations.NullMarked;
