package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.DownstreamReset;
import dev.meshdojo.gateway.codec.Refusal;
import dev.meshdojo.gateway.codec.RequestSink;
import dev.meshdojo.gateway.codec.ResetCode;
import dev.meshdojo.gateway.codec.ServerStream;
import dev.meshdojo.gateway.filter.BodyTransform;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilterChain;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.filter.SideResponse;
import dev.meshdojo.gateway.route.ForwardAction;
import dev.meshdojo.gateway.route.RouteAction;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.route.RouteTable;
import dev.meshdojo.gateway.route.RouteTrace;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: filters, routing, and the relay of both directions. Reads the live
 * configuration once. Used on its connection's loop only.
 */
final class Exchange implements RequestSink, FilterContext {

    /** Upstream headers that a declined upgrade loses with its body. */
    private static final String[] DECLINED_UPGRADE = {
        "content-type", "content-length", "x-envoy-upstream-service-time"
    };

    private static final int BUFFER_LIMIT = 1024 * 1024;

    private final HttpSide side;
    private final HttpConfig config;
    private final ServerStream stream;
    private final RequestHead request;
    private final StreamRecord record;
    private final LiveConfig live;
    private final long streamRandom;
    private final boolean grpc;
    private final BodyBuffer early = new BodyBuffer();
    private final @Nullable TrafficRecorder traffic;
    private @Nullable RouteTrace trace;
    private HttpFilterChain.@Nullable Run filters;
    private @Nullable RouteDecision decision;
    private FilterResult.@Nullable Body wanted;
    private @Nullable ResponsePath path;
    private @Nullable Router router;
    private @Nullable HeaderMap requestTrailers;
    private @Nullable ResponseHead response;
    private @Nullable HeaderMap responseTrailers;
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
        this.streamRandom = side.environment().random().nextLong();
        this.grpc = request.grpc();
        this.traffic =
                side.environment().traffic() == null
                        ? null
                        : new TrafficRecorder(side.environment(), record, request);
    }

    /** Takes the request through filters to its answer. */
    void begin(boolean end, boolean upgrade) {
        requestEnded = end;
        if (end) {
            record.requestRead();
        }
        clocks = StreamClocks.start(this, config.timeouts(), end);
        if (upgrade && !upgradeAllowed()) {
            reply(LocalReply.of(403, "", "upgrade_failed"));
            return;
        }
        HttpFilterChain.Run run = config.filters().begin(this);
        filters = run;
        proceed(run);
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
        if (response == null) {
            reply(answer);
        } else {
            answer.flags().forEach(record::raise);
            breakOff(answer.details());
        }
    }

    private void touch() {
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

    private void proceed(HttpFilterChain.Run run) {
        handle(run, run.proceed(), false);
    }

    /** Does what a filter wants. */
    private void handle(HttpFilterChain.Run run, FilterResult result, boolean waited) {
        if (over || response != null) {
            return;
        }
        switch (result) {
            case FilterResult.Continue go -> {
                if (waited) {
                    handle(run, run.resume(), false);
                } else {
                    dispatch();
                }
            }
            case FilterResult.Reply answer -> reply(answer.reply());
            case FilterResult.Delay delay ->
                    side.timers()
                            .schedule(
                                    () -> handle(run, delay.then(), true),
                                    delay.delay().toMillis(),
                                    TimeUnit.MILLISECONDS);
            case FilterResult.Await await -> await.start().accept(then -> handle(run, then, true));
            case FilterResult.Body body -> {
                wanted = body;
                readRequest(true);
                bufferRequest(run);
            }
        }
    }

    /** Sees whether the request's body that a filter waits for is there, or too large. */
    private void bufferRequest(HttpFilterChain.Run run) {
        FilterResult.Body body = wanted;
        if (body == null) {
            return;
        }
        if (early.bytes() > Math.min(BUFFER_LIMIT, body.limit())) {
            wanted = null;
            reply(LocalReply.of(413, "Payload Too Large", "request_payload_too_large"));
        } else if (requestEnded) {
            wanted = null;
            boolean absent = early.isEmpty();
            handle(run, body.then().apply(new WholeBody(early, request.headers(), absent)), true);
        }
    }

    private void dispatch() {
        config.stats().requestRouted();
        switch (route()) {
            case RouteDecision.NoHost none -> reply(UpstreamFailure.NO_ROUTE);
            case RouteDecision.NoRoute none -> reply(UpstreamFailure.NO_ROUTE);
            case RouteDecision.Matched matched -> {
                switch (matched.action()) {
                    case ForwardAction forward -> forward(matched, forward);
                    case RouteAction.Redirect redirect -> {
                        LocalReply answer = LocalReply.of(redirect.status(), "", "direct_response");
                        answer.headers().add("location", redirect.location(request));
                        reply(answer);
                    }
                    case RouteAction.DirectResponse direct -> direct(direct);
                    case RouteAction.None none -> reply(LocalReply.of(500, "", "no_route_action"));
                }
            }
        }
    }

    private void direct(RouteAction.DirectResponse direct) {
        byte[] body = direct.body() == null ? new byte[0] : direct.body();
        LocalReply answer = LocalReply.of(direct.status(), "", "direct_response");
        String location = direct.location(request);
        if (location != null) {
            answer.headers().add("location", location);
        }
        if (grpc) {
            String text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
            reply(
                    new LocalReply(
                            direct.status(),
                            text,
                            answer.headers(),
                            answer.details(),
                            answer.flags(),
                            null));
        } else {
            reply(answer, body);
        }
    }

    private void forward(RouteDecision.Matched matched, ForwardAction forward) {
        UpstreamCluster cluster =
                matched.target() == null ? null : live.cluster(matched.target().cluster());
        if (cluster == null) {
            reply(UpstreamFailure.noCluster(forward.clusterNotFoundStatus()));
            return;
        }
        var decorator = matched.route().decorator();
        if (config.decorate() && decorator != null && decorator.propagate()) {
            request.headers().set("x-envoy-decorator-operation", decorator.operation());
        }
        transformEarly();
        Router started = new Router(this, matched, forward, cluster, early);
        router = started;
        started.start(requestEnded, requestTrailers);
    }

    private void transformEarly() {
        HttpFilterChain.Run run = filters;
        if (run != null && !run.requestBodies().isEmpty() && !early.isEmpty()) {
            List<ByteBuf> parts = early.take();
            for (int i = 0; i < parts.size(); i++) {
                early.add(transform(parts.get(i), requestEnded && i == parts.size() - 1));
            }
        }
    }

    private ByteBuf transform(ByteBuf data, boolean end) {
        HttpFilterChain.Run run = filters;
        ByteBuf rest = data;
        if (run != null) {
            for (BodyTransform transform : run.requestBodies()) {
                rest = transform.apply(rest, end);
            }
        }
        return rest;
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
        return over || (stream.writable() && (path == null || path.writable()));
    }

    /** Lets the request's body come, or stops it. */
    void readRequest(boolean enabled) {
        if (!over && paused == enabled) {
            paused = !enabled;
            stream.readBody(enabled);
        }
    }

    void interim(ResponseHead head) {
        if (!over && response == null && (head.status() != 100 || config.proxy100Continue())) {
            touch();
            ResponseRules.stripHopByHop(head.headers(), false);
            stream.sendInterim(head.status(), head.headers());
        }
    }

    /** The upstream's response head. */
    void respond(ResponseHead head, boolean end) {
        if (over) {
            return;
        }
        record.responseStarted();
        boolean switching = head.status() == 101;
        if (request.headers().contains("upgrade") && !switching && !stream.multiplexed()) {
            declineUpgrade(head);
            return;
        }
        record.answered(head.status(), "via_upstream");
        if (decision instanceof RouteDecision.Matched matched) {
            matched.finalizeResponse(head.headers(), request, record);
        }
        ResponseRules.stripHopByHop(head.headers(), switching);
        send(head, end);
    }

    private void declineUpgrade(ResponseHead head) {
        record.details("websocket_handshake_unsuccessful");
        Router gone = router;
        HeaderMap headers = head.headers();
        for (String name : DECLINED_UPGRADE) {
            headers.remove(name);
        }
        ResponseRules.stripHopByHop(headers, false);
        if (decision instanceof RouteDecision.Matched matched) {
            matched.finalizeResponse(headers, request, record);
        }
        record.answered(head.status(), "websocket_handshake_unsuccessful");
        stream.closeAfterResponse();
        send(head, true);
        if (gone != null) {
            gone.cancel();
        }
    }

    private void send(ResponseHead head, boolean end) {
        touch();
        HttpFilterChain.Run run = filters;
        if (run != null && run.holdsResponses() && head.status() != 101) {
            ResponsePath held = new ResponsePath(this, run, head, end);
            path = held;
            held.begin();
            return;
        }
        if (run != null) {
            run.onResponse(head);
        }
        deliver(head, end);
    }

    /** Sends a head that passed the filters. */
    void deliver(ResponseHead head, boolean end) {
        if (head.status() != record.responseCode()) {
            record.answered(head.status(), record.responseCodeDetails());
        }
        ResponseRules.apply(config, head, request, side.dateText());
        response = head;
        stream.sendHead(head, end);
        if (end) {
            finish();
        }
    }

    void respondData(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        touch();
        if (path != null) {
            path.data(data, end);
        } else {
            deliverData(data, end);
        }
    }

    /** Sends body bytes that passed the filters. */
    void deliverData(ByteBuf data, boolean end) {
        record.sent(data.readableBytes());
        stream.sendData(data, end);
        if (end) {
            finish();
        }
    }

    void respondTrailers(HeaderMap trailers) {
        if (path != null && !over) {
            path.trailers(trailers);
        } else {
            deliverTrailers(trailers);
        }
    }

    /** Sends trailers behind a body that passed the filters. */
    void deliverTrailers(HeaderMap trailers) {
        if (!over) {
            responseTrailers = trailers;
            stream.sendTrailers(trailers);
            finish();
        }
    }

    /** Answers the request here; the client sees what the reply says. */
    void reply(LocalReply answer) {
        reply(answer, LocalReplies.body(answer, grpc));
    }

    private void reply(LocalReply answer, byte[] body) {
        if (over || response != null) {
            return;
        }
        if (path != null) {
            path.discard();
            path = null;
        }
        answer.flags().forEach(record::raise);
        boolean toGrpc = grpc && body.length == 0;
        ResponseHead head = LocalReplies.head(answer, toGrpc, body.length);
        // Formatters do not see the status of a local reply yet, as in Envoy.
        record.details(answer.details());
        if (decision instanceof RouteDecision.Matched matched) {
            matched.finalizeResponse(head.headers(), request, record);
        }
        record.answered(head.status(), answer.details());
        boolean bodiless =
                body.length == 0
                        || request.method().equals("HEAD")
                        || answer.status() == 204
                        || answer.status() == 304;
        Router gone = router;
        if (bodiless) {
            send(head, true);
        } else {
            send(head, false);
            respondData(Unpooled.wrappedBuffer(body), true);
        }
        if (gone != null) {
            gone.cancel();
        }
        early.release();
    }

    /** Ends a response that had begun and cannot be completed. */
    void breakOff(String details) {
        if (!over) {
            record.details(details);
            stream.reset(ResetCode.INTERNAL_ERROR);
            finish();
        }
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        record.end();
        if (clocks != null) {
            clocks.stop();
        }
        Router gone = router;
        if (gone != null) {
            gone.cancel();
        }
        early.release();
        if (path != null) {
            path.discard();
        }
        if (filters != null) {
            filters.requestBodies().forEach(BodyTransform::close);
        }
        side.ended(request, response, responseTrailers, record);
        if (traffic != null) {
            traffic.publish(decision, trace, tableName(), response, router);
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
        if (over) {
            data.release();
        } else if (router != null) {
            router.onRequestData(transform(data, end), end);
        } else {
            early.add(data);
            bufferEarly();
        }
    }

    private void bufferEarly() {
        HttpFilterChain.Run run = filters;
        if (wanted != null && run != null) {
            bufferRequest(run);
        } else {
            readRequest(early.bytes() < BUFFER_LIMIT);
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
        if (router != null) {
            ByteBuf rest = transform(Unpooled.EMPTY_BUFFER, true);
            if (rest.isReadable()) {
                router.onRequestData(rest, false);
            }
            router.onRequestTrailers(trailers);
        } else {
            requestTrailers = trailers;
            bufferEarly();
        }
    }

    @Override
    public void onReset(DownstreamReset reason) {
        if (over) {
            return;
        }
        record.answered(response == null ? 0 : record.responseCode(), reason.details());
        record.raise(
                reason == DownstreamReset.DISCONNECT
                        ? ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION
                        : ResponseFlag.DOWNSTREAM_REMOTE_RESET);
        finish();
    }

    @Override
    public void onWritable() {
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
        if (response == null) {
            stream.closeAfterResponse();
            reply(LocalReply.of(refusal.status(), refusal.body(), refusal.details()));
        } else {
            breakOff(refusal.details());
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
        RouteDecision known = decision;
        if (known != null) {
            return known;
        }
        RouteTable table = config.inline() != null ? config.inline() : live.table(name());
        if (table == null) {
            known = new RouteDecision.NoHost(request.authority());
        } else if (traffic != null && environment().explains().getAsBoolean()) {
            trace = table.explain(request, record, streamRandom);
            known = trace.decision();
        } else {
            known = table.decide(request, record, streamRandom);
        }
        decision = known;
        switch (known) {
            case RouteDecision.Matched matched -> {
                record.matched(matched.route().name(), matched.virtualHost().name());
                if (matched.target() != null && live.cluster(matched.target().cluster()) != null) {
                    record.cluster(matched.target().cluster());
                }
            }
            case RouteDecision.NoRoute none -> record.matched(null, none.virtualHost().name());
            case RouteDecision.NoHost none -> record.matched(null, null);
        }
        return known;
    }

    private String tableName() {
        RouteTable inline = config.inline();
        return inline == null ? name() : inline.name();
    }

    private String name() {
        return config.routeName() == null ? "" : config.routeName();
    }

    @Override
    public void clearRouteCache() {
        decision = null;
        trace = null;
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
        headers.set("x-forwarded-for", RequestRules.ip(record.connection().local()));
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
