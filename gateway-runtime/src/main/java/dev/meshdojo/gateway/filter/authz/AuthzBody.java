package dev.meshdojo.gateway.filter.authz;

/**
 * The part of a request's body that the service sees.
 *
 * @param partial whether there is more of it
 * @param raw whether it goes as bytes, not as text
 */
@SuppressWarnings("ArrayRecordComponent") // made once, sent once
record AuthzBody(byte[] bytes, boolean partial, boolean raw) {}
