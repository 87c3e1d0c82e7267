package dev.meshdojo.gateway.filter.lua;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.util.concurrent.atomic.AtomicInteger;
import org.classdump.luna.Table;
import org.classdump.luna.Variable;
import org.classdump.luna.compiler.CompilerChunkLoader;
import org.classdump.luna.exec.CallException;
import org.classdump.luna.exec.CallPausedException;
import org.classdump.luna.impl.StateContexts;
import org.classdump.luna.load.ChunkFactory;
import org.classdump.luna.load.LoaderException;

/**
 * One script, compiled. Each event loop has a Lua state of its own, as each of Envoy's workers, and
 * keeps the script's global variables from one request to the next. Thread-safe.
 *
 * <p>Not modelled: LuaJIT's dialect where it differs from Lua 5.3. Quotients are floats here, so
 * {@code 10/2} prints as {@code 5.0}.
 */
final class LuaScript {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ChunkFactory chunk;
    private final ThreadLocal<LuaState> states = ThreadLocal.withInitial(this::state);

    /**
     * Compiles {@code source} and runs its outermost lines once.
     *
     * @throws InvalidConfigException when it cannot be compiled or fails
     */
    LuaScript(String source) {
        try {
            chunk =
                    CompilerChunkLoader.of("meshdojo_lua_" + NUMBERS.incrementAndGet() + "_")
                            .compileTextChunk("[string \"lua\"]", source);
        } catch (LoaderException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        }
        state();
    }

    /** The calling thread's state. */
    LuaState onThisThread() {
        return states.get();
    }

    private LuaState state() {
        var context = StateContexts.newDefaultInstance();
        Table globals = LuaLibrary.install(context);
        LuaState state = new LuaState(context, globals);
        try {
            state.call(chunk.newInstance(new Variable(globals)));
        } catch (CallException | LoaderException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } catch (CallPausedException e) {
            throw new InvalidConfigException(
                    "script load error: the script does not come to an end");
        }
        return state;
    }

    private static InvalidConfigException failure(Throwable cause) {
        return new InvalidConfigException(
                "script load error: " + String.valueOf(cause.getMessage()).strip());
    }
}
