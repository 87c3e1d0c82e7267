package dev.meshdojo.simulator.pilot.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meshdojo.simulator.pilot.security.JwksSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Key sets that RequestAuthentications name by address, as istiod's resolver keeps them: fetched
 * once when first asked for, again after every interval, and sooner while a fetch fails. A key set
 * that was fetched stays in force while later fetches fail. Without an address the issuer's OpenID
 * configuration tells it. Thread-safe.
 *
 * <p>Source: Istio's JWKS resolver: 20 minutes; after a failure seven times a second apart, then a
 * minute, doubled up to an hour; five seconds for each request.
 */
final class JwksResolver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JwksResolver.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TRIES_SOON = 7;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /**
     * How often key sets are fetched again.
     *
     * @param refresh after a success
     * @param soon after the first fetch failed, some times in a row
     * @param retry after a failure later on
     * @param longestRetry how far {@code retry} is doubled with each further failure
     */
    record Pace(Duration refresh, Duration soon, Duration retry, Duration longestRetry) {

        static final Pace ISTIO =
                new Pace(
                        Duration.ofMinutes(20),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(60));
    }

    private record Key(String uri, String issuer) {}

    /** What is known of a key set; an empty text stands for one that was never fetched. */
    private record Entry(String keys) {}

    private enum Signal {
        FAILED,
        STOP
    }

    private final KeyFetcher fetcher;
    private final Pace pace;
    private final Runnable changed;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile JwksSource view = new View();

    /**
     * @param changed told when a key set changed after it was handed out
     */
    JwksResolver(KeyFetcher fetcher, Pace pace, Runnable changed) {
        this.fetcher = fetcher;
        this.pace = pace;
        this.changed = changed;
        this.thread = Thread.ofVirtual().name("pilot-jwks").unstarted(this::refreshRepeatedly);
    }

    void start() {
        thread.start();
    }

    /** The key sets now; another instance once one of them changed. May block to fetch. */
    JwksSource current() {
        return view;
    }

    private final class View implements JwksSource {
        @Override
        public @Nullable String keys(String uri, String issuer) {
            String found =
                    entries.computeIfAbsent(new Key(uri, issuer), JwksResolver.this::first).keys();
            return found.isEmpty() ? null : found;
        }
    }

    private Entry first(Key key) {
        try {
            return new Entry(fetch(key));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "no key set for issuer {} ({}): {}. Its tokens are refused until it is there.",
                    key.issuer(),
                    key.uri(),
                    e.getMessage());
            signals.add(Signal.FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Entry("");
    }

    private String fetch(Key key) throws IOException, InterruptedException {
        String uri = key.uri().isEmpty() ? discover(key.issuer()) : key.uri();
        return fetcher.fetch(URI.create(uri), LIMIT);
    }

    private String discover(String issuer) throws IOException, InterruptedException {
        if (issuer.isEmpty()) {
            throw new IOException("jwksUri and issuer are both empty");
        }
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        String configuration =
                fetcher.fetch(URI.create(base + "/.well-known/openid-configuration"), LIMIT);
        try {
            String uri = JSON.readTree(configuration).path("jwks_uri").asText();
            if (uri.isEmpty()) {
                throw new IOException("the OpenID configuration of " + base + " has no jwks_uri");
            }
            return uri;
        } catch (JsonProcessingException e) {
            throw new IOException("the OpenID configuration of " + base + " is not JSON", e);
        }
    }

    private void refreshRepeatedly() {
        Duration wait = pace.refresh();
        Duration retry = pace.retry();
        int soon = 0;
        try {
            while (true) {
                Signal signal = signals.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
                if (signal == Signal.STOP) {
                    return;
                }
                if (signal == Signal.FAILED) {
                    wait = pace.soon();
                    soon = TRIES_SOON;
                    continue;
                }
                if (refresh()) {
                    wait = pace.refresh();
                    retry = pace.retry();
                    soon = 0;
                } else if (--soon > 0) {
                    wait = pace.soon();
                } else {
                    wait = retry;
                    retry =
                            retry.multipliedBy(2).compareTo(pace.longestRetry()) > 0
                                    ? pace.longestRetry()
                                    : retry.multipliedBy(2);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Fetches all anew; false when one failed. */
    private boolean refresh() throws InterruptedException {
        boolean complete = true;
        boolean different = false;
        for (Key key : List.copyOf(entries.keySet())) {
            try {
                String keys = fetch(key);
                Entry before = entries.put(key, new Entry(keys));
                different |= before == null || !before.keys().equals(keys);
            } catch (IOException | IllegalArgumentException e) {
                complete = false;
                LOG.warn(
                        "the key set for issuer {} ({}) stays as it is: {}",
                        key.issuer(),
                        key.uri(),
                        e.getMessage());
            }
        }
        if (different) {
            view = new View();
            changed.run();
        }
        return complete;
    }

    @Override
    public void close() {
        signals.add(Signal.STOP);
    }
}
