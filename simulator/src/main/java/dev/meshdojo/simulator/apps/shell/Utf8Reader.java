package dev.meshdojo.simulator.apps.shell;

/** Puts the bytes of characters together as they come. Used by one thread at a time. */
final class Utf8Reader {

    /** The character is not complete. */
    static final int MORE = -2;

    private int value;
    private int missing;

    /** Takes a byte; gives a code point, {@link #MORE}, or what is below 0 as it is. */
    int next(int b) {
        if (b < 0x80) {
            missing = 0;
            return b;
        }
        if (b >= 0xc0) {
            missing = b >= 0xf0 ? 3 : b >= 0xe0 ? 2 : 1;
            value = b & (0x3f >> missing);
            return MORE;
        }
        if (missing == 0) {
            return 0xfffd;
        }
        value = (value << 6) | (b & 0x3f);
        return --missing == 0 ? value : MORE;
    }
}
