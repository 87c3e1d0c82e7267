/** TLS contexts from xDS: certificates, peer verification, ClientHello inspection. */
@NullMarked
package dev.meshdojo.gateway.tls;

import org.jspecify.annotations.NullMarked;
