package dev.meshdojo.gateway.filter;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Protobuf's JSON values as dynamic metadata holds them. Pure functions. */
public final class StructValues {

    private StructValues() {}

    /** The fields of {@code struct}. */
    public static Map<String, @Nullable Object> map(Struct struct) {
        Map<String, @Nullable Object> map = new TreeMap<>();
        struct.getFieldsMap().forEach((key, value) -> map.put(key, of(value)));
        return map;
    }

    private static @Nullable Object of(Value value) {
        return switch (value.getKindCase()) {
            case NUMBER_VALUE -> value.getNumberValue();
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case STRUCT_VALUE -> map(value.getStructValue());
            case LIST_VALUE -> {
                List<@Nullable Object> list = new ArrayList<>();
                value.getListValue().getValuesList().forEach(each -> list.add(of(each)));
                yield list;
            }
            case NULL_VALUE, KIND_NOT_SET -> null;
        };
    }
}
