package dev.meshdojo.simulator.cluster;

import java.time.Instant;

/**
 * One request on one leg of its way, for pictures: from the client to a gateway, from a gateway to
 * a service, from one service to the next. Immutable.
 *
 * @param from who sent it: {@code client}, or {@code namespace/workload}
 * @param to who answered: {@code namespace/workload}, or {@code namespace/service} when no pod was
 *     reached
 * @param request method and path, such as {@code GET /follow}
 * @param status the HTTP status, or 0 when the connection ended without one
 * @param at when the answer was complete
 */
public record TrafficHop(String from, String to, String request, int status, Instant at) {}
