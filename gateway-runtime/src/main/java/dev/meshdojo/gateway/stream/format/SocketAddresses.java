package dev.meshdojo.gateway.stream.format;

import dev.meshdojo.gateway.stream.AddressText;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** Prints socket addresses as Envoy does: {@code 10.0.0.1:80}, {@code [fd00::1]:80}. */
public final class SocketAddresses {

    private SocketAddresses() {}

    /** Address and port. */
    public static String print(InetSocketAddress address) {
        String host = host(address);
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host)
                + ":"
                + address.getPort();
    }

    /** The address alone. */
    public static String host(InetSocketAddress address) {
        if (address.getAddress() == null) {
            return address.getHostString();
        }
        return AddressText.host(address.getAddress());
    }
}
