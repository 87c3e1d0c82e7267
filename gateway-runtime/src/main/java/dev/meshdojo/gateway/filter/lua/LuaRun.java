package dev.meshdojo.gateway.filter.lua;

import dev.meshdojo.gateway.filter.BodyTransform;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.filter.MessageBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.classdump.luna.exec.CallException;
import org.classdump.luna.exec.CallPausedException;
import org.classdump.luna.exec.Continuation;
import org.classdump.luna.runtime.AbstractFunctionAnyArg;
import org.classdump.luna.runtime.ExecutionContext;
import org.classdump.luna.runtime.ResolvedControlThrowable;
import org.classdump.luna.runtime.UnresolvedControlThrowable;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script's function over one message. Where the script waits, the run is set aside and
 * taken up again; no thread waits. A script that fails, or does not come to an end, is dropped and
 * the message goes on, as in Envoy. Used on one event loop.
 */
final class LuaRun {

    /** What the script waits for. */
    sealed interface Wait {}

    /** The whole body. */
    record ForBody(boolean always) implements Wait {}

    /** The next piece of the body. */
    record ForChunk() implements Wait {}

    /** Something that {@code start} begins; its argument takes what the script gets. */
    record ForResult(Consumer<Consumer<Object[]>> start) implements Wait {}

    private final LuaState state;
    private @Nullable Continuation paused;
    private @Nullable Wait wait;
    private Object[] given = Method.NOTHING;
    private @Nullable LocalReply reply;
    private boolean headOpen = true;
    private int pauses;
    private boolean bodyEnded;
    private @Nullable LuaBody body;

    LuaRun(LuaState state) {
        this.state = state;
    }

    LuaState state() {
        return state;
    }

    /** {@code host}, of use until the script waits the next time, as Envoy's objects are. */
    LuaObjects.Host scoped(LuaObjects.Host host) {
        int now = pauses;
        return host.aliveWhile(() -> pauses == now);
    }

    /** Whether the head may still be changed. */
    boolean headOpen() {
        return headOpen;
    }

    /** The message has no body, or none any more. */
    void bodyEnded() {
        bodyEnded = true;
    }

    /** The body as the script got it last. */
    @Nullable LuaBody body() {
        return body;
    }

    /** Answers the request and ends the script. */
    void answer(LocalReply made) {
        reply = made;
    }

    /** A Lua function that waits for what {@code what} says, or answers at once when it is null. */
    AbstractFunctionAnyArg waiting(java.util.function.Function<Object[], @Nullable Wait> what) {
        return new Waiting(this, what);
    }

    private static final class Waiting extends AbstractFunctionAnyArg {
        private final LuaRun run;
        private final java.util.function.Function<Object[], @Nullable Wait> what;

        Waiting(LuaRun run, java.util.function.Function<Object[], @Nullable Wait> what) {
            this.run = run;
            this.what = what;
        }

        @Override
        public void invoke(ExecutionContext context, Object[] arguments)
                throws ResolvedControlThrowable {
            run.given = Method.NOTHING;
            Wait wanted = what.apply(arguments);
            if (wanted == null) {
                context.getReturnBuffer().setToContentsOf(run.given);
                return;
            }
            run.wait = wanted;
            try {
                context.pause();
            } catch (UnresolvedControlThrowable pause) {
                throw pause.resolve(this, run);
            }
        }

        @Override
        public void resume(ExecutionContext context, Object suspended) {
            context.getReturnBuffer().setToContentsOf(run.given);
        }
    }

    /** What a waiting function answers when it need not wait. */
    void give(Object... values) {
        given = values;
    }

    /** Runs {@code function} over its handle until it ends or waits. */
    FilterResult start(Object function, Object handle) {
        try {
            state.call(function, handle);
            return outcome();
        } catch (CallException e) {
            return failed(e);
        } catch (CallPausedException e) {
            return pausedAt(e.getContinuation());
        }
    }

    private FilterResult resume(Object... values) {
        Continuation from = paused;
        if (from == null) {
            return FilterResult.proceed();
        }
        paused = null;
        given = values;
        try {
            state.resume(from);
            return outcome();
        } catch (CallException e) {
            return failed(e);
        } catch (CallPausedException e) {
            return pausedAt(e.getContinuation());
        }
    }

    private FilterResult outcome() {
        LocalReply made = reply;
        return made == null ? FilterResult.proceed() : new FilterResult.Reply(made);
    }

    private FilterResult failed(CallException e) {
        if (reply != null) {
            return outcome();
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        LuaLog.LOG.error("script log: {}", String.valueOf(cause.getMessage()));
        return FilterResult.proceed();
    }

    private FilterResult pausedAt(Continuation continuation) {
        Wait wanted = wait;
        wait = null;
        pauses++;
        paused = continuation;
        return switch (wanted) {
            case null -> {
                paused = null;
                LuaLog.LOG.error("script log: the script does not come to an end; it was dropped");
                yield FilterResult.proceed();
            }
            case ForBody whole ->
                    new FilterResult.Body(
                            Long.MAX_VALUE, message -> onBody(message, whole.always()));
            case ForChunk chunk -> {
                headOpen = false;
                wait = wanted;
                yield FilterResult.proceed();
            }
            case ForResult result ->
                    new FilterResult.Await(
                            outcome ->
                                    result.start()
                                            .accept(values -> outcome.accept(resume(values))));
        };
    }

    private FilterResult onBody(MessageBody message, boolean always) {
        bodyEnded = true;
        if (message.absent() && !always) {
            return resume();
        }
        LuaBody whole = new LuaBody(state.context(), message.bytes(), message::replace);
        body = whole;
        return resume(scoped(whole.host()));
    }

    /** Feeds the script body pieces; null when it does not ask for them. */
    @Nullable BodyTransform chunks() {
        return wait instanceof ForChunk ? this::chunk : null;
    }

    private ByteBuf chunk(ByteBuf data, boolean end) {
        ByteBuf out = data;
        if (data.isReadable() && wait instanceof ForChunk) {
            wait = null;
            LuaBody piece = new LuaBody(state.context(), ByteBufUtil.getBytes(data), none -> {});
            resume(scoped(piece.host()));
            if (piece.changed()) {
                data.release();
                out = Unpooled.wrappedBuffer(piece.bytes());
            }
        }
        if (end) {
            bodyEnded = true;
            if (wait instanceof ForChunk) {
                wait = null;
                resume(new Object[] {null});
            }
        }
        return out;
    }

    /** What {@code bodyChunks()} gives: a function that waits for the next piece. */
    AbstractFunctionAnyArg chunkIterator() {
        return waiting(
                none -> {
                    if (bodyEnded) {
                        give(new Object[] {null});
                        return null;
                    }
                    return new ForChunk();
                });
    }
}
