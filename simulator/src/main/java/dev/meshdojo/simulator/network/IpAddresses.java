package dev.meshdojo.simulator.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Reads addresses that are written as numbers; never asks a name server. */
final class IpAddresses {

    private IpAddresses() {}

    /** The address, or null when {@code text} is a name. */
    static @Nullable InetAddress literal(String text) {
        boolean dotted = text.matches("[0-9.]+") && text.chars().filter(c -> c == '.').count() == 3;
        boolean numeric = dotted || text.indexOf(':') >= 0;
        if (!numeric) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** {@link #literal} for text that is known to be numeric. */
    static InetAddress parse(String text) {
        InetAddress address = literal(text);
        if (address == null) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: an IP address)");
        }
        return address;
    }

    /** The address' text, or the host as it was named when it never was resolved. */
    static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return ip == null ? address.getHostString() : ip.getHostAddress();
    }

    /** Whether the address belongs to a documentation range of RFC 5737, which no router knows. */
    static boolean isUnrouted(InetAddress address) {
        byte[] b = address.getAddress();
        if (b.length != 4) {
            return false;
        }
        int net = ((b[0] & 0xff) << 16) | ((b[1] & 0xff) << 8) | (b[2] & 0xff);
        return net == 0xC00002 || net == 0xC63364 || net == 0xCB0071;
    }
}
