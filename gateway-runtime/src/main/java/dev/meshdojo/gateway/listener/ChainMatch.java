package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One filter chain's match, compiled, and the choice among several. Immutable.
 *
 * <p>Source: Envoy's FilterChainManagerImpl: destination port, destination address, server name,
 * transport protocol, application protocols, direct source, source type, source address, source
 * port; the most specific at each step, and no way back.
 *
 * @param names server names, wildcards as {@code .suffix}; empty for any
 */
record ChainMatch(
        FilterChainMatch proto,
        List<Range> destinations,
        List<String> names,
        List<Range> directSources,
        List<Range> sources) {

    /** What is known of a connection. */
    record Facts(
            InetSocketAddress local,
            InetSocketAddress direct,
            InetSocketAddress remote,
            @Nullable String serverName,
            List<String> protocols,
            boolean tls) {}

    /** An address prefix. */
    record Range(InetAddress address, int length) {

        static Range of(CidrRange proto) {
            try {
                return new Range(
                        InetAddress.ofLiteral(proto.getAddressPrefix()),
                        proto.getPrefixLen().getValue());
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigException(
                        "malformed IP address: " + proto.getAddressPrefix());
            }
        }

        boolean contains(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] theirs = other.getAddress();
            if (mine.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((mine[bit >> 3] & mask) != (theirs[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    static ChainMatch compile(FilterChainMatch proto) {
        if (!proto.getAddressSuffix().isEmpty() || proto.hasSuffixLen()) {
            throw new InvalidConfigException(
                    "error adding listener: contains filter chain match with unimplemented fields:"
                            + " address_suffix, suffix_len");
        }
        List<String> names = new ArrayList<>();
        for (String name : proto.getServerNamesList()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("*.")) {
                names.add(lower.substring(1));
            } else if (lower.contains("*")) {
                throw new InvalidConfigException(
                        "error adding listener: partial wildcards are not supported in"
                                + " \"server_names\"");
            } else {
                names.add(lower);
            }
        }
        return new ChainMatch(
                proto,
                proto.getPrefixRangesList().stream().map(Range::of).toList(),
                names,
                proto.getDirectSourcePrefixRangesList().stream().map(Range::of).toList(),
                proto.getSourcePrefixRangesList().stream().map(Range::of).toList());
    }

    /** Whether choosing among chains needs the ClientHello. */
    boolean needsInspection() {
        return !names.isEmpty()
                || !proto.getTransportProtocol().isEmpty()
                || proto.getApplicationProtocolsCount() > 0;
    }

    /** The chain for a connection, or null when none matches. */
    static @Nullable FilterChain choose(List<FilterChain> chains, Facts facts) {
        List<FilterChain> left = chains;
        left =
                best(
                        left,
                        match ->
                                !match.proto.hasDestinationPort()
                                        ? 0
                                        : match.proto.getDestinationPort().getValue()
                                                        == facts.local().getPort()
                                                ? 1
                                                : -1);
        left = best(left, match -> prefix(match.destinations, facts.local().getAddress()));
        left = best(left, match -> match.name(facts.serverName()));
        left =
                best(
                        left,
                        match -> {
                            String protocol = match.proto.getTransportProtocol();
                            return protocol.isEmpty()
                                    ? 0
                                    : protocol.equals(facts.tls() ? "tls" : "raw_buffer") ? 1 : -1;
                        });
        left =
                best(
                        left,
                        match ->
                                match.proto.getApplicationProtocolsCount() == 0
                                        ? 0
                                        : match.proto.getApplicationProtocolsList().stream()
                                                        .anyMatch(any(facts.protocols()))
                                                ? 1
                                                : -1);
        left = best(left, match -> prefix(match.directSources, facts.direct().getAddress()));
        boolean local =
                facts.remote().getAddress().isLoopbackAddress()
                        || facts.remote().getAddress().equals(facts.local().getAddress());
        left =
                best(
                        left,
                        match ->
                                switch (match.proto.getSourceType()) {
                                    case SAME_IP_OR_LOOPBACK -> local ? 1 : -1;
                                    case EXTERNAL -> local ? -1 : 1;
                                    case ANY, UNRECOGNIZED -> 0;
                                });
        left = best(left, match -> prefix(match.sources, facts.remote().getAddress()));
        left =
                best(
                        left,
                        match ->
                                match.proto.getSourcePortsCount() == 0
                                        ? 0
                                        : match.proto
                                                        .getSourcePortsList()
                                                        .contains(facts.remote().getPort())
                                                ? 1
                                                : -1);
        return left.isEmpty() ? null : left.getFirst();
    }

    private static Predicate<String> any(List<String> protocols) {
        return protocols::contains;
    }

    private static int prefix(List<Range> ranges, InetAddress address) {
        if (ranges.isEmpty()) {
            return 0;
        }
        int best = -1;
        for (Range range : ranges) {
            if (range.contains(address)) {
                best = Math.max(best, range.length() + 1);
            }
        }
        return best;
    }

    private int name(@Nullable String serverName) {
        if (names.isEmpty()) {
            return 0;
        }
        if (serverName == null) {
            return -1;
        }
        int best = -1;
        for (String name : names) {
            if (name.startsWith(".")) {
                if (serverName.endsWith(name) && serverName.length() > name.length()) {
                    best = Math.max(best, name.length());
                }
            } else if (name.equals(serverName)) {
                best = Integer.MAX_VALUE;
            }
        }
        return best;
    }

    private static List<FilterChain> best(
            List<FilterChain> chains, ToIntFunction<ChainMatch> score) {
        if (chains.isEmpty()) {
            return chains;
        }
        int best = -1;
        List<FilterChain> left = new ArrayList<>(chains.size());
        for (FilterChain chain : chains) {
            int value = score.applyAsInt(chain.match());
            if (value > best) {
                best = value;
                left.clear();
            }
            if (value == best && value >= 0) {
                left.add(chain);
            }
        }
        return left;
    }
}
