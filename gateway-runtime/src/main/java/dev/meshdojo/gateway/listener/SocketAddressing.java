package dev.meshdojo.gateway.listener;

import java.net.InetSocketAddress;

/**
 * Translates between the addresses that configuration and logs speak of and the sockets that carry
 * the bytes.
 *
 * <p>A proxy on a machine of its own uses {@link #identity()}. A gateway pod of the in-process
 * cluster has an address such as {@code 10.244.0.7} that no interface carries; its listener {@code
 * 0.0.0.0:8080} is bound to a loopback address instead, and upstream endpoints are reached
 * likewise. Everything a user sees (headers, access log, admin) stays in the first vocabulary.
 * Implementations are thread-safe and never block: they are called on event loops.
 */
public interface SocketAddressing {

    /**
     * Where to bind a listener that is configured for {@code configured}; port 0 asks for any free
     * port.
     */
    InetSocketAddress bindAddress(InetSocketAddress configured);

    /** Told once a listener is bound: {@code bound} is the socket's real address. */
    void bound(InetSocketAddress configured, InetSocketAddress bound);

    /** Told once a listener no longer accepts. */
    void unbound(InetSocketAddress configured);

    /** The real address of an upstream endpoint. */
    InetSocketAddress connectAddress(InetSocketAddress endpoint);

    /** The real address to connect from, or null for any. */
    default @org.jspecify.annotations.Nullable InetSocketAddress sourceAddress() {
        return null;
    }

    /** What to call the peer whose socket address is {@code real}. */
    InetSocketAddress peerAddress(InetSocketAddress real);

    /**
     * What to call our own end of a connection that was accepted at {@code real} for the listener
     * {@code configured}.
     */
    InetSocketAddress localAddress(InetSocketAddress configured, InetSocketAddress real);

    /** Addresses mean what they say. */
    static SocketAddressing identity() {
        return IdentityAddressing.INSTANCE;
    }
}
