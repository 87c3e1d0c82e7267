/** HTTP filters: fault, CORS, RBAC, local rate limit, header to metadata. */
@NullMarked
package dev.meshdojo.gateway.filter.http;

import org.jspecify.annotations.NullMarked;
