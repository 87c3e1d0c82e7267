package dev.meshdojo.gateway.stream;

import java.nio.charset.StandardCharsets;

/**
 * Configured text as header values hold it: one character for each of its UTF-8 bytes. Plain ASCII
 * stays as it is.
 */
public final class WireText {

    private WireText() {}

    /** Configured text, as it stands in a message. */
    public static String of(String configured) {
        return ascii(configured)
                ? configured
                : new String(
                        configured.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Text of a message, for people to read. */
    public static String shown(String wire) {
        return ascii(wire)
                ? wire
                : new String(wire.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static boolean ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }
}
