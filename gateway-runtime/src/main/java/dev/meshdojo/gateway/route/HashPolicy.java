package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.SafeRegex;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One input of the hash by which ring hash and maglev pick an endpoint. */
public sealed interface HashPolicy {

    /** Whether later policies are passed over once this one gave a hash. */
    boolean terminal();

    /** A request header's value. */
    record Header(String name, SafeRegex.@Nullable Substitution rewrite, boolean terminal)
            implements HashPolicy {}

    /**
     * A cookie's value; the gateway sets the cookie when {@code ttl} is given and it is missing.
     *
     * @param ttl null: never set; zero: a session cookie
     * @param path empty for none
     */
    record Cookie(
            String name,
            @Nullable Duration ttl,
            String path,
            Map<String, String> attributes,
            boolean terminal)
            implements HashPolicy {}

    /** The client's address without port. */
    record SourceIp(boolean terminal) implements HashPolicy {}

    /** A query parameter's first value. */
    record QueryParameter(String name, boolean terminal) implements HashPolicy {}
}
