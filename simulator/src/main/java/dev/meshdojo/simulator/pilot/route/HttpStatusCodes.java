package dev.meshdojo.simulator.pilot.route;

import java.util.Set;

/** The status codes that Go's {@code net/http} has a text for, which Istio asks about. */
final class HttpStatusCodes {

    private static final Set<Integer> NOT_IN_RANGES =
            Set.of(418, 421, 422, 423, 424, 425, 426, 428);

    private HttpStatusCodes() {}

    /** Whether the code is one with a standard meaning. */
    static boolean known(int code) {
        return (code >= 100 && code <= 103)
                || (code >= 200 && code <= 208)
                || code == 226
                || (code >= 300 && code <= 305)
                || code == 307
                || code == 308
                || (code >= 400 && code <= 417)
                || NOT_IN_RANGES.contains(code)
                || code == 429
                || code == 431
                || code == 451
                || (code >= 500 && code <= 508)
                || code == 510
                || code == 511;
    }
}
