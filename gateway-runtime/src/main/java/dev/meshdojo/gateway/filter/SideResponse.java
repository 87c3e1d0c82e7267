package dev.meshdojo.gateway.filter;

import com.google.protobuf.ByteString;
import dev.meshdojo.gateway.stream.HeaderMap;

/**
 * The answer to a request that a filter sent itself.
 *
 * @param status the status code
 * @param headers without pseudo-headers
 * @param body the whole body
 */
public record SideResponse(int status, HeaderMap headers, ByteString body) {}
