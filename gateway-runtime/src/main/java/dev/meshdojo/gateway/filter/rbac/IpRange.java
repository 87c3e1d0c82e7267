package dev.meshdojo.gateway.filter.rbac;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A compiled address range; a bare prefix length of 0 takes every address of the family. */
final class IpRange {

    private final byte[] network;
    private final int prefixLength;

    private IpRange(byte[] network, int prefixLength) {
        this.network = network;
        this.prefixLength = prefixLength;
    }

    static IpRange compile(CidrRange proto) {
        try {
            byte[] network = InetAddress.ofLiteral(proto.getAddressPrefix()).getAddress();
            int length = Math.min(proto.getPrefixLen().getValue(), network.length * 8);
            return new IpRange(network, length);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException("malformed IP address: " + proto.getAddressPrefix());
        }
    }

    boolean contains(@Nullable InetAddress address) {
        if (address == null) {
            return false;
        }
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        int whole = prefixLength / 8;
        if (!Arrays.equals(bytes, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = prefixLength % 8;
        int mask = 0xff << (8 - rest);
        return rest == 0 || (bytes[whole] & mask) == (network[whole] & mask);
    }
}
