package dev.meshdojo.gateway.stream;

import java.net.InetSocketAddress;

/** Socket addresses as Envoy writes them in headers, logs and stats. */
public final class AddressText {

    private AddressText() {}

    /** {@code ip:port}, brackets round an IPv6 address. */
    public static String of(InetSocketAddress address) {
        String host =
                address.isUnresolved()
                        ? address.getHostString()
                        : address.getAddress().getHostAddress();
        return host.indexOf(':') >= 0
                ? "[" + host + "]:" + address.getPort()
                : host + ":" + address.getPort();
    }
}
