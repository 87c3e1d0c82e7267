package dev.meshdojo.gateway.filter.lua;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.classdump.luna.StateContext;
import org.jspecify.annotations.Nullable;

/**
 * The headers object of a script, pseudo-headers included. Changes are refused once the head went
 * on.
 */
final class LuaHeaders {

    /** Pseudo-headers by name. */
    interface Pseudo {
        List<String> names();

        @Nullable String get(String name);

        void set(String name, String value);
    }

    private final HeaderMap headers;
    private final Pseudo pseudo;
    private final BooleanSupplier open;
    private final Runnable changed;

    private LuaHeaders(HeaderMap headers, Pseudo pseudo, BooleanSupplier open, Runnable changed) {
        this.headers = headers;
        this.pseudo = pseudo;
        this.open = open;
        this.changed = changed;
    }

    /** Request headers; {@code changed} is told of every change. */
    static LuaObjects.Host of(
            StateContext context, RequestHead head, BooleanSupplier open, Runnable changed) {
        return new LuaHeaders(
                        head.headers(),
                        new Pseudo() {
                            @Override
                            public List<String> names() {
                                return List.of(":authority", ":path", ":method", ":scheme");
                            }

                            @Override
                            public @Nullable String get(String name) {
                                return head.pseudo(name);
                            }

                            @Override
                            public void set(String name, String value) {
                                switch (name) {
                                    case ":authority", "host" -> head.authority(value);
                                    case ":path" -> head.path(value);
                                    case ":method" -> head.method(value);
                                    case ":scheme" -> head.scheme(value);
                                    default -> {}
                                }
                            }
                        },
                        open,
                        changed)
                .host(context);
    }

    static LuaObjects.Host of(StateContext context, ResponseHead head, BooleanSupplier open) {
        return new LuaHeaders(
                        head.headers(),
                        new Pseudo() {
                            @Override
                            public List<String> names() {
                                return List.of(":status");
                            }

                            @Override
                            public @Nullable String get(String name) {
                                return name.equals(":status")
                                        ? Integer.toString(head.status())
                                        : null;
                            }

                            @Override
                            public void set(String name, String value) {
                                try {
                                    head.status(Integer.parseInt(value));
                                } catch (NumberFormatException e) {
                                    throw new IllegalArgumentException(
                                            ":status must be a number, not " + value, e);
                                }
                            }
                        },
                        open,
                        () -> {})
                .host(context);
    }

    /** Trailers, which have no pseudo-headers. */
    static LuaObjects.Host of(StateContext context, HeaderMap trailers, BooleanSupplier open) {
        return new LuaHeaders(
                        trailers,
                        new Pseudo() {
                            @Override
                            public List<String> names() {
                                return List.of();
                            }

                            @Override
                            public @Nullable String get(String name) {
                                return null;
                            }

                            @Override
                            public void set(String name, String value) {}
                        },
                        open,
                        () -> {})
                .host(context);
    }

    private LuaObjects.Host host(StateContext context) {
        return new LuaObjects.Host(context, "headers")
                .with("get", args -> LuaObjects.result(LuaObjects.text(get(name(args)))))
                .with("getAtIndex", args -> at(name(args), args.nextInteger()))
                .with("getNumValues", args -> LuaObjects.result((long) all(name(args)).size()))
                .with("add", args -> add(name(args), LuaObjects.string(args)))
                .with("replace", args -> replace(name(args), LuaObjects.string(args)))
                .with("remove", args -> remove(name(args)))
                .with("setHttp1ReasonPhrase", args -> Method.NOTHING)
                .pairs(context, args -> entries());
    }

    private static String name(org.classdump.luna.lib.ArgumentIterator arguments) {
        return LuaObjects.string(arguments).toLowerCase(Locale.ROOT);
    }

    private List<String> all(String name) {
        String special = pseudo.get(name);
        return special != null ? List.of(special) : headers.all(name);
    }

    private @Nullable String get(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : String.join(",", values);
    }

    private Object[] at(String name, long index) {
        List<String> values = all(name);
        return LuaObjects.result(
                index < 0 || index >= values.size()
                        ? null
                        : LuaObjects.text(values.get((int) index)));
    }

    private Object[] add(String name, String value) {
        change();
        if (pseudo.get(name) != null || name.startsWith(":")) {
            pseudo.set(name, value);
        } else {
            headers.add(name, value);
        }
        return Method.NOTHING;
    }

    private Object[] replace(String name, String value) {
        change();
        if (pseudo.get(name) != null || name.startsWith(":")) {
            pseudo.set(name, value);
        } else {
            headers.set(name, value);
        }
        return Method.NOTHING;
    }

    private Object[] remove(String name) {
        change();
        headers.remove(name);
        return Method.NOTHING;
    }

    private void change() {
        if (!open.getAsBoolean()) {
            throw new IllegalStateException("header map can no longer be modified");
        }
        changed.run();
    }

    private Object[] entries() {
        List<@Nullable Object> flat = new ArrayList<>();
        for (String name : pseudo.names()) {
            String value = pseudo.get(name);
            if (value != null) {
                flat.add(LuaObjects.text(name));
                flat.add(LuaObjects.text(value));
            }
        }
        headers.forEach(
                (name, value) -> {
                    flat.add(LuaObjects.text(name));
                    flat.add(LuaObjects.text(value));
                });
        return flat.toArray();
    }
}
