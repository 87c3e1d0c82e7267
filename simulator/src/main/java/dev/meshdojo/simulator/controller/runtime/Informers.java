package dev.meshdojo.simulator.controller.runtime;

import dev.meshdojo.simulator.apiserver.ResourceApi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The informers of one cluster, one per kind, shared by its controllers. Thread-safe. */
public final class Informers implements AutoCloseable {

    private final ResourceApi api;
    private final Map<String, Informer> byKind = new LinkedHashMap<>();

    /** Over an API; nothing runs until {@link #start}. */
    public Informers(ResourceApi api) {
        this.api = api;
    }

    /** The informer of a kind, made on first use. */
    public synchronized Informer of(String group, String plural) {
        return byKind.computeIfAbsent(
                plural + "." + group, kind -> new Informer(api, group, plural));
    }

    private synchronized List<Informer> all() {
        return List.copyOf(byKind.values());
    }

    /** Starts those that do not run yet. */
    public void start(String clusterName) {
        all().forEach(informer -> informer.start(clusterName));
    }

    /** Waits until each holds its first list. */
    public void awaitSync() throws InterruptedException {
        for (Informer informer : all()) {
            informer.awaitSync();
        }
    }

    @Override
    public void close() {
        all().forEach(Informer::close);
    }
}
