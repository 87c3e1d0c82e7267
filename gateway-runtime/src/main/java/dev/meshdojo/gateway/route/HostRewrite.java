package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.SafeRegex;
import dev.meshdojo.gateway.stream.RequestHead;
import org.jspecify.annotations.Nullable;

/** How a forwarding route changes the authority. */
public sealed interface HostRewrite {

    /** The new authority, or null to keep the old one. */
    @Nullable String apply(RequestHead request);

    /** A fixed authority. */
    record Literal(String host) implements HostRewrite {
        @Override
        public String apply(RequestHead request) {
            return host;
        }
    }

    /** The value of a request header, when present and not empty. */
    record FromHeader(String name) implements HostRewrite {
        @Override
        public @Nullable String apply(RequestHead request) {
            String value = request.first(name);
            return value == null || value.isEmpty() ? null : value;
        }
    }

    /** What a substitution makes of the path without query. */
    record FromPath(SafeRegex.Substitution substitution) implements HostRewrite {
        @Override
        public String apply(RequestHead request) {
            return substitution.apply(request.pathWithoutQuery());
        }
    }

    /** The chosen endpoint's host name: done by the upstream side once it has one. */
    record FromUpstream() implements HostRewrite {
        @Override
        public @Nullable String apply(RequestHead request) {
            return null;
        }
    }
}
