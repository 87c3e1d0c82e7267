package dev.meshdojo.gateway.filter.lua;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.classdump.luna.ByteString;
import org.classdump.luna.StateContext;
import org.classdump.luna.Table;
import org.classdump.luna.impl.DefaultUserdata;
import org.classdump.luna.lib.ArgumentIterator;
import org.classdump.luna.runtime.LuaFunction;
import org.jspecify.annotations.Nullable;

/** Java values as Lua's, and objects with methods. */
final class LuaObjects {

    private LuaObjects() {}

    /** A Lua object whose methods Java answers. */
    static final class Host extends DefaultUserdata<String> {
        private final Table methods;
        private BooleanSupplier alive = () -> true;

        Host(StateContext context, String kind) {
            super(context.newTable(), kind);
            methods = context.newTable();
            getMetatable().rawset("__index", methods);
        }

        /** Lets the object answer only as long as {@code condition} holds. */
        Host aliveWhile(BooleanSupplier condition) {
            alive = condition;
            return this;
        }

        /** Adds a method; its first argument, the object, is not passed on. */
        Host with(String name, Method.Work work) {
            methods.rawset(
                    name,
                    new Method(
                            name,
                            arguments -> {
                                if (!alive.getAsBoolean()) {
                                    throw new IllegalStateException(
                                            "object used outside of proper scope");
                                }
                                arguments.skip();
                                return work.call(arguments);
                            }));
            return this;
        }

        /** Adds a method that may wait. */
        Host with(String name, LuaFunction<?, ?, ?, ?, ?> function) {
            methods.rawset(name, function);
            return this;
        }

        /** Lets {@code pairs} walk over what {@code entries} gives. */
        Host pairs(StateContext context, Method.Work entries) {
            getMetatable()
                    .rawset(
                            "__pairs",
                            new Method(
                                    "__pairs",
                                    arguments -> {
                                        Object[] flat = entries.call(arguments);
                                        int[] at = {0};
                                        return new Object[] {
                                            new Method(
                                                    "next",
                                                    none -> {
                                                        if (at[0] >= flat.length) {
                                                            return new Object[] {null};
                                                        }
                                                        at[0] += 2;
                                                        return new Object[] {
                                                            flat[at[0] - 2], flat[at[0] - 1]
                                                        };
                                                    })
                                        };
                                    }));
            return this;
        }
    }

    /** The bytes of a header value or body as a Lua string; null stays null. */
    static @Nullable ByteString text(@Nullable String bytes) {
        return bytes == null ? null : ByteString.fromRaw(bytes);
    }

    /** The next argument as a string of bytes; numbers are written out. */
    static String string(ArgumentIterator arguments) {
        return arguments.nextString().toRawString();
    }

    /** One result; none when there is no value, as Envoy's getters have it. */
    static Object[] result(@Nullable Object value) {
        return value == null ? Method.NOTHING : new Object[] {value};
    }

    /** JSON-like values as Lua's. */
    static @Nullable Object fromJava(StateContext context, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> ByteString.of(text);
            case Double number ->
                    number == Math.rint(number) && Math.abs(number) < 1e15
                            ? (Object) number.longValue()
                            : number;
            case Map<?, ?> map -> {
                Table table = context.newTable();
                map.forEach(
                        (key, each) ->
                                table.rawset(
                                        ByteString.of(String.valueOf(key)),
                                        fromJava(context, each)));
                yield table;
            }
            case List<?> list -> {
                Table table = context.newTable();
                for (int i = 0; i < list.size(); i++) {
                    table.rawset(i + 1L, fromJava(context, list.get(i)));
                }
                yield table;
            }
            default -> value;
        };
    }

    /** Lua's values as JSON-like ones; what has no such form is null. */
    static @Nullable Object toJava(@Nullable Object value) {
        return switch (value) {
            case ByteString text -> text.decode();
            case Number number -> number.doubleValue();
            case Boolean flag -> flag;
            case Table table -> toJava(table);
            case null, default -> null;
        };
    }

    private static Object toJava(Table table) {
        if (table.rawlen() > 0) {
            java.util.ArrayList<@Nullable Object> list = new java.util.ArrayList<>();
            for (long i = 1; i <= table.rawlen(); i++) {
                list.add(toJava(table.rawget(i)));
            }
            return list;
        }
        java.util.LinkedHashMap<String, @Nullable Object> map = new java.util.LinkedHashMap<>();
        for (Object key = table.initialKey(); key != null; key = table.successorKeyOf(key)) {
            map.put(
                    key instanceof ByteString text ? text.decode() : String.valueOf(key),
                    toJava(table.rawget(key)));
        }
        return map;
    }
}
