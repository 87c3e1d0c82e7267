package dev.meshdojo.simulator.apiserver.schema;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP address in expressions.
 *
 * @param address never resolved from a name
 */
record CelAddress(InetAddress address) {

    static CelAddress of(String text) {
        boolean ip = Formats.fits("ipv4", text) || Formats.fits("ipv6", text);
        if (!ip) {
            throw new CelFailure(
                    "IP Address "
                            + dev.meshdojo.simulator.golang.GoText.quote(text)
                            + " parse error during conversion from string: ParseAddr("
                            + dev.meshdojo.simulator.golang.GoText.quote(text)
                            + "): unable to parse IP");
        }
        try {
            return new CelAddress(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            throw new CelFailure("unable to parse IP");
        }
    }

    static Object canonical(String text) {
        return of(text).text().equals(text);
    }

    /** As Go writes it: IPv6 in lower case with the longest run of zeros left out. */
    String text() {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        int[] words = new int[8];
        for (int i = 0; i < words.length; i++) {
            words[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < words.length; i++) {
            int run = 0;
            while (i + run < words.length && words[i + run] == 0) {
                run++;
            }
            if (run > length) {
                start = i;
                length = run;
            }
            i += Math.max(run - 1, 0);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.length; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(words[i]));
            }
        }
        return text.toString();
    }

    Object family() {
        return address.getAddress().length == 4 ? 4L : 6L;
    }

    Object unspecified() {
        return address.isAnyLocalAddress();
    }

    Object loopback() {
        return address.isLoopbackAddress();
    }

    Object linkLocal() {
        return address.isLinkLocalAddress();
    }

    Object linkLocalMulticast() {
        return address.isMCLinkLocal();
    }

    Object globalUnicast() {
        return !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress()
                && !address.isLinkLocalAddress();
    }
}
