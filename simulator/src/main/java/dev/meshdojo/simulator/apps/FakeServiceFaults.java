package dev.meshdojo.simulator.apps;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What fake-service does wrong or slowly on purpose, by its environment. Thread-safe. */
final class FakeServiceFaults {

    private static final Pattern GO_DURATION =
            Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|\u00b5s|ms|s|m|h)");

    private final Container container;
    private final long started = System.nanoTime();
    private long requests;
    private double allowance;
    private long counted = System.nanoTime();

    FakeServiceFaults(Container container) {
        this.container = container;
        this.allowance = Math.floor(decimal("RATE_LIMIT"));
    }

    /** An error instead of an answer. */
    record Fault(int code, String error) {}

    int healthCode() {
        return number(container, "HEALTH_CHECK_RESPONSE_CODE", 200);
    }

    int readyCode() {
        return number(container, "READY_CHECK_RESPONSE_SUCCESS_CODE", 200);
    }

    int startingCode() {
        return number(container, "READY_CHECK_RESPONSE_FAILURE_CODE", 503);
    }

    boolean ready() {
        return System.nanoTime() - started
                >= duration("READY_CHECK_RESPONSE_DELAY", "0s").toNanos();
    }

    boolean waitsTillReady() {
        return Boolean.parseBoolean(
                container.env("READY_CHECK_ROOT_PATH_WAIT_TILL_READY", "false"));
    }

    /** What happens to the next request; null when nothing does. */
    @Nullable Fault next() throws InterruptedException {
        if (limited()) {
            return new Fault(
                    number(container, "RATE_LIMIT_CODE", 503), "Service exceeded rate limit");
        }
        if (!fails()) {
            return null;
        }
        int code = number(container, "ERROR_CODE", 500);
        if (container.env("ERROR_TYPE", "http_error").equals("http_error")) {
            return new Fault(code, "Service error automatically injected");
        }
        pause(duration("ERROR_DELAY", "0s"));
        return new Fault(code, "Service delay automatically injected");
    }

    private synchronized boolean limited() {
        double rate = decimal("RATE_LIMIT");
        if (rate <= 0) {
            return false;
        }
        long now = System.nanoTime();
        allowance =
                Math.min(Math.max(1, Math.floor(rate)), allowance + (now - counted) / 1e9 * rate);
        counted = now;
        if (allowance < 1) {
            return true;
        }
        allowance--;
        return false;
    }

    /** Every {@code int(1/rate)}th request. */
    private synchronized boolean fails() {
        requests++;
        double rate = decimal("ERROR_RATE");
        return rate > 0 && requests % Math.max(1, (long) (1 / rate)) == 0;
    }

    /** Takes as long as a request should, of which {@code spent} nanoseconds are over. */
    void work(long spent) throws InterruptedException {
        String half = container.env("TIMING_50_PERCENTILE", "0s");
        String most = container.env("TIMING_90_PERCENTILE", half);
        int chance = ThreadLocalRandom.current().nextInt(100);
        Duration chosen =
                chance < 90
                        ? duration("TIMING_50_PERCENTILE", "0s")
                        : chance < 99
                                ? duration("TIMING_90_PERCENTILE", half)
                                : duration("TIMING_99_PERCENTILE", most);
        int variance = number(container, "TIMING_VARIANCE", 0);
        int more = variance > 0 ? ThreadLocalRandom.current().nextInt(variance) : 0;
        pause(chosen.plus(chosen.multipliedBy(more).dividedBy(100)).minusNanos(spent));
    }

    private static void pause(Duration time) throws InterruptedException {
        if (time.isPositive()
                && new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("nobody counts down");
        }
    }

    static int number(Container container, String name, int fallback) {
        String value = container.env(name, "");
        return value.matches("-?\\d{1,9}") ? Integer.parseInt(value) : fallback;
    }

    private double decimal(String name) {
        String value = container.env(name, "0");
        return value.matches("\\d*\\.?\\d+") ? Double.parseDouble(value) : 0;
    }

    private Duration duration(String name, String fallback) {
        return duration(container, name, fallback);
    }

    /** A duration as Go writes it, such as {@code 1m30s}; zero for anything else. */
    static Duration duration(Container container, String name, String fallback) {
        Matcher parts = GO_DURATION.matcher(container.env(name, fallback));
        double nanos = 0;
        while (parts.find()) {
            double unit =
                    switch (parts.group(2)) {
                        case "ns" -> 1;
                        case "us", "\u00b5s" -> 1e3;
                        case "ms" -> 1e6;
                        case "m" -> 60e9;
                        case "h" -> 3600e9;
                        default -> 1e9;
                    };
            nanos += Double.parseDouble(parts.group(1)) * unit;
        }
        return Duration.ofNanos((long) nanos);
    }
}
