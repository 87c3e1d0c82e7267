package dev.meshdojo.simulator.apiserver.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fields of a type by protobuf number. Immutable once made; made once for each type.
 *
 * @param fields fields of this message
 * @param inlined messages whose fields JSON inlines here
 */
record WireIndex(Map<Integer, Field> fields, Map<Integer, WireIndex> inlined) {

    private static final Map<String, WireIndex> INDEXES =
            new java.util.concurrent.ConcurrentHashMap<>();

    static WireIndex of(ObjectType type) {
        WireIndex known = INDEXES.get(type.name());
        if (known != null) {
            return known;
        }
        WireIndex made = new WireIndex(new HashMap<>(), new HashMap<>());
        for (Field field : type.fields().values()) {
            Field.Wire wire = field.wire();
            if (wire != null) {
                made.put(wire.path(), field);
            }
        }
        INDEXES.put(type.name(), made);
        return made;
    }

    private void put(List<Integer> path, Field field) {
        WireIndex current = this;
        for (int step : path.subList(0, path.size() - 1)) {
            current =
                    current.inlined.computeIfAbsent(
                            step, _ -> new WireIndex(new HashMap<>(), new HashMap<>()));
        }
        current.fields.put(path.getLast(), field);
    }

    @Nullable Field field(int number) {
        return fields.get(number);
    }

    @Nullable WireIndex nested(int number) {
        return inlined.get(number);
    }
}
