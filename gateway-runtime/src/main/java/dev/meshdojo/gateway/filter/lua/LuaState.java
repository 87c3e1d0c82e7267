package dev.meshdojo.gateway.filter.lua;

import org.classdump.luna.StateContext;
import org.classdump.luna.Table;
import org.classdump.luna.exec.CallException;
import org.classdump.luna.exec.CallPausedException;
import org.classdump.luna.exec.Continuation;
import org.classdump.luna.exec.DirectCallExecutor;
import org.classdump.luna.runtime.LuaFunction;
import org.classdump.luna.runtime.SchedulingContext;
import org.jspecify.annotations.Nullable;

/** The global variables of one script on one event loop. Not thread-safe. */
final class LuaState {

    /** How much a script may do in one go; about a second of work. */
    private static final long BUDGET = 50_000_000;

    private static final class Budget implements SchedulingContext {
        private long left = BUDGET;

        @Override
        public void registerTicks(int ticks) {
            left -= ticks;
        }

        @Override
        public boolean shouldPause() {
            return left < 0;
        }
    }

    private final StateContext context;
    private final Table globals;
    private final DirectCallExecutor executor = DirectCallExecutor.newExecutor(Budget::new);

    LuaState(StateContext context, Table globals) {
        this.context = context;
        this.globals = globals;
    }

    /** The state's tables are made by this. */
    StateContext context() {
        return context;
    }

    /** The global function of that name, or null. */
    @Nullable Object function(String name) {
        return globals.rawget(name) instanceof LuaFunction<?, ?, ?, ?, ?> found ? found : null;
    }

    void call(Object function, Object... arguments) throws CallException, CallPausedException {
        try {
            executor.call(context, function, arguments);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a Lua script ran", e);
        }
    }

    void resume(Continuation paused) throws CallException, CallPausedException {
        try {
            executor.resume(paused);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a Lua script ran", e);
        }
    }
}
