package dev.meshdojo.gateway.filter;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

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

    /**
     * Wait for the whole body, up to the buffer limit, then do what {@code then} says.
     *
     * @param limit most bytes; the connection's buffer limit counts too
     * @param then called on the exchange's event loop
     */
    record Body(long limit, Function<MessageBody, FilterResult> then) implements FilterResult {}

    /**
     * Wait for something that happens elsewhere, then do what it says.
     *
     * @param start called at once; its argument takes the outcome, once, on the exchange's loop
     */
    record Await(Consumer<Consumer<FilterResult>> start) implements FilterResult {}

    /** Answer the request here. */
    record Reply(LocalReply reply) implements FilterResult {}

    /** Go on with the next filter. */
    static FilterResult proceed() {
        return Continue.INSTANCE;
    }
}
