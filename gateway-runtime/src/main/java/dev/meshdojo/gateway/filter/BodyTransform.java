package dev.meshdojo.gateway.filter;

import io.netty.buffer.ByteBuf;

/** Rewrites body bytes as they pass. Owned by one exchange, used on its event loop. */
@FunctionalInterface
public interface BodyTransform {

    /**
     * The bytes that go on in place of {@code data}.
     *
     * @param data taken over; may be empty
     * @param end whether nothing follows; called once with true
     * @return given to the caller; may be empty
     */
    ByteBuf apply(ByteBuf data, boolean end);

    /** Lets go of what the transform holds; called when the exchange ends, once. */
    default void close() {}
}
