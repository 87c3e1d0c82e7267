package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A scope that remembers what it was asked, so that what was made of the answers can be kept for as
 * long as a later scope answers the same. Services come without endpoints, which routes do not
 * depend on. Not thread-safe.
 */
public final class TrackedScope extends Scope {

    /** One question with its answer. */
    public sealed interface Read {
        /** Whether {@code scope} answers the same. */
        boolean holds(Scope scope);
    }

    private record ByHostname(String hostname, @Nullable Service answer) implements Read {
        @Override
        public boolean holds(Scope scope) {
            return same(answer, scope.service(hostname));
        }
    }

    private record ByOwner(String hostname, String owner, @Nullable Service answer)
            implements Read {
        @Override
        public boolean holds(Scope scope) {
            return same(answer, scope.service(hostname, owner));
        }
    }

    private record OfRule(String hostname, @Nullable DestinationRule answer) implements Read {
        @Override
        public boolean holds(Scope scope) {
            return Objects.equals(answer, scope.destinationRule(hostname));
        }
    }

    private record OfAll(List<Service> answer) implements Read {
        @Override
        @SuppressWarnings("ReferenceEquality") // an unchanged list is the same instance
        public boolean holds(Scope scope) {
            return answer == scope.services();
        }
    }

    private final List<Read> reads = new ArrayList<>();

    /** Asks what {@code scope} knows. */
    public TrackedScope(Scope scope) {
        super(scope);
    }

    /** What was asked so far. */
    public List<Read> reads() {
        return List.copyOf(reads);
    }

    @Override
    public List<Service> services() {
        List<Service> answer = super.services();
        reads.add(new OfAll(answer));
        return answer;
    }

    @Override
    public @Nullable Service service(String hostname) {
        Service answer = super.service(hostname);
        reads.add(new ByHostname(hostname, answer));
        return answer == null ? null : answer.withoutEndpoints();
    }

    @Override
    public @Nullable Service service(String hostname, String owner) {
        Service answer = super.service(hostname, owner);
        reads.add(new ByOwner(hostname, owner, answer));
        return answer == null ? null : answer.withoutEndpoints();
    }

    @Override
    public @Nullable DestinationRule destinationRule(String hostname) {
        DestinationRule answer = super.destinationRule(hostname);
        reads.add(new OfRule(hostname, answer));
        return answer;
    }

    private static boolean same(@Nullable Service before, @Nullable Service now) {
        if (before == null || now == null) {
            return before == null && now == null;
        }
        return before.sameButEndpoints(now);
    }
}
