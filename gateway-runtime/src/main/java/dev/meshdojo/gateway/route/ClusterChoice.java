package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.stream.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a forwarding route chooses its cluster. */
public sealed interface ClusterChoice {

    /** The cluster for one request with this random number. */
    ClusterTarget pick(RequestHead request, long random);

    /** All clusters that may be chosen, as far as configuration names them. */
    List<ClusterTarget> targets();

    /** Always the same. */
    record Single(ClusterTarget target) implements ClusterChoice {
        @Override
        public ClusterTarget pick(RequestHead request, long random) {
            return target;
        }

        @Override
        public List<ClusterTarget> targets() {
            return List.of(target);
        }
    }

    /** The one that a request header names; the empty name when it is absent. */
    record FromHeader(String name) implements ClusterChoice {
        @Override
        public ClusterTarget pick(RequestHead request, long random) {
            String cluster = request.first(name);
            return ClusterTarget.of(cluster == null ? "" : cluster);
        }

        @Override
        public List<ClusterTarget> targets() {
            return List.of();
        }
    }

    /**
     * By weight.
     *
     * @param targets in configured order
     * @param totalWeight the sum of their weights
     * @param randomHeader a header that gives the random number, or null
     */
    record Weighted(List<ClusterTarget> targets, long totalWeight, @Nullable String randomHeader)
            implements ClusterChoice {

        public Weighted {
            targets = List.copyOf(targets);
        }

        @Override
        public ClusterTarget pick(RequestHead request, long random) {
            long selected = Long.remainderUnsigned(value(request, random), totalWeight);
            long end = 0;
            for (ClusterTarget target : targets) {
                end += target.weight();
                if (selected < end) {
                    return target;
                }
            }
            return targets.getLast();
        }

        private long value(RequestHead request, long random) {
            String given = randomHeader == null ? null : request.first(randomHeader);
            if (given == null) {
                return random;
            }
            try {
                return Long.parseUnsignedLong(given);
            } catch (NumberFormatException e) {
                return random;
            }
        }
    }
}
