package dev.meshdojo.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Begins a connection with a PROXY header, before everything else.
 *
 * <p>Source: HAProxy's "The PROXY protocol"; Envoy's upstream_proxy_protocol transport socket.
 */
final class ProxyHeader extends ChannelDuplexHandler {

    /** The form of the header. */
    enum Version {
        V1,
        V2
    }

    /**
     * Whose connection it is.
     *
     * @param source the client
     * @param destination what the client connected to
     */
    record Addresses(InetSocketAddress source, InetSocketAddress destination) {}

    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int COMMAND_LOCAL = 0x20;
    private static final int COMMAND_PROXY = 0x21;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;
    private static final int PORTS_LENGTH = 4;

    private final Version version;
    private final @Nullable Addresses addresses;
    private boolean begun;

    /**
     * @param addresses null when no client stands behind the connection
     */
    ProxyHeader(Version version, @Nullable Addresses addresses) {
        this.version = version;
        this.addresses = addresses;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin(context);
        context.flush();
        context.fireChannelActive();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        begin(context); // who connects is told before the channel is
        context.write(message, promise);
    }

    private void begin(ChannelHandlerContext context) {
        if (begun) {
            return;
        }
        begun = true;
        context.write(
                version == Version.V1
                        ? text(
                                addresses == null
                                        ? new Addresses(
                                                (InetSocketAddress)
                                                        context.channel().localAddress(),
                                                (InetSocketAddress)
                                                        context.channel().remoteAddress())
                                        : addresses)
                        : binary(addresses));
    }

    private static ByteBuf text(Addresses addresses) {
        InetAddress source = addresses.source.getAddress();
        InetAddress destination = addresses.destination.getAddress();
        boolean mixed = four(source) != four(destination);
        return Unpooled.copiedBuffer(
                mixed
                        ? "PROXY UNKNOWN\r\n"
                        : "PROXY "
                                + (four(source) ? "TCP4 " : "TCP6 ")
                                + source.getHostAddress()
                                + " "
                                + destination.getHostAddress()
                                + " "
                                + addresses.source.getPort()
                                + " "
                                + addresses.destination.getPort()
                                + "\r\n",
                StandardCharsets.US_ASCII);
    }

    private static ByteBuf binary(@Nullable Addresses addresses) {
        ByteBuf out = Unpooled.buffer();
        out.writeBytes(SIGNATURE);
        if (addresses == null) {
            return out.writeByte(COMMAND_LOCAL).writeByte(0).writeShort(0);
        }
        byte[] source = addresses.source.getAddress().getAddress();
        byte[] destination = addresses.destination.getAddress().getAddress();
        out.writeByte(COMMAND_PROXY)
                .writeByte(four(addresses.source.getAddress()) ? TCP_OVER_IPV4 : TCP_OVER_IPV6)
                .writeShort(source.length + destination.length + PORTS_LENGTH)
                .writeBytes(source)
                .writeBytes(destination)
                .writeShort(addresses.source.getPort())
                .writeShort(addresses.destination.getPort());
        return out;
    }

    private static boolean four(InetAddress address) {
        return address instanceof Inet4Address;
    }
}
