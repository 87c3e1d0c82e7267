/** External authorization: a service decides about each request. */
@NullMarked
package dev.meshdojo.gateway.filter.authz;

import org.jspecify.annotations.NullMarked;
