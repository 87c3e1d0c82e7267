package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.DownstreamReset;
import dev.meshdojo.gateway.codec.Refusal;
import dev.meshdojo.gateway.codec.RequestSink;
import dev.meshdojo.gateway.codec.ServerStream;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.HttpFilterChain;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.filter.SideResponse;
import dev.meshdojo.gateway.route.ForwardAction;
import dev.meshdojo.gateway.route.RouteAction;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: filters, routing, and the relay of both directions. Reads the live
 * configuration once. Used on its connection's loop only.
 */
final class Exchange implements RequestSink, FilterContext {

    private final HttpSide side;
    private final HttpConfig config;
    private final ServerStream stream;
    private final RequestHead request;
    private final StreamRecord record;
    private final LiveConfig live;
    private final StreamRoute route;
    private final @Nullable TrafficRecorder traffic;
    private @Nullable RequestPath requestPath;
    private final ResponseSender response;
    private @Nullable StreamClocks clocks;
    private boolean requestEnded;
    private boolean paused;
    private boolean over;

    Exchange(HttpSide side, ServerStream stream, RequestHead request, StreamRecord record) {
        this.side = side;
        this.config = side.config();
        this.stream = stream;
        this.request = request;
        this.record = record;
        this.live = side.environment().live().get();
        this.traffic =
                side.environment().traffic() == null
                        ? null
                        : new TrafficRecorder(side.environment(), record, request);
        this.route =
                new StreamRoute(
                        config,
                        live,
                        record,
                        request,
                        random(),
                        traffic != null && environment().explains().getAsBoolean());
        this.response = new ResponseSender(this, side, stream, route);
    }

    /** Takes the request through filters to its answer. */
    void begin(boolean end, boolean upgrade) {
        requestEnded = end;
        if (end) {
            record.requestRead();
        }
        clocks = StreamClocks.start(this, config.timeouts(), end);
        if (upgrade && route() instanceof RouteDecision.Matched && !upgradeAllowed()) {
            response.reply(LocalReply.of(403, "", "upgrade_failed"));
            return;
        }
        RequestPath begun = new RequestPath(this, config.filters().begin(this));
        requestPath = begun;
        begun.begin();
    }

    EventLoop timers() {
        return side.timers();
    }

    /** What a stream that takes too long is answered: whether it is the client's fault counts. */
    int timeoutStatus() {
        return requestEnded ? 504 : 408;
    }

    /** Ends the stream because it took too long: with the answer, if none has begun. */
    void expire(LocalReply answer) {
        if (!response.begun()) {
            response.reply(answer);
        } else {
            answer.flags().forEach(record::raise);
            response.breakOff(answer.details());
        }
    }

    void touch() {
        if (clocks != null) {
            clocks.touch();
        }
    }

    private boolean upgradeAllowed() {
        String type = request.headers().get("upgrade");
        if (type == null) {
            return true;
        }
        String name = type.toLowerCase(java.util.Locale.ROOT);
        Boolean byRoute = null;
        if (route() instanceof RouteDecision.Matched matched
                && matched.action() instanceof ForwardAction forward) {
            byRoute = forward.upgrades().get(name);
        }
        return byRoute != null ? byRoute : config.upgrades().contains(name);
    }

    boolean over() {
        return over;
    }

    /** The response's way to the client. */
    ResponseSender response() {
        return response;
    }

    /** The filters' run; null before they begin. */
    HttpFilterChain.@Nullable Run filters() {
        return requestPath == null ? null : requestPath.run();
    }

    /** Whether an answer has begun, or the stream is over. */
    boolean answered() {
        return over || response.begun();
    }

    /** Does what the route says, after the filters. */
    void dispatch() {
        config.stats().requestRouted();
        switch (route()) {
            case RouteDecision.NoHost none -> response.reply(UpstreamFailure.NO_ROUTE);
            case RouteDecision.NoRoute none -> response.reply(UpstreamFailure.NO_ROUTE);
            case RouteDecision.Matched matched -> {
                switch (matched.action()) {
                    case ForwardAction forward -> forward(matched, forward);
                    case RouteAction.Redirect redirect -> {
                        LocalReply answer = LocalReply.of(redirect.status(), "", "direct_response");
                        answer.headers().add("location", redirect.location(request));
                        response.reply(answer);
                    }
                    case RouteAction.DirectResponse direct -> response.direct(direct);
                    case RouteAction.None none ->
                            response.reply(LocalReply.of(500, "", "no_route_action"));
                }
            }
        }
    }

    private void forward(RouteDecision.Matched matched, ForwardAction forward) {
        UpstreamCluster cluster =
                matched.target() == null ? null : live.cluster(matched.target().cluster());
        if (cluster == null) {
            response.reply(UpstreamFailure.noCluster(forward.clusterNotFoundStatus()));
            return;
        }
        var decorator = matched.route().decorator();
        if (config.decorate() && decorator != null && decorator.propagate()) {
            request.headers().set("x-envoy-decorator-operation", decorator.operation());
        }
        RequestPath from = Objects.requireNonNull(requestPath, "filters come before the route");
        from.forward(new Router(this, matched, forward, cluster, from.early()));
    }

    // --- what the router and its parts use

    HttpEnvironment environment() {
        return side.environment();
    }

    StreamRecord record() {
        return record;
    }

    LiveConfig live() {
        return live;
    }

    boolean multiplexed() {
        return stream.multiplexed();
    }

    boolean writable() {
        return over || response.writable();
    }

    /** Lets the request's body come, or stops it. */
    void readRequest(boolean enabled) {
        if (!over && paused == enabled) {
            paused = !enabled;
            stream.readBody(enabled);
        }
    }

    /** Gives up the upstream, and what waits for it. */
    void cancelRequest() {
        if (requestPath != null) {
            requestPath.cancel();
        }
    }

    /** Ends the stream, once. */
    void finish() {
        if (over) {
            return;
        }
        over = true;
        record.end();
        if (clocks != null) {
            clocks.stop();
        }
        cancelRequest();
        response.discard();
        if (requestPath != null) {
            requestPath.close();
        }
        side.ended(request, response.head(), response.trailers(), record);
        if (traffic != null) {
            traffic.publish(
                    route, response.head(), requestPath == null ? null : requestPath.router());
        }
    }

    // --- what the codec tells

    @Override
    public void onData(ByteBuf data, boolean end) {
        touch();
        record.received(data.readableBytes());
        if (end) {
            endRequest();
        }
        if (over || requestPath == null) {
            data.release();
        } else {
            requestPath.data(data, end);
        }
    }

    private void endRequest() {
        requestEnded = true;
        record.requestRead();
        if (clocks != null) {
            clocks.requestEnded();
        }
    }

    @Override
    public void onTrailers(HeaderMap trailers) {
        touch();
        endRequest();
        if (requestPath != null) {
            requestPath.trailers(trailers);
        }
    }

    @Override
    public void onReset(DownstreamReset reason) {
        if (over) {
            return;
        }
        record.answered(!response.begun() ? 0 : record.responseCode(), reason.details());
        record.raise(
                reason == DownstreamReset.DISCONNECT
                        ? ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION
                        : ResponseFlag.DOWNSTREAM_REMOTE_RESET);
        finish();
    }

    @Override
    public void onWritable() {
        Router router = requestPath == null ? null : requestPath.router();
        if (router != null) {
            router.onDownstreamWritable();
        }
    }

    @Override
    public void onBroken(Refusal refusal) {
        if (over) {
            return;
        }
        record.raise(ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR);
        if (!response.begun()) {
            stream.closeAfterResponse();
            response.reply(LocalReply.of(refusal.status(), refusal.body(), refusal.details()));
        } else {
            response.breakOff(refusal.details());
        }
    }

    // --- what filters see

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public StreamInfo streamInfo() {
        return record;
    }

    @Override
    public RouteDecision route() {
        return route.decide();
    }

    @Override
    public void clearRouteCache() {
        route.clear();
    }

    @Override
    public boolean requestEnded() {
        return requestEnded;
    }

    @Override
    public boolean call(
            String cluster,
            RequestHead head,
            byte[] body,
            Duration timeout,
            Consumer<@Nullable SideResponse> done) {
        UpstreamCluster target = live.cluster(cluster);
        if (target == null) {
            return false;
        }
        HeaderMap headers = head.headers();
        headers.set("x-envoy-internal", "true");
        if (timeout.isPositive()) {
            headers.set("x-envoy-expected-rq-timeout-ms", Long.toString(timeout.toMillis()));
        }
        new SideCall(
                        head,
                        body,
                        random(),
                        answer -> {
                            if (!over) {
                                done.accept(answer);
                            }
                        })
                .start(record.connection().worker(), target, timeout);
        return true;
    }

    @Override
    public long random() {
        return side.environment().random().nextLong();
    }

    @Override
    public void raise(ResponseFlag flag) {
        record.raise(flag);
    }
}
