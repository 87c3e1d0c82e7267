package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Collects what gateways logged and echo pods received. Thread-safe. */
public final class Observations {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Map<String, @Nullable Object>> logged = new ArrayList<>();
    private final List<JsonView> received = new ArrayList<>();

    /** An access-log entry of a gateway, in the fields of Istio's JSON format. */
    public synchronized void logged(Map<String, @Nullable Object> fields) {
        logged.add(Collections.unmodifiableMap(new LinkedHashMap<>(fields)));
        notifyAll();
    }

    /** A line of an echo pod's log; other lines than its JSON are left out. */
    public void received(String line) {
        if (!line.startsWith("{")) {
            return;
        }
        JsonView view;
        try {
            view = JsonView.of(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return;
        }
        synchronized (this) {
            received.add(view);
            notifyAll();
        }
    }

    synchronized void clear() {
        logged.clear();
        received.clear();
    }

    synchronized void await(int requests, int entries, Duration atMost)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long left = atMost.toNanos();
        while (left > 0 && (received.size() < requests || logged.size() < entries)) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
    }

    synchronized void awaitSilence(Duration silence) throws InterruptedException {
        int seen = -1;
        while (seen != received.size() + logged.size()) {
            seen = received.size() + logged.size();
            long deadline = System.nanoTime() + silence.toNanos();
            long left = silence.toNanos();
            while (left > 0 && seen == received.size() + logged.size()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = deadline - System.nanoTime();
            }
        }
    }

    synchronized List<Map<String, @Nullable Object>> entries() {
        return List.copyOf(logged);
    }

    synchronized List<JsonView> requests() {
        return List.copyOf(received);
    }
}
