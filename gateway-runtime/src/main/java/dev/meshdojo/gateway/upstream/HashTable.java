package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.upstream.EndpointSet.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint owns a hash, by ring or by Maglev table. Immutable.
 *
 * <p>Source: Envoy's RingHashLoadBalancer and MaglevLoadBalancer: keys are {@code ip:port_i} and
 * {@code ip:port}.
 */
final class HashTable {

    private record Point(long hash, Endpoint endpoint) {}

    private final List<Point> ring;
    private final @Nullable Endpoint[] table;

    private HashTable(List<Point> ring, @Nullable Endpoint[] table) {
        this.ring = ring;
        this.table = table;
    }

    @Nullable Endpoint find(long hash) {
        if (table.length > 0) {
            return table[(int) Long.remainderUnsigned(hash, table.length)];
        }
        if (ring.isEmpty()) {
            return null;
        }
        int low = 0;
        int high = ring.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(ring.get(middle).hash(), hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return ring.get(low == ring.size() ? 0 : low).endpoint();
    }

    static HashTable ring(List<Member> members, long minSize, long maxSize) {
        if (members.isEmpty()) {
            return new HashTable(List.of(), new Endpoint[0]);
        }
        double total = members.stream().mapToInt(Member::weight).sum();
        double least = members.stream().mapToInt(Member::weight).min().orElse(1) / total;
        double scale = Math.min(Math.ceil(least * minSize) / least, (double) maxSize);
        List<Point> points = new ArrayList<>((int) Math.ceil(scale));
        double current = 0;
        double target = 0;
        for (Member member : members) {
            target += scale * (member.weight() / total);
            for (int i = 0; current < target; i++, current++) {
                points.add(
                        new Point(XxHash64.hash(member.endpoint() + "_" + i), member.endpoint()));
            }
        }
        points.sort((a, b) -> Long.compareUnsigned(a.hash(), b.hash()));
        return new HashTable(points, new Endpoint[0]);
    }

    static HashTable maglev(List<Member> members, int size) {
        if (members.isEmpty()) {
            return new HashTable(List.of(), new Endpoint[0]);
        }
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(member -> member.endpoint().toString()));
        int count = sorted.size();
        long[] offset = new long[count];
        long[] skip = new long[count];
        long[] next = new long[count];
        double[] target = new double[count];
        double heaviest = sorted.stream().mapToInt(Member::weight).max().orElse(1);
        for (int i = 0; i < count; i++) {
            String key = sorted.get(i).endpoint().toString();
            offset[i] = Long.remainderUnsigned(XxHash64.hash(key, 0), size);
            skip[i] = Long.remainderUnsigned(XxHash64.hash(key, 1), size - 1) + 1;
        }
        @Nullable Endpoint[] table = new Endpoint[size];
        int filled = 0;
        for (int iteration = 1; filled < size; iteration++) {
            for (int i = 0; i < count && filled < size; i++) {
                double weight = sorted.get(i).weight();
                if (iteration * weight < target[i]) {
                    continue;
                }
                target[i] += heaviest;
                int slot = (int) ((offset[i] + skip[i] * next[i]) % size);
                while (table[slot] != null) {
                    next[i]++;
                    slot = (int) ((offset[i] + skip[i] * next[i]) % size);
                }
                table[slot] = sorted.get(i).endpoint();
                next[i]++;
                filled++;
            }
        }
        return new HashTable(List.of(), table);
    }
}
