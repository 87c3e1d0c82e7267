package dev.meshdojo.simulator.apiserver.schema;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A network in expressions.
 *
 * @param address as written
 * @param bits the length of its prefix
 */
record CelNetwork(CelAddress address, int bits) {

    static Object valid(String text) {
        try {
            of(text);
            return true;
        } catch (CelFailure e) {
            return false;
        }
    }

    static CelNetwork of(String text) {
        int slash = text.lastIndexOf('/');
        if (slash > 0 && text.substring(slash + 1).matches("0|[1-9]\\d{0,2}")) {
            int bits = Integer.parseInt(text.substring(slash + 1));
            CelAddress address = CelAddress.of(text.substring(0, slash));
            if (bits <= address.address().getAddress().length * 8) {
                return new CelNetwork(address, bits);
            }
        }
        throw new CelFailure(
                "network address parse error during conversion from string: invalid CIDR address: "
                        + text);
    }

    CelNetwork masked() {
        byte[] bytes = address.address().getAddress();
        for (int i = bits; i < bytes.length * 8; i++) {
            bytes[i / 8] &= (byte) ~(0x80 >> i % 8);
        }
        try {
            return new CelNetwork(new CelAddress(InetAddress.getByAddress(bytes)), bits);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean contains(CelAddress other) {
        boolean comparable =
                other.address().getAddress().length == address.address().getAddress().length;
        return comparable && new CelNetwork(other, bits).masked().equals(masked());
    }

    boolean contains(CelNetwork other) {
        return other.bits >= bits && contains(other.address);
    }
}
