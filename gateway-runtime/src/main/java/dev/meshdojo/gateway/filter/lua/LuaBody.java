package dev.meshdojo.gateway.filter.lua;

import java.util.Arrays;
import java.util.function.Consumer;
import org.classdump.luna.ByteString;
import org.classdump.luna.StateContext;
import org.classdump.luna.lib.ArgumentIterator;

/** The buffer object of a script. */
final class LuaBody {

    private final StateContext context;
    private final Consumer<byte[]> replaced;
    private byte[] bytes;
    private boolean changed;

    /**
     * @param replaced told of new content
     */
    LuaBody(StateContext context, byte[] bytes, Consumer<byte[]> replaced) {
        this.context = context;
        this.bytes = bytes;
        this.replaced = replaced;
    }

    byte[] bytes() {
        return bytes;
    }

    boolean changed() {
        return changed;
    }

    LuaObjects.Host host() {
        return new LuaObjects.Host(context, "buffer")
                .with("length", args -> LuaObjects.result((long) bytes.length))
                .with("getBytes", this::part)
                .with("setBytes", this::replace);
    }

    private Object[] part(ArgumentIterator arguments) {
        long from = arguments.nextInteger();
        long length = arguments.nextInteger();
        if (from < 0 || length < 0 || from + length > bytes.length) {
            throw new IllegalArgumentException(
                    "index/length must be >= 0 and (index + length) must be <= buffer size");
        }
        return LuaObjects.result(
                ByteString.copyOf(Arrays.copyOfRange(bytes, (int) from, (int) (from + length))));
    }

    private Object[] replace(ArgumentIterator arguments) {
        bytes = arguments.nextString().getBytes();
        changed = true;
        replaced.accept(bytes);
        return LuaObjects.result((long) bytes.length);
    }
}
