package dev.meshdojo.gateway.stream.format;

import org.jspecify.annotations.Nullable;

/** One compiled command operator or literal text. */
@FunctionalInterface
interface Command {

    /**
     * A {@code String}, {@code Number}, or JSON-like value; null when the stream has no such thing.
     */
    @Nullable Object evaluate(FormatContext context);
}
