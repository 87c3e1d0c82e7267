package dev.meshdojo.gateway.filter.lua;

import dev.meshdojo.gateway.filter.BodyTransform;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.stream.ResponseHead;
import org.jspecify.annotations.Nullable;

/** The Lua filter at work on one exchange. */
final class LuaSession implements HttpFilter {

    private final LuaFilter filter;
    private @Nullable LuaRun request;
    private @Nullable LuaRun response;

    LuaSession(LuaFilter filter) {
        this.filter = filter;
    }

    @Override
    public String name() {
        return filter.name();
    }

    @Override
    public boolean holdsResponses() {
        return true;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        LuaScript script = filter.script(context);
        if (script == null) {
            return FilterResult.proceed();
        }
        LuaState state = script.onThisThread();
        Object function = state.function("envoy_on_request");
        if (function == null) {
            return FilterResult.proceed();
        }
        LuaRun run = new LuaRun(state);
        request = run;
        if (context.requestEnded()) {
            run.bodyEnded();
        }
        return run.start(function, LuaHandle.ofRequest(filter, run, context));
    }

    @Override
    public FilterResult onResponse(FilterContext context, ResponseHead head, boolean end) {
        LuaScript script = filter.script(context);
        if (script == null) {
            return FilterResult.proceed();
        }
        LuaState state = script.onThisThread();
        Object function = state.function("envoy_on_response");
        if (function == null) {
            return FilterResult.proceed();
        }
        LuaRun run = new LuaRun(state);
        response = run;
        if (end) {
            run.bodyEnded();
        }
        return run.start(function, LuaHandle.ofResponse(filter, run, context, head));
    }

    @Override
    public @Nullable BodyTransform requestBody() {
        return request == null ? null : request.chunks();
    }

    @Override
    public @Nullable BodyTransform responseBody() {
        return response == null ? null : response.chunks();
    }
}
