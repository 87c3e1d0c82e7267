package dev.meshdojo.simulator.apiserver.builtin.validation;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IP addresses and CIDR blocks, read as Go reads them: leading zeros are let pass. */
final class Addresses {

    private Addresses() {}

    static boolean isAddress(String text) {
        return bytes(text) != null;
    }

    static boolean isIpv6(String text) {
        return text.contains(":") && isAddress(text);
    }

    static boolean isCidr(String text) {
        return block(text) != null;
    }

    /** Whether a block is smaller than another and lies within it; both have to be valid. */
    static boolean isStrictSubset(String inner, String outer) {
        Block in = block(inner);
        Block out = block(outer);
        return in != null
                && out != null
                && in.address.length == out.address.length
                && out.bits < in.bits
                && out.contains(in.address);
    }

    /** Why an address cannot be an endpoint's. */
    static List<String> endpointProblems(String text) {
        byte[] bytes = bytes(text);
        if (bytes == null) {
            return List.of("must be a valid IP address");
        }
        List<String> problems = new ArrayList<>();
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            if (address.isAnyLocalAddress()) {
                problems.add("may not be unspecified (" + text + ")");
            }
            if (address.isLoopbackAddress()) {
                problems.add("may not be in the loopback range (127.0.0.0/8, ::1/128)");
            }
            if (address.isLinkLocalAddress()) {
                problems.add("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
            }
            if (address.isMCLinkLocal()) {
                problems.add(
                        "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
            }
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not the length of an address: " + text, e);
        }
        return problems;
    }

    private static byte @Nullable [] bytes(String text) {
        if (text.contains(":")) {
            boolean plain = text.indexOf('%') < 0 && text.indexOf('[') < 0;
            return plain && NetUtil.isValidIpV6Address(text)
                    ? NetUtil.createByteArrayFromIpAddressString(text)
                    : null;
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (!parts[i].matches("[0-9]{1,8}") || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    /** The form in which Go writes an address, or null when it is none. */
    static @Nullable String canonical(String text) {
        byte[] bytes = bytes(text);
        return bytes == null ? null : text(bytes);
    }

    private static String text(byte[] bytes) {
        if (bytes.length == 16 && isMapped(bytes)) {
            return text(java.util.Arrays.copyOfRange(bytes, 12, 16));
        }
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not the length of an address", e);
        }
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    static @Nullable Block block(String text) {
        int slash = text.indexOf('/');
        byte[] address = slash < 0 ? null : bytes(text.substring(0, slash));
        if (address == null || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return null;
        }
        int bits = Integer.parseInt(text.substring(slash + 1));
        return bits > address.length * 8 ? null : new Block(address, bits);
    }

    /** A block as it is written: its address may lie behind the block's start. */
    static final class Block {
        private final byte[] address;
        private final int bits;

        Block(byte[] address, int bits) {
            this.address = address;
            this.bits = bits;
        }

        int bits() {
            return bits;
        }

        /** Whether all bits behind the prefix are zero. */
        boolean atItsStart() {
            return java.util.Arrays.equals(start(), address);
        }

        /** The block with its first address. */
        String network() {
            return text(start()) + "/" + bits;
        }

        /** The block that holds the address alone. */
        String single() {
            return text(address) + "/" + address.length * 8;
        }

        private byte[] start() {
            byte[] first = address.clone();
            for (int bit = bits; bit < first.length * 8; bit++) {
                first[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
            }
            return first;
        }

        boolean contains(byte[] other) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
