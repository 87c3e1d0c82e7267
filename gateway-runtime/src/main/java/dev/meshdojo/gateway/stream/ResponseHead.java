package dev.meshdojo.gateway.stream;

/**
 * The head of a response on its way to the client. Filters and header operations change it.
 *
 * @param status the status code
 * @param headers all header lines but {@code :status}
 */
public record ResponseHead(int status, HeaderMap headers) {}
