package dev.meshdojo.gateway.filter;

import java.time.Duration;

/** What a filter wants done with a request. */
public sealed interface FilterResult {

    /** Go on with the next filter. */
    record Continue() implements FilterResult {
        static final Continue INSTANCE = new Continue();
    }

    /**
     * Wait, then do {@code then}; the flag {@code DI} is raised already.
     *
     * @param delay how long
     * @param then what follows: {@link Continue} or {@link Reply}
     */
    record Delay(Duration delay, FilterResult then) implements FilterResult {}

    /** Answer the request here. */
    record Reply(LocalReply reply) implements FilterResult {}

    /** Go on with the next filter. */
    static FilterResult proceed() {
        return Continue.INSTANCE;
    }
}
