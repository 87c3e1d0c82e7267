package dev.meshdojo.simulator.apiserver.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.meshdojo.simulator.apiserver.model.Field.ListType;
import dev.meshdojo.simulator.apiserver.model.FieldType.ListOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.MapOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.Ref;
import dev.meshdojo.simulator.apiserver.model.FieldType.Scalar;
import io.fabric8.kubernetes.api.model.Duration;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.runtime.RawExtension;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the shape of one definition from fabric8's class and completes it from the facts. */
final class ModelReflection {

    private static final Map<Class<?>, FieldType> KNOWN =
            Map.ofEntries(
                    Map.entry(String.class, Scalar.STRING),
                    Map.entry(Boolean.class, Scalar.BOOLEAN),
                    Map.entry(boolean.class, Scalar.BOOLEAN),
                    Map.entry(Integer.class, Scalar.INT32),
                    Map.entry(int.class, Scalar.INT32),
                    Map.entry(Long.class, Scalar.INT64),
                    Map.entry(long.class, Scalar.INT64),
                    Map.entry(Double.class, Scalar.DOUBLE),
                    Map.entry(Quantity.class, Scalar.QUANTITY),
                    Map.entry(IntOrString.class, Scalar.INT_OR_STRING),
                    Map.entry(MicroTime.class, Scalar.MICRO_TIME),
                    Map.entry(Duration.class, Scalar.DURATION),
                    Map.entry(RawExtension.class, Scalar.RAW),
                    Map.entry(FieldsV1.class, Scalar.RAW),
                    Map.entry(Object.class, Scalar.RAW));

    private ModelReflection() {}

    static Optional<ObjectType> read(String shortName, @Nullable TypeFacts facts) {
        Class<?> model = Definitions.modelClass(shortName);
        if (model == null && facts == null) {
            return Optional.empty();
        }
        TypeFacts known = facts == null ? TypeFacts.NONE : facts;
        Map<String, FieldType> shape = new TreeMap<>();
        for (Class<?> c = model; c != null && c != Object.class; c = c.getSuperclass()) {
            for (java.lang.reflect.Field field : c.getDeclaredFields()) {
                JsonProperty property = field.getAnnotation(JsonProperty.class);
                if (property != null) {
                    shape.put(property.value(), typeOf(field.getGenericType()));
                }
            }
        }
        known.removed().forEach(shape::remove);
        shape.putAll(known.types());
        Map<String, Field> fields = new TreeMap<>();
        shape.forEach((name, type) -> fields.put(name, known.complete(name, type)));
        return Optional.of(new ObjectType(Definitions.fullName(shortName), fields, known.atomic()));
    }

    private static FieldType typeOf(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return new ListOf(typeOf(arguments[0]));
            }
            if (generic.getRawType() == Map.class) {
                return new MapOf(typeOf(arguments[1]));
            }
        }
        if (!(type instanceof Class<?> plain)) {
            return Scalar.RAW;
        }
        FieldType known = KNOWN.get(plain);
        if (known != null) {
            return known;
        }
        return plain.getPackageName().startsWith("io.fabric8.kubernetes.api.model")
                        && !plain.isInterface()
                ? new Ref(Definitions.fullName(Definitions.shortNameOf(plain)))
                : Scalar.RAW;
    }

    /** A field about which the table says nothing. */
    static Field plain(String name, FieldType type) {
        return new Field(
                name,
                type,
                false,
                ListType.ATOMIC,
                List.of(),
                false,
                Set.of(),
                null,
                List.of(),
                null,
                null);
    }
}
