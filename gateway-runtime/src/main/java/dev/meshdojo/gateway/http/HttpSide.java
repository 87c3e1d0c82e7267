package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.DownstreamReset;
import dev.meshdojo.gateway.codec.Refusal;
import dev.meshdojo.gateway.codec.RequestSink;
import dev.meshdojo.gateway.codec.ServerConnection;
import dev.meshdojo.gateway.codec.ServerSide;
import dev.meshdojo.gateway.codec.ServerStream;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** The connection manager of one client connection: judges requests and starts exchanges. */
public final class HttpSide implements ServerSide {

    private final HttpConfig config;
    private final HttpEnvironment environment;
    private final ConnectionInfo connection;
    private final Runnable onClosed;
    private @Nullable ConnectionClocks clocks;

    /** The manager of {@code connection}. */
    public HttpSide(
            HttpConfig config,
            HttpEnvironment environment,
            ConnectionInfo connection,
            Runnable onClosed) {
        this.config = config;
        this.environment = environment;
        this.connection = connection;
        this.onClosed = onClosed;
    }

    /** Tells which connection it stands above; called once, before the first request. */
    public void serve(ServerConnection served) {
        clocks =
                new ConnectionClocks(
                        config.timeouts(), timers(), environment.ticker(), served, config.stats());
    }

    HttpConfig config() {
        return config;
    }

    HttpEnvironment environment() {
        return environment;
    }

    EventLoop timers() {
        return connection.worker().loop();
    }

    String dateText() {
        return HttpDate.now(environment.clock());
    }

    private StreamRecord record(String protocol) {
        if (clocks != null) {
            clocks.streamBegan();
        }
        return new StreamRecord(
                connection, protocol, environment.clock().instant(), environment.ticker());
    }

    @Override
    public RequestSink onRequest(ServerStream stream, RequestHead head, boolean end) {
        StreamRecord record = record(stream.protocol());
        LocalReply refused = checkPath(head);
        boolean upgrade = head.headers().contains("upgrade") && !stream.multiplexed() && !end;
        if (refused != null) {
            RequestRules.completeScheme(head, connection.secure());
        } else {
            record.client(
                    RequestRules.apply(config, connection, head, upgrade, environment.random()));
        }
        Exchange exchange = new Exchange(this, stream, head, record);
        if (refused != null) {
            if (refused.status() == 400) {
                stream.closeAfterResponse();
            }
            exchange.response().reply(refused);
        } else {
            exchange.begin(end, upgrade);
        }
        return exchange;
    }

    /** Brings the path into the form that routing sees; an answer when it cannot be. */
    private @Nullable LocalReply checkPath(RequestHead head) {
        String path = head.path();
        if (head.method().equals("CONNECT") && path.isEmpty()) {
            return null;
        }
        if (path.isEmpty()) {
            return LocalReply.of(404, "", "missing_path_rejected");
        }
        if (path.charAt(0) != '/') {
            return LocalReply.of(404, "", "absolute_path_rejected");
        }
        int fragment = path.indexOf('#');
        if (fragment >= 0) {
            path = path.substring(0, fragment);
        }
        HttpConfig.PathRules rules = config.path();
        if (rules.escapedSlashes() != HttpConfig.EscapedSlashes.KEEP) {
            String plain = PathNormalizer.unescapeSlashes(path);
            if (!plain.equals(path)) {
                switch (rules.escapedSlashes()) {
                    case REJECT -> {
                        return LocalReply.of(400, "", "path_normalization_failed");
                    }
                    case UNESCAPE_AND_REDIRECT -> {
                        LocalReply redirect = LocalReply.of(307, "", "path_normalization_failed");
                        redirect.headers().add("location", plain);
                        return redirect;
                    }
                    case KEEP, UNESCAPE_AND_FORWARD -> path = plain;
                }
            }
        }
        if (rules.normalize()) {
            String normal = PathNormalizer.normalize(path);
            if (normal == null) {
                return LocalReply.of(400, "", "path_normalization_failed");
            }
            path = normal;
        }
        if (rules.mergeSlashes()) {
            path = PathNormalizer.mergeSlashes(path);
        }
        head.path(path);
        return null;
    }

    @Override
    public void onRefused(ServerStream stream, @Nullable RequestHead head, Refusal refusal) {
        StreamRecord record = record(stream.protocol());
        boolean grpc = head != null && head.grpc() && refusal == Refusal.MISSING_HOST;
        int status = grpc ? 200 : refusal.status();
        record.answered(status, refusal.details());
        if (refusal.protocolError()) {
            record.raise(ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR);
        }
        if (refusal == Refusal.STREAM_IDLE) {
            record.raise(ResponseFlag.STREAM_IDLE_TIMEOUT);
        }
        ByteBuf body =
                Unpooled.copiedBuffer(refusal.body(), java.nio.charset.StandardCharsets.US_ASCII);
        HeaderMap headers = new HeaderMap(6);
        if (body.isReadable()) {
            headers.add("content-length", Integer.toString(body.readableBytes()));
            headers.add("content-type", "text/plain");
        }
        if (grpc) {
            LocalReplies.describeGrpc(
                    headers, LocalReply.of(refusal.status(), "", refusal.details()), false);
        }
        ResponseHead response = new ResponseHead(status, headers);
        RequestHead shown = head == null ? new RequestHead("", "", "", "", new HeaderMap(2)) : head;
        ResponseRules.apply(config, response, shown, dateText());
        record.sent(body.readableBytes());
        stream.closeAfterResponse();
        boolean bodiless = !body.isReadable();
        stream.sendHead(response, bodiless);
        if (bodiless) {
            body.release();
        } else {
            stream.sendData(body, true);
        }
        record.end();
        ended(head, response, null, record);
    }

    @Override
    public void onAborted(String protocol, @Nullable RequestHead head, DownstreamReset reason) {
        StreamRecord record = record(protocol);
        record.answered(0, reason.details());
        record.raise(
                switch (reason) {
                    case DISCONNECT -> ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION;
                    case INVALID_HTTP2, INVALID_HEADER -> ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR;
                    default -> ResponseFlag.DOWNSTREAM_REMOTE_RESET;
                });
        record.end();
        ended(head, null, null, record);
    }

    /** A stream is over: writes the logs. */
    void ended(
            @Nullable RequestHead request,
            @Nullable ResponseHead response,
            @Nullable HeaderMap trailers,
            StreamRecord record) {
        if (clocks != null) {
            clocks.streamEnded(record);
        }
        if (config.accessLogs().isEmpty() && environment.ended() == null) {
            return;
        }
        FormatContext context =
                new FormatContext(
                        request, response == null ? null : response.headers(), trailers, record);
        environment.report(config.accessLogs(), context);
    }

    @Override
    public void onClosed() {
        if (clocks != null) {
            clocks.stop();
        }
        onClosed.run();
    }
}
