package dev.meshdojo.simulator.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PersistentMapTest {

    @Property(tries = 200)
    void behaves_as_a_sorted_map_and_keeps_its_past(
            @ForAll @Size(max = 200) List<@IntRange(min = -40, max = 40) Integer> steps) {
        TreeMap<String, Integer> model = new TreeMap<>();
        PersistentMap<Integer> map = PersistentMap.empty();
        List<PersistentMap<Integer>> past = new ArrayList<>();
        List<Map<String, Integer>> pastModel = new ArrayList<>();
        for (int step : steps) {
            past.add(map);
            pastModel.add(new TreeMap<>(model));
            String key = "k" + Math.abs(step);
            if (step >= 0) {
                map = map.with(key, step);
                model.put(key, step);
            } else {
                map = map.without(key);
                model.remove(key);
            }
        }
        assertThat(entries(map)).isEqualTo(model);
        assertThat(map.size()).isEqualTo(model.size());
        assertThat(map.countBetween("k1", "k3")).isEqualTo(model.subMap("k1", "k3").size());
        for (int i = 0; i < past.size(); i++) {
            assertThat(entries(past.get(i))).isEqualTo(pastModel.get(i));
        }
    }

    private static Map<String, Integer> entries(PersistentMap<Integer> map) {
        Map<String, Integer> entries = new TreeMap<>();
        map.forEachFrom(
                "",
                (key, value) -> {
                    entries.put(key, value);
                    return true;
                });
        return entries;
    }
}
