package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.upstream.EndpointSet.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses among the usable members of one locality or priority. Used by one worker. */
sealed interface Balancer {

    @Nullable Endpoint choose(long hash, RandomGenerator random);

    /** One after the other; by weight when weights differ. Starts at a random place. */
    final class RoundRobin implements Balancer {
        private final List<Member> members;
        private final @Nullable Weighted weighted;
        private int next;

        RoundRobin(List<Member> members, int start) {
            this.members = members;
            this.weighted = Weighted.needed(members) ? new Weighted(members) : null;
            this.next = start;
        }

        @Override
        public @Nullable Endpoint choose(long hash, RandomGenerator random) {
            if (members.isEmpty()) {
                return null;
            }
            if (weighted != null) {
                return weighted.next(Member::weight);
            }
            return members.get(Math.floorMod(next++, members.size())).endpoint();
        }
    }

    /** The less busy of a few picked at random; by weight and load when weights differ. */
    final class LeastRequest implements Balancer {
        private final List<Member> members;
        private final int choices;
        private final @Nullable Weighted weighted;

        LeastRequest(List<Member> members, int choices) {
            this.members = members;
            this.choices = choices;
            this.weighted = Weighted.needed(members) ? new Weighted(members) : null;
        }

        @Override
        public @Nullable Endpoint choose(long hash, RandomGenerator random) {
            if (members.isEmpty()) {
                return null;
            }
            if (weighted != null) {
                return weighted.next(
                        member ->
                                (double) member.weight()
                                        / (member.endpoint().activeRequests() + 1));
            }
            Endpoint best = members.get(random.nextInt(members.size())).endpoint();
            for (int i = 1; i < choices; i++) {
                Endpoint other = members.get(random.nextInt(members.size())).endpoint();
                if (other.activeRequests() < best.activeRequests()) {
                    best = other;
                }
            }
            return best;
        }
    }

    /** Any, by weight. */
    final class Uniform implements Balancer {
        private final List<Member> members;

        Uniform(List<Member> members) {
            this.members = members;
        }

        @Override
        public @Nullable Endpoint choose(long hash, RandomGenerator random) {
            return members.isEmpty()
                    ? null
                    : members.get(random.nextInt(members.size())).endpoint();
        }
    }

    /** The endpoint that owns the hash. */
    record Hashed(HashTable table) implements Balancer {
        @Override
        public @Nullable Endpoint choose(long hash, RandomGenerator random) {
            return table.find(hash);
        }
    }

    /** Earliest deadline first: each gets its share, evenly spread. */
    final class Weighted {
        private record Entry(Member member, double deadline, long order) {}

        private final PriorityQueue<Entry> queue =
                new PriorityQueue<>(
                        (a, b) ->
                                a.deadline != b.deadline
                                        ? Double.compare(a.deadline, b.deadline)
                                        : Long.compare(a.order, b.order));
        private double now;
        private long order;

        Weighted(List<Member> members) {
            for (Member member : members) {
                queue.add(new Entry(member, 1.0 / member.weight(), order++));
            }
        }

        static boolean needed(List<Member> members) {
            return members.stream().mapToInt(Member::weight).distinct().count() > 1;
        }

        Endpoint next(java.util.function.ToDoubleFunction<Member> weight) {
            Entry entry = java.util.Objects.requireNonNull(queue.poll());
            now = entry.deadline;
            queue.add(
                    new Entry(
                            entry.member, now + 1.0 / weight.applyAsDouble(entry.member), order++));
            return entry.member.endpoint();
        }
    }

    static Balancer of(ClusterConfig config, List<Member> members, RandomGenerator random) {
        List<Member> usable = new ArrayList<>(members);
        return switch (config.policy()) {
            case ROUND_ROBIN -> new RoundRobin(usable, random.nextInt(1 << 16));
            case LEAST_REQUEST -> new LeastRequest(usable, config.choiceCount());
            case RANDOM, PROVIDED -> new Uniform(usable);
            case RING_HASH ->
                    new Hashed(HashTable.ring(usable, config.minRingSize(), config.maxRingSize()));
            case MAGLEV -> new Hashed(HashTable.maglev(usable, config.maglevTableSize()));
        };
    }
}
