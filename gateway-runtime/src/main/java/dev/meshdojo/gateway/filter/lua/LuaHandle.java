package dev.meshdojo.gateway.filter.lua;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.ResponseHead;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.classdump.luna.ByteString;
import org.classdump.luna.StateContext;
import org.classdump.luna.Table;
import org.classdump.luna.lib.ArgumentIterator;
import org.jspecify.annotations.Nullable;

/** The handle that a script gets: the request's, or the response's. */
final class LuaHandle {

    private static final String LUA = "envoy.filters.http.lua";

    private LuaHandle() {}

    static Object ofRequest(LuaFilter filter, LuaRun run, FilterContext context) {
        StateContext lua = run.state().context();
        Runnable changed = filter.clearRouteCache() ? context::clearRouteCache : () -> {};
        LuaObjects.Host handle =
                common(
                        filter,
                        run,
                        context,
                        () -> LuaHeaders.of(lua, context.request(), run::headOpen, changed));
        handle.with("respond", args -> respond(run, args));
        handle.with(
                "clearRouteCache",
                args -> {
                    context.clearRouteCache();
                    return Method.NOTHING;
                });
        return handle;
    }

    static Object ofResponse(
            LuaFilter filter, LuaRun run, FilterContext context, ResponseHead response) {
        StateContext lua = run.state().context();
        LuaObjects.Host handle =
                common(filter, run, context, () -> LuaHeaders.of(lua, response, run::headOpen));
        handle.with(
                "respond",
                args -> {
                    throw new IllegalStateException(
                            "respond not currently supported in the response path");
                });
        return handle;
    }

    private static LuaObjects.Host common(
            LuaFilter filter,
            LuaRun run,
            FilterContext context,
            Supplier<LuaObjects.Host> headers) {
        StateContext lua = run.state().context();
        LuaObjects.Host handle = new LuaObjects.Host(lua, "handle");
        handle.with("headers", args -> LuaObjects.result(run.scoped(headers.get())));
        handle.with("trailers", args -> LuaObjects.result(null));
        handle.with(
                "body",
                run.waiting(
                        args -> {
                            boolean always = args.length > 1 && Boolean.TRUE.equals(args[1]);
                            LuaBody known = run.body();
                            if (known != null) {
                                run.give(run.scoped(known.host()));
                                return null;
                            }
                            return new LuaRun.ForBody(always);
                        }));
        handle.with("bodyChunks", args -> LuaObjects.result(run.chunkIterator()));
        handle.with("httpCall", LuaCall.function(run, context));
        handle.with(
                "metadata", args -> LuaObjects.result(map(lua, routeMetadata(filter, context))));
        handle.with(
                "streamInfo",
                args -> LuaObjects.result(LuaStreamInfo.of(lua, context.streamInfo())));
        handle.with(
                "connection", args -> LuaObjects.result(LuaStreamInfo.connection(lua, context)));
        handle.with(
                "base64Escape",
                args ->
                        LuaObjects.result(
                                ByteString.copyOf(
                                        Base64.getEncoder().encode(args.nextString().getBytes()))));
        handle.with(
                "timestamp",
                args ->
                        LuaObjects.result(
                                context.streamInfo()
                                        .startTime()
                                        .plus(context.streamInfo().duration())
                                        .toEpochMilli()));
        handle.with("timestampString", args -> timestamp(context, args));
        logging(handle);
        return handle;
    }

    private static Object[] timestamp(FilterContext context, ArgumentIterator arguments) {
        var now = context.streamInfo().startTime().plus(context.streamInfo().duration());
        boolean micros =
                arguments.hasNext() && arguments.nextOptionalInteger(0) == 1; // MICROSECOND
        long value =
                micros
                        ? now.getEpochSecond() * 1_000_000 + now.getNano() / 1000
                        : now.toEpochMilli();
        return LuaObjects.result(ByteString.of(Long.toString(value)));
    }

    private static void logging(LuaObjects.Host handle) {
        handle.with("logTrace", args -> log(args, LuaLog.LOG::trace));
        handle.with("logDebug", args -> log(args, LuaLog.LOG::debug));
        handle.with("logInfo", args -> log(args, LuaLog.LOG::info));
        handle.with("logWarn", args -> log(args, LuaLog.LOG::warn));
        handle.with("logErr", args -> log(args, LuaLog.LOG::error));
        handle.with("logCritical", args -> log(args, LuaLog.LOG::error));
    }

    private static Object[] log(
            ArgumentIterator arguments, java.util.function.BiConsumer<String, Object> level) {
        level.accept("script log: {}", arguments.nextString().decode());
        return Method.NOTHING;
    }

    private static Object[] respond(LuaRun run, ArgumentIterator arguments) {
        Table table = arguments.nextTable();
        String body =
                arguments.hasNext() && arguments.peek() instanceof ByteString text
                        ? text.decode()
                        : "";
        if (!run.headOpen()) {
            throw new IllegalStateException(
                    "respond() cannot be called if headers have been continued");
        }
        HeaderMap headers = new HeaderMap(4);
        int status = 0;
        for (Header header : headers(table)) {
            if (header.name().equals(":status")) {
                status = number(header.value());
            } else {
                headers.add(header.name(), header.value());
            }
        }
        if (status < 200 || status >= 600) {
            throw new IllegalArgumentException(":status must be between 200-599");
        }
        run.answer(new LocalReply(status, body, headers, "lua_response", Set.of(), null));
        throw new IllegalStateException("answered"); // the script ends here
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** One header line of a Lua table. */
    record Header(String name, String value) {}

    /** The lines of a Lua table of names and values, or names and lists of values. */
    static List<Header> headers(Table table) {
        List<Header> lines = new ArrayList<>();
        for (Object key = table.initialKey(); key != null; key = table.successorKeyOf(key)) {
            String name = string(key).toLowerCase(Locale.ROOT);
            Object value = table.rawget(key);
            if (value instanceof Table several) {
                for (long i = 1; i <= several.rawlen(); i++) {
                    lines.add(new Header(name, string(several.rawget(i))));
                }
            } else {
                lines.add(new Header(name, string(value)));
            }
        }
        return lines;
    }

    private static String string(@Nullable Object value) {
        return switch (value) {
            case ByteString text -> text.toRawString();
            case Number number ->
                    number.doubleValue() == number.longValue()
                            ? Long.toString(number.longValue())
                            : number.toString();
            case null, default ->
                    throw new IllegalArgumentException(
                            "header values must be strings, not " + value);
        };
    }

    private static Map<String, @Nullable Object> routeMetadata(
            LuaFilter filter, FilterContext context) {
        if (!(context.route() instanceof RouteDecision.Matched matched)) {
            return Map.of();
        }
        var all = matched.route().metadata().getFilterMetadataMap();
        Struct own = all.get(filter.name());
        if (own == null) {
            own = all.get(LUA);
        }
        return own == null ? Map.of() : values(own);
    }

    private static LuaObjects.Host map(StateContext lua, Map<String, @Nullable Object> values) {
        return new LuaObjects.Host(lua, "metadata")
                .with(
                        "get",
                        args ->
                                LuaObjects.result(
                                        LuaObjects.fromJava(
                                                lua, values.get(args.nextString().decode()))))
                .pairs(lua, args -> flat(lua, values));
    }

    static Object[] flat(StateContext lua, Map<String, ? extends @Nullable Object> values) {
        List<@Nullable Object> flat = new ArrayList<>();
        values.forEach(
                (key, value) -> {
                    flat.add(ByteString.of(key));
                    flat.add(LuaObjects.fromJava(lua, value));
                });
        return flat.toArray();
    }

    /** A struct as JSON-like values. */
    static Map<String, @Nullable Object> values(Struct struct) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        struct.getFieldsMap().forEach((key, value) -> out.put(key, value(value)));
        return out;
    }

    private static @Nullable Object value(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case NUMBER_VALUE -> value.getNumberValue();
            case BOOL_VALUE -> value.getBoolValue();
            case STRUCT_VALUE -> values(value.getStructValue());
            case LIST_VALUE ->
                    value.getListValue().getValuesList().stream().map(LuaHandle::value).toList();
            case NULL_VALUE, KIND_NOT_SET -> null;
        };
    }
}
