package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.upstream.EndpointSet.Locality;
import dev.meshdojo.gateway.upstream.EndpointSet.Member;
import dev.meshdojo.gateway.upstream.EndpointSet.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One worker's view of a cluster at one moment: which priority gets how much, which locality, and a
 * balancer for each. Built anew when membership or health changes.
 *
 * <p>Source: Envoy's load balancing: priority levels, locality weighted load balancing, panic.
 */
final class Chooser {

    private record Group(int weight, Balancer balancer) {}

    private record Level(int load, int totalWeight, List<Group> groups) {}

    private final long generation;
    private final List<Level> levels;

    private Chooser(long generation, List<Level> levels) {
        this.generation = generation;
        this.levels = levels;
    }

    long generation() {
        return generation;
    }

    @Nullable Endpoint choose(long hash, RandomGenerator random) {
        if (levels.isEmpty()) {
            return null;
        }
        Level level = levels.getFirst();
        if (levels.size() > 1) {
            int dice = (int) Long.remainderUnsigned(hash, 100);
            for (Level candidate : levels) {
                level = candidate;
                dice -= candidate.load();
                if (dice < 0) {
                    break;
                }
            }
        }
        List<Group> groups = level.groups();
        if (groups.size() == 1) {
            return groups.getFirst().balancer().choose(hash, random);
        }
        int dice = random.nextInt(level.totalWeight());
        for (Group group : groups) {
            dice -= group.weight();
            if (dice < 0) {
                return group.balancer().choose(hash, random);
            }
        }
        return null;
    }

    static Chooser build(
            ClusterConfig config, EndpointSet set, long generation, RandomGenerator random) {
        int count = set.priorities().size();
        int[] availability = new int[count];
        int sum = 0;
        boolean[] panic = new boolean[count];
        for (int i = 0; i < count; i++) {
            int all = 0;
            int healthy = 0;
            for (Locality locality : set.priorities().get(i).localities()) {
                all += locality.members().size();
                healthy += (int) locality.members().stream().filter(Chooser::healthy).count();
            }
            int factor = config.overprovisioning(set.overprovisioning());
            availability[i] = all == 0 ? 0 : Math.min(100, healthy * factor / all);
            sum += availability[i];
            panic[i] = all > 0 && healthy * 100 < config.panicThreshold() * all;
        }
        List<Level> levels = new ArrayList<>();
        if (sum == 0) {
            for (int i = 0; i < count; i++) {
                if (panic[i]) {
                    add(levels, level(config, set.priorities().get(i), 100, true, random));
                    break;
                }
            }
            return new Chooser(generation, levels);
        }
        int total = Math.min(sum, 100);
        int left = 100;
        for (int i = 0; i < count && left > 0; i++) {
            int load = Math.min(left, availability[i] * 100 / total);
            if (load > 0) {
                boolean all = panic[i] && sum < 100;
                add(levels, level(config, set.priorities().get(i), load, all, random));
                left -= load;
            }
        }
        return new Chooser(generation, levels);
    }

    private static void add(List<Level> levels, @Nullable Level level) {
        if (level != null) {
            levels.add(level);
        }
    }

    private static @Nullable Level level(
            ClusterConfig config,
            Priority priority,
            int load,
            boolean all,
            RandomGenerator random) {
        List<Group> groups = new ArrayList<>();
        int total = 0;
        if (config.localityWeighted()) {
            for (Locality locality : priority.localities()) {
                List<Member> members = usable(locality.members(), all);
                int size = locality.members().size();
                int available = size == 0 ? 0 : Math.min(100, members.size() * 140 / size);
                int weight = locality.weight() * available;
                if (weight > 0) {
                    groups.add(new Group(weight, Balancer.of(config, members, random)));
                    total += weight;
                }
            }
        }
        if (groups.isEmpty()) {
            List<Member> members = new ArrayList<>();
            for (Locality locality : priority.localities()) {
                members.addAll(usable(locality.members(), all));
            }
            if (members.isEmpty()) {
                return null;
            }
            groups.add(new Group(1, Balancer.of(config, members, random)));
            total = 1;
        }
        return new Level(load, total, groups);
    }

    private static List<Member> usable(List<Member> members, boolean all) {
        return all ? members : members.stream().filter(Chooser::healthy).toList();
    }

    private static boolean healthy(Member member) {
        return member.usable() && !member.endpoint().ejected();
    }
}
