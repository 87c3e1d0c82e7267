package dev.meshdojo.gateway.listener;

import java.net.InetSocketAddress;

enum IdentityAddressing implements SocketAddressing {
    INSTANCE;

    @Override
    public InetSocketAddress bindAddress(InetSocketAddress configured) {
        return configured;
    }

    @Override
    public void bound(InetSocketAddress configured, InetSocketAddress bound) {}

    @Override
    public void unbound(InetSocketAddress configured) {}

    @Override
    public InetSocketAddress connectAddress(InetSocketAddress endpoint) {
        return endpoint;
    }

    @Override
    public InetSocketAddress peerAddress(InetSocketAddress real) {
        return real;
    }

    @Override
    public InetSocketAddress localAddress(InetSocketAddress configured, InetSocketAddress real) {
        return real;
    }
}
