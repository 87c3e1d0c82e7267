package dev.meshdojo.gateway.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the headers of a client's TLS records, for what the TLS handler behind it does not
 * answer as BoringSSL does: a first record that is none gets an alert, and a second handshake,
 * which TLS 1.2 and below allow, ends the connection and not only itself.
 */
final class RecordGuard extends ChannelInboundHandlerAdapter {

    private static final String RENEGOTIATION =
            "TLS_error:|268435638:SSL routines:OPENSSL_internal:NO_RENEGOTIATION:TLS_error_end";
    private static final int HANDSHAKE = 22;
    private static final int HEADER = 5;

    private final Consumer<String> caught;
    private final byte[] header = new byte[HEADER];
    private int headerBytes;
    private int bodyBytes;
    private boolean first = true;
    private boolean armed;
    private boolean again;
    private boolean closing;

    /**
     * A guard of a connection that has sent nothing yet.
     *
     * @param caught told why, before the connection is closed
     */
    RecordGuard(Consumer<String> caught) {
        this.caught = caught;
    }

    /** From now on a record of a handshake is one too many. */
    void arm() {
        armed = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf data = (ByteBuf) msg;
        FirstRecord.@Nullable Fault fault = closing ? null : scan(data);
        if (closing || fault != null) {
            data.release();
        } else {
            ctx.fireChannelRead(msg);
        }
        if (fault != null) {
            caught.accept(fault.transportReason());
            close(ctx, fault.alert());
        }
    }

    private FirstRecord.@Nullable Fault scan(ByteBuf data) {
        int at = data.readerIndex();
        while (at < data.writerIndex()) {
            if (bodyBytes > 0) {
                int skipped = Math.min(bodyBytes, data.writerIndex() - at);
                bodyBytes -= skipped;
                at += skipped;
                continue;
            }
            header[headerBytes++] = data.getByte(at++);
            if (headerBytes == HEADER) {
                headerBytes = 0;
                bodyBytes = (header[3] & 0xff) << 8 | (header[4] & 0xff);
                if (first) {
                    first = false;
                    FirstRecord.Fault fault = FirstRecord.fault(header);
                    if (fault != null && fault != FirstRecord.Fault.UNEXPECTED) {
                        return fault;
                    }
                }
                again |= armed && header[0] == HANDSHAKE;
            }
        }
        return null;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (again && !closing) {
            caught.accept(RENEGOTIATION);
            ctx.pipeline().addBefore(ctx.name(), null, new LingeringClose());
            close(ctx, 0);
        }
    }

    private void close(ChannelHandlerContext ctx, int alert) {
        closing = true;
        if (alert != 0) {
            ctx.write(Unpooled.wrappedBuffer(new byte[] {21, 3, 1, 0, 2, 2, (byte) alert}));
        }
        ctx.close();
    }
}
