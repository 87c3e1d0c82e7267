package dev.meshdojo.gateway.stream.format;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * What command operators read.
 *
 * @param request the request head as it is by now; null for a TCP connection
 * @param response the response head's lines; null before there is a response
 * @param responseTrailers null when there are none
 * @param info the stream's facts
 */
public record FormatContext(
        @Nullable RequestHead request,
        @Nullable HeaderMap response,
        @Nullable HeaderMap responseTrailers,
        StreamInfo info) {}
