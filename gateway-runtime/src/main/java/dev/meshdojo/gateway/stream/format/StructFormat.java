package dev.meshdojo.gateway.stream.format;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A JSON object whose strings are formats. Immutable; properties in alphabetical order. */
public final class StructFormat {

    private final Command root;

    private StructFormat(Command root) {
        this.root = root;
    }

    /**
     * Compiles {@code format}.
     *
     * @param omitEmpty whether properties without a value are left out instead of null
     * @throws InvalidConfigException when a string does not parse
     */
    public static StructFormat compile(Struct format, boolean omitEmpty) {
        return new StructFormat(object(format, omitEmpty));
    }

    /** The object for one stream. */
    public @Nullable Object evaluate(FormatContext context) {
        return root.evaluate(context);
    }

    private static Command object(Struct format, boolean omitEmpty) {
        Map<String, Command> properties = new TreeMap<>();
        format.getFieldsMap()
                .forEach((name, value) -> properties.put(name, value(value, omitEmpty)));
        return context -> {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            properties.forEach(
                    (name, command) -> {
                        Object value = command.evaluate(context);
                        if (value != null || !omitEmpty) {
                            object.put(name, value);
                        }
                    });
            return object;
        };
    }

    private static Command value(Value value, boolean omitEmpty) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> SubstitutionFormat.compile(value.getStringValue())::json;
            case STRUCT_VALUE -> object(value.getStructValue(), omitEmpty);
            case LIST_VALUE -> {
                List<Command> elements =
                        value.getListValue().getValuesList().stream()
                                .map(element -> value(element, omitEmpty))
                                .toList();
                yield context -> {
                    List<@Nullable Object> list = new ArrayList<>();
                    elements.forEach(element -> list.add(element.evaluate(context)));
                    return list;
                };
            }
            case NUMBER_VALUE -> {
                Double number = value.getNumberValue();
                yield context -> number;
            }
            case BOOL_VALUE -> {
                Boolean bool = value.getBoolValue();
                yield context -> bool;
            }
            case NULL_VALUE, KIND_NOT_SET -> context -> null;
        };
    }
}
