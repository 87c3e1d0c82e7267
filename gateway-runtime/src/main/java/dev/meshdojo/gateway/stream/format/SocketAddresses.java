package dev.meshdojo.gateway.stream.format;

import java.net.Inet6Address;
import java.net.InetAddress;
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
        return address.getAddress() instanceof Inet6Address six
                ? compressed(six.getAddress())
                : address.getAddress().getHostAddress();
    }

    /** An address written in any of its forms. */
    public static String host(String literal) {
        try {
            return InetAddress.ofLiteral(literal) instanceof Inet6Address six
                    ? compressed(six.getAddress())
                    : literal;
        } catch (IllegalArgumentException e) {
            return literal;
        }
    }

    /** RFC 5952: the first longest run of at least two zero groups becomes {@code ::}. */
    private static String compressed(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
