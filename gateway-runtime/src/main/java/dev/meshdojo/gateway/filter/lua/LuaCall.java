package dev.meshdojo.gateway.filter.lua;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.SideResponse;
import dev.meshdojo.gateway.stream.AddressText;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import java.time.Duration;
import org.classdump.luna.ByteString;
import org.classdump.luna.StateContext;
import org.classdump.luna.Table;
import org.classdump.luna.runtime.LuaFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code httpCall(cluster, headers, body, timeout or options, asynchronous)}: a request of the
 * script's own.
 */
final class LuaCall {

    private static final byte[] NO_BYTES = {};

    private LuaCall() {}

    static LuaFunction<?, ?, ?, ?, ?> function(LuaRun run, FilterContext context) {
        return run.waiting(arguments -> call(run, context, arguments));
    }

    private static LuaRun.@Nullable Wait call(
            LuaRun run, FilterContext context, Object[] arguments) {
        if (arguments.length < 4
                || !(arguments[1] instanceof ByteString cluster)
                || !(arguments[2] instanceof Table lines)) {
            throw new IllegalArgumentException(
                    "bad argument to 'httpCall' (cluster, headers, body, timeout expected)");
        }
        byte[] body = arguments[3] instanceof ByteString text ? text.getBytes() : NO_BYTES;
        Object options = arguments.length > 4 ? arguments[4] : null;
        long millis = 0;
        boolean asynchronous = arguments.length > 5 && Boolean.TRUE.equals(arguments[5]);
        if (options instanceof Number number) {
            millis = number.longValue();
        } else if (options instanceof Table table) {
            millis = table.rawget("timeout_ms") instanceof Number number ? number.longValue() : 0;
            asynchronous = Boolean.TRUE.equals(table.rawget("asynchronous"));
        }
        RequestHead head = head(lines, context.request().scheme());
        if (head.method().isEmpty() || head.path().isEmpty() || head.authority().isEmpty()) {
            throw new IllegalArgumentException(
                    "http call headers must include ':path', ':method', and ':authority'");
        }
        if (body.length > 0) {
            head.headers().set("content-length", Integer.toString(body.length));
        }
        head.headers()
                .set(
                        "x-forwarded-for",
                        AddressText.host(
                                context.streamInfo().downstreamLocalAddress().getAddress()));
        Duration timeout = Duration.ofMillis(millis);
        if (asynchronous) {
            if (!context.call(cluster.decode(), head, body, timeout, none -> {})) {
                throw unknown();
            }
            return null;
        }
        Answer answer = new Answer();
        if (!context.call(cluster.decode(), head, body, timeout, answer::take)) {
            throw unknown();
        }
        StateContext lua = run.state().context();
        return new LuaRun.ForResult(
                resume -> answer.whenThere(got -> resume.accept(values(lua, got))));
    }

    private static IllegalArgumentException unknown() {
        return new IllegalArgumentException("http call cluster invalid. Must be configured");
    }

    /** An answer that may come before somebody waits for it. */
    private static final class Answer {
        private @Nullable SideResponse response;
        private java.util.function.@Nullable Consumer<@Nullable SideResponse> waiter;
        private boolean there;

        void take(@Nullable SideResponse got) {
            there = true;
            response = got;
            if (waiter != null) {
                waiter.accept(got);
            }
        }

        void whenThere(java.util.function.Consumer<@Nullable SideResponse> told) {
            if (there) {
                told.accept(response);
            } else {
                waiter = told;
            }
        }
    }

    private static RequestHead head(Table lines, String scheme) {
        RequestHead head = new RequestHead("", scheme, "", "", new HeaderMap());
        for (LuaHandle.Header line : LuaHandle.headers(lines)) {
            switch (line.name()) {
                case ":method" -> head.method(line.value());
                case ":path" -> head.path(line.value());
                case ":authority" -> head.authority(line.value());
                case ":scheme" -> head.scheme(line.value());
                default -> head.headers().add(line.name(), line.value());
            }
        }
        return head;
    }

    private static Object[] values(StateContext lua, @Nullable SideResponse got) {
        Table headers = lua.newTable();
        if (got == null) {
            headers.rawset(":status", ByteString.of("503"));
            return new Object[] {headers, ByteString.of("upstream failure")};
        }
        headers.rawset(":status", ByteString.of(Integer.toString(got.status())));
        got.headers()
                .forEach(
                        (name, value) ->
                                headers.rawset(ByteString.of(name), ByteString.fromRaw(value)));
        return new Object[] {
            headers, got.body().isEmpty() ? null : ByteString.copyOf(got.body().toByteArray())
        };
    }
}
