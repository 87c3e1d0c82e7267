package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.ClientStream;
import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.route.ForwardAction;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request upstream and its response back: endpoint choice, timeouts, retries, mirrors.
 * Owned by one exchange, used on its loop only.
 *
 * <p>Source: Envoy's router filter.
 */
final class Router {

    private static final int BUFFER_LIMIT = 1024 * 1024;

    private final Exchange exchange;
    private final RouteDecision.Matched matched;
    private final ForwardAction action;
    private final UpstreamCluster cluster;
    private final RequestHead head;
    private final Worker worker;
    private final BodyBuffer body;
    private final Retries retries;
    private final List<Attempt> attempts = new ArrayList<>(1);
    private final EndpointChoice endpoints;
    private final RouteTimes times;
    private final long startTick;
    private List<MirrorCall> mirrors = List.of();
    private @Nullable Attempt current;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable HeaderMap trailers;
    private boolean keepBody;
    private boolean requestEnded;
    private boolean responding;
    private boolean done;

    Router(
            Exchange exchange,
            RouteDecision.Matched matched,
            ForwardAction action,
            UpstreamCluster cluster,
            BodyBuffer body) {
        this.exchange = exchange;
        this.matched = matched;
        this.action = action;
        this.cluster = cluster;
        this.body = body;
        this.head = exchange.request();
        this.worker = exchange.record().connection().worker();
        this.retries = new Retries(action.retry(), cluster, action.highPriority(), exchange);
        this.startTick = exchange.environment().ticker().getAsLong();
        this.endpoints = new EndpointChoice(exchange, action, attempts);
        this.times = new RouteTimes(action, head);
        this.keepBody = retries.possible();
    }

    /** Starts; {@code ended} when the request has no more to come than what was kept. */
    void start(boolean ended, @Nullable HeaderMap requestTrailers) {
        requestEnded = ended;
        trailers = requestTrailers;
        describeAttempt();
        matched.finalizeRequest(head, exchange.record());
        Endpoint endpoint = endpoints.next(cluster, worker);
        if (endpoint == null) {
            noneHealthy();
            exchange.response().reply(UpstreamFailure.NO_HEALTHY_UPSTREAM);
            return;
        }
        mirrors = MirrorCall.start(exchange, action, head, body, ended, requestTrailers);
        attempt(endpoint);
        if (ended && !done) {
            onRequestEnd();
        }
    }

    private void noneHealthy() {
        cluster.stats().noneHealthy();
        cluster.stats().answered(503);
    }

    /** The tries so far. */
    List<Attempt> tries() {
        return attempts;
    }

    /** Tells the upstream which try this is, and how long it may take. */
    private void describeAttempt() {
        if (matched.virtualHost().includeAttemptCount()) {
            head.headers().set("x-envoy-attempt-count", Integer.toString(attempts.size() + 1));
        }
        times.describe(
                attempts.isEmpty()
                        ? 0
                        : (exchange.environment().ticker().getAsLong() - startTick) / 1_000_000);
    }

    private void attempt(Endpoint endpoint) {
        Attempt attempt = new Attempt(this, endpoint, exchange.environment().ticker().getAsLong());
        attempts.add(attempt);
        current = attempt;
        exchange.record().upstream(endpoint.toString(), null);
        exchange.record().workload(endpoint.workload());
        attempt.request(
                cluster.open(
                        worker,
                        endpoint,
                        head.authority(),
                        exchange.multiplexed(),
                        action.highPriority(),
                        exchange.record(),
                        attempt,
                        attempt));
    }

    void onStream(Attempt attempt, ClientStream stream, @Nullable String localAddress) {
        exchange.record().upstream(attempt.endpoint().toString(), localAddress);
        boolean endsWithHead = requestEnded && body.isEmpty() && trailers == null;
        stream.sendHead(head, endsWithHead);
        if (!endsWithHead) {
            if (keepBody) {
                for (ByteBuf part : body.duplicates()) {
                    stream.sendData(part, false);
                }
            } else if (!body.isEmpty()) {
                for (ByteBuf part : body.duplicates()) {
                    stream.sendData(part, false);
                }
                body.release();
            }
            if (requestEnded) {
                endBody(stream);
            }
        }
        if (requestEnded) {
            armPerTry(attempt);
        }
        if (cluster.maxStreamMillis() > 0) {
            attempt.clocks().limitStream(cluster.maxStreamMillis());
        }
        exchange.readRequest(stream.writable());
    }

    private void endBody(ClientStream stream) {
        HeaderMap last = trailers;
        if (last != null) {
            stream.sendTrailers(last);
        } else {
            stream.sendData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    private void armPerTry(Attempt attempt) {
        if (times.perTryMillis() > 0 && !attempt.answered()) {
            attempt.clocks().awaitAnswer(times.perTryMillis());
        }
        Duration idle = action.retry().perTryIdleTimeout();
        if (idle != null) {
            attempt.clocks().watchIdle(idle.toMillis());
        }
    }

    AttemptClocks clocks(Attempt attempt) {
        return new AttemptClocks(
                worker.loop(),
                exchange.environment().ticker(),
                expiry -> onExpiry(attempt, expiry));
    }

    /** Body bytes of the request, handed over. */
    void onRequestData(ByteBuf data, boolean end) {
        if (done) {
            data.release();
            return;
        }
        requestEnded |= end;
        for (MirrorCall mirror : mirrors) {
            mirror.data(data.retainedDuplicate());
        }
        ClientStream stream = current == null ? null : current.stream();
        if (keepBody && body.bytes() + data.readableBytes() > BUFFER_LIMIT && stream != null) {
            keepBody = false;
            retries.renounce();
            body.release();
        }
        if (stream == null) {
            body.add(data);
            exchange.readRequest(body.bytes() < BUFFER_LIMIT);
        } else {
            if (keepBody) {
                body.add(data.retainedDuplicate());
            }
            stream.sendData(data, end);
            exchange.readRequest(stream.writable());
        }
        if (end) {
            onRequestEnd();
            if (stream != null && current != null) {
                armPerTry(current);
            }
        }
    }

    void onRequestTrailers(HeaderMap lines) {
        if (done) {
            return;
        }
        trailers = lines;
        requestEnded = true;
        ClientStream stream = current == null ? null : current.stream();
        if (stream != null && current != null) {
            stream.sendTrailers(lines);
            armPerTry(current);
        }
        onRequestEnd();
    }

    private void onRequestEnd() {
        if (done) {
            return;
        }
        for (MirrorCall mirror : mirrors) {
            mirror.end(trailers);
        }
        if (times.totalMillis() > 0 && timeout == null) {
            timeout =
                    worker.loop()
                            .schedule(this::onTimeout, times.totalMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void onTimeout() {
        if (done) {
            return;
        }
        Attempt attempt = current;
        boolean answered = responding;
        close();
        if (attempt != null) {
            if (!answered) {
                cluster.onLocalFailure(attempt.endpoint());
            }
            attempt.timeOut();
        }
        cluster.stats().timeout();
        if (answered) {
            exchange.record().raise(ResponseFlag.UPSTREAM_REQUEST_TIMEOUT);
            exchange.response().breakOff("response_timeout");
        } else {
            cluster.stats().answered(504);
            exchange.response().reply(UpstreamFailure.timeout());
        }
    }

    private void onExpiry(Attempt attempt, AttemptClocks.Expiry expiry) {
        if (done || attempt != current) {
            return;
        }
        LocalReply answer = UpstreamFailure.expired(expiry, requestEnded);
        if (expiry == AttemptClocks.Expiry.MAX_STREAM_DURATION) {
            attempt.cancel("max stream duration");
        } else {
            cluster.stats().perTryTimeout();
            cluster.onLocalFailure(attempt.endpoint());
            attempt.timeOut();
        }
        if (!responding
                && RetryRules.wants(action.retry(), (UpstreamReset) null, true)
                && retry()) {
            return;
        }
        close();
        if (!responding) {
            cluster.stats().answered(answer.status());
        }
        exchange.expire(answer);
    }

    private boolean retry() {
        if (!retries.begin(this::tryAgain)) {
            return false;
        }
        current = null;
        return true;
    }

    private void tryAgain() {
        if (done) {
            return;
        }
        Endpoint endpoint = endpoints.next(cluster, worker);
        if (endpoint == null) {
            close();
            noneHealthy();
            exchange.response().reply(UpstreamFailure.NO_HEALTHY_UPSTREAM);
        } else {
            describeAttempt();
            attempt(endpoint);
        }
    }

    void onInterim(ResponseHead response) {
        exchange.response().interim(response);
    }

    void onHead(Attempt attempt, ResponseHead response, boolean end) {
        cluster.onStatus(attempt.endpoint(), response.status());
        if (RetryRules.wants(action.retry(), response) && retry()) {
            cluster.stats().answeredForRetry(response.status());
            attempt.cancel(null);
            return;
        }
        responding = true;
        cluster.stats().answered(response.status());
        if (attempts.size() > 1 && !RetryRules.wants(action.retry(), response)) {
            cluster.stats().retrySucceeded();
        }
        HeaderMap headers = response.headers();
        long millis =
                (exchange.environment().ticker().getAsLong() - attempt.startTick()) / 1_000_000;
        if (response.status() != 101) {
            headers.set("x-envoy-upstream-service-time", Long.toString(millis));
        }
        String cookie = endpoints.setCookie();
        if (cookie != null) {
            headers.add("set-cookie", cookie);
        }
        if (matched.virtualHost().includeAttemptCountInResponse()) {
            headers.set("x-envoy-attempt-count", Integer.toString(attempts.size()));
        }
        if (end) {
            complete();
        }
        exchange.response().respond(response, end);
    }

    void onData(Attempt attempt, ByteBuf data, boolean end) {
        if (done) {
            data.release();
            return;
        }
        if (end) {
            complete();
        }
        exchange.response().respondData(data, end);
        ClientStream stream = attempt.stream();
        if (!end && stream != null && !exchange.writable()) {
            stream.readBody(false);
        }
    }

    /** The response is complete. */
    private void complete() {
        close();
        cluster.stats()
                .completed((exchange.environment().ticker().getAsLong() - startTick) / 1_000_000);
    }

    void onTrailers(HeaderMap lines) {
        complete();
        exchange.response().respondTrailers(lines);
    }

    void onReset(
            Attempt attempt,
            UpstreamReset reason,
            @Nullable String transportFailure,
            boolean sent) {
        if (done) {
            return;
        }
        exchange.record().transportFailure(transportFailure);
        if (responding) {
            close();
            exchange.record().raise(UpstreamFailure.flag(reason));
            exchange.response()
                    .breakOff(
                            UpstreamFailure.details(
                                    "upstream_reset_after_response_started",
                                    reason,
                                    transportFailure));
            return;
        }
        if (reason != UpstreamReset.OVERFLOW) {
            cluster.onLocalFailure(attempt.endpoint());
        }
        if (RetryRules.wants(action.retry(), reason, sent) && retry()) {
            return;
        }
        close();
        LocalReply answer = UpstreamFailure.reset(reason, transportFailure, attempts.size() > 1);
        cluster.stats().answered(answer.status());
        exchange.response().reply(answer);
    }

    void onUpstreamWritable() {
        exchange.readRequest(true);
    }

    void onDownstreamWritable() {
        ClientStream stream = current == null ? null : current.stream();
        if (stream != null) {
            stream.readBody(true);
        }
    }

    private void close() {
        done = true;
        retries.stop();
        mirrors.forEach(MirrorCall::abandon);
        if (timeout != null) {
            timeout.cancel(false);
        }
        body.release();
    }

    /** Gives everything up: the client is gone, or got its answer elsewhere. */
    void cancel() {
        if (!done) {
            close();
        }
        if (current != null) {
            current.cancel("cancelled");
        }
    }
}
