package dev.meshdojo.gateway.grpc;

import com.google.protobuf.ByteString;
import dev.meshdojo.gateway.codec.ClientStream;
import dev.meshdojo.gateway.codec.ResponseSink;
import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.StreamRequest;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One call whose both sides stream. It goes to an endpoint of a cluster like any request: the
 * cluster's protocol, TLS, limits and statistics count. Methods may be called from any thread; the
 * listener is called on one event loop.
 */
public final class GrpcCall
        implements ResponseSink, StreamRequest.Listener, UpstreamCluster.Choice {

    /** Who hears of a call. Must not block. */
    public interface Listener {

        /** A message came. */
        void onMessage(ByteString message);

        /** The call is over; told once. */
        void onClosed(GrpcStatus status);
    }

    private static final int PREFIX = 5;

    private final Worker worker;
    private final RequestHead asked;
    private final Listener listener;
    private final List<ByteBuf> waiting = new ArrayList<>();
    private final ByteBuf received = Unpooled.buffer();
    private @Nullable StreamRequest request;
    private @Nullable ClientStream stream;
    private @Nullable ResponseHead response;
    private boolean over;

    private GrpcCall(Worker worker, RequestHead head, Listener listener) {
        this.worker = worker;
        this.asked = head;
        this.listener = listener;
    }

    /**
     * Starts a call.
     *
     * @param path such as {@code /package.Service/Method}
     * @param metadata further header lines
     */
    public static GrpcCall start(
            Worker worker,
            UpstreamCluster cluster,
            String authority,
            String path,
            HeaderMap metadata,
            Listener listener) {
        HeaderMap headers = HeaderMap.of("te", "trailers", "content-type", "application/grpc");
        headers.addAll(metadata);
        String scheme = cluster.proto().hasTransportSocket() ? "https" : "http";
        GrpcCall call =
                new GrpcCall(
                        worker,
                        new RequestHead("POST", scheme, authority, path, headers),
                        listener);
        worker.loop().execute(() -> call.open(cluster));
        return call;
    }

    private void open(UpstreamCluster cluster) {
        if (over) {
            return;
        }
        Endpoint endpoint = cluster.choose(worker, this);
        if (endpoint == null) {
            end(new GrpcStatus(GrpcStatus.UNAVAILABLE, "no healthy upstream"));
            return;
        }
        request = cluster.open(worker, endpoint, asked.authority(), true, false, this, this);
    }

    /** Sends a message; after the call's end it is dropped. */
    public void send(ByteString message) {
        worker.loop().execute(() -> write(message));
    }

    private void write(ByteString message) {
        if (over) {
            return;
        }
        ByteBuf frame = Unpooled.buffer(PREFIX + message.size());
        frame.writeByte(0).writeInt(message.size());
        frame.writeBytes(message.asReadOnlyByteBuffer());
        ClientStream open = stream;
        if (open == null) {
            waiting.add(frame);
        } else {
            open.sendData(frame, false);
        }
    }

    /** Gives the call up; the listener hears nothing more. */
    public void cancel() {
        worker.loop()
                .execute(
                        () -> {
                            if (!over) {
                                StreamRequest open = request;
                                if (open != null) {
                                    open.cancel();
                                }
                                release();
                            }
                        });
    }

    private void end(GrpcStatus status) {
        if (!over) {
            release();
            listener.onClosed(status);
        }
    }

    private void release() {
        over = true;
        StreamRequest open = request;
        if (open != null) {
            open.end(false);
        }
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        received.release();
    }

    private void broken(String why) {
        StreamRequest open = request;
        if (open != null) {
            open.cancel();
        }
        end(new GrpcStatus(GrpcStatus.INTERNAL, why));
    }

    @Override
    public void onStream(ClientStream opened, @Nullable String localAddress) {
        if (over) {
            opened.cancel();
            return;
        }
        stream = opened;
        opened.sendHead(asked, false);
        waiting.forEach(frame -> opened.sendData(frame, false));
        waiting.clear();
    }

    @Override
    public void onNoStream(UpstreamReset reason, @Nullable String transportFailure) {
        end(
                new GrpcStatus(
                        GrpcStatus.UNAVAILABLE,
                        "upstream connect error or disconnect/reset before headers. reset reason: "
                                + reason.words()
                                + (transportFailure == null
                                        ? ""
                                        : ", transport failure reason: " + transportFailure)));
    }

    @Override
    public void onInterim(ResponseHead interim) {}

    @Override
    public void onHead(ResponseHead head, boolean ended) {
        response = head;
        String status = head.headers().get("grpc-status");
        if (ended || status != null) {
            finish(head.headers(), head.status());
        } else if (head.status() != 200) {
            StreamRequest open = request;
            if (open != null) {
                open.cancel();
            }
            end(GrpcStatus.ofHttp(head.status()));
        }
    }

    @Override
    public void onData(ByteBuf data, boolean ended) {
        if (over) {
            data.release();
            return;
        }
        received.writeBytes(data);
        data.release();
        while (!over && received.readableBytes() >= PREFIX) {
            int start = received.readerIndex();
            if (received.getByte(start) != 0) {
                broken("a compressed message, which was not asked for");
                return;
            }
            long length = received.getUnsignedInt(start + 1);
            if (length > Integer.MAX_VALUE - PREFIX) {
                broken("a message of " + length + " bytes");
                return;
            }
            if (received.readableBytes() < PREFIX + length) {
                break;
            }
            byte[] message = new byte[(int) length];
            received.skipBytes(PREFIX).readBytes(message);
            listener.onMessage(ByteString.copyFrom(message));
        }
        if (over) {
            return;
        }
        received.discardSomeReadBytes();
        if (ended) {
            ResponseHead got = response;
            finish(new HeaderMap(), got == null ? 200 : got.status());
        }
    }

    @Override
    public void onTrailers(HeaderMap trailers) {
        ResponseHead got = response;
        finish(trailers, got == null ? 200 : got.status());
    }

    private void finish(HeaderMap trailers, int httpStatus) {
        String code = trailers.get("grpc-status");
        if (code == null) {
            end(
                    httpStatus == 200
                            ? new GrpcStatus(2, "missing grpc-status")
                            : GrpcStatus.ofHttp(httpStatus));
            return;
        }
        String message = trailers.get("grpc-message");
        int number;
        try {
            number = Integer.parseInt(code.trim());
        } catch (NumberFormatException e) {
            number = 2;
        }
        end(new GrpcStatus(number, message == null ? "" : decoded(message)));
    }

    /** Percent-encoded, as gRPC writes it. */
    private static String decoded(String message) {
        byte[] bytes = new byte[message.length()];
        int length = 0;
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c == '%' && i + 2 < message.length()) {
                int high = Character.digit(message.charAt(i + 1), 16);
                int low = Character.digit(message.charAt(i + 2), 16);
                if (high >= 0 && low >= 0) {
                    bytes[length++] = (byte) (high * 16 + low);
                    i += 2;
                    continue;
                }
            }
            bytes[length++] = (byte) c;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public void onReset(UpstreamReset reason) {
        end(
                new GrpcStatus(
                        GrpcStatus.UNAVAILABLE,
                        response == null
                                ? "upstream connect error or disconnect/reset before headers. reset"
                                        + " reason: "
                                        + reason.words()
                                : reason.words()));
    }

    @Override
    public void onWritable() {}

    @Override
    public long hash() {
        return ThreadLocalRandom.current().nextLong();
    }

    @Override
    public boolean avoid(Endpoint endpoint) {
        return false;
    }

    @Override
    public int attempts() {
        return 1;
    }
}
