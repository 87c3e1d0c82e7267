package dev.meshdojo.gateway.http;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The text of {@code date}, made once a second. Thread-safe. */
public final class HttpDate {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private record Second(long epoch, String text) {}

    private static final io.netty.util.concurrent.FastThreadLocal<Second> LAST =
            new io.netty.util.concurrent.FastThreadLocal<>();

    private HttpDate() {}

    /** {@code clock}'s time, to the second. */
    public static String now(InstantSource clock) {
        long epoch = Math.floorDiv(clock.millis(), 1000L);
        Second last = LAST.get();
        if (last == null || last.epoch() != epoch) {
            last = new Second(epoch, FORMAT.format(java.time.Instant.ofEpochSecond(epoch)));
            LAST.set(last);
        }
        return last.text();
    }
}
