package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a file up to date with a running cluster: looks once a second whether anything changed, and
 * saves a last time when closed. Close it before the cluster. Thread-safe.
 */
public final class SnapshotKeeper implements AutoCloseable {

    private static final Logger LOG = System.getLogger(SnapshotKeeper.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final FakeCluster cluster;
    private final Path file;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private long saved;

    private SnapshotKeeper(FakeCluster cluster, Path file) throws IOException {
        this.cluster = cluster;
        this.file = file;
        save();
        this.thread = Thread.ofVirtual().name("snapshot-keeper").start(this::run);
    }

    /**
     * Saves the cluster and keeps on.
     *
     * @throws IOException when the file cannot be written
     */
    public static SnapshotKeeper start(FakeCluster cluster, Path file) throws IOException {
        return new SnapshotKeeper(cluster, file);
    }

    private void run() {
        try {
            while (!closing.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    save();
                } catch (IOException e) {
                    LOG.log(Level.WARNING, () -> file + " is not up to date: " + e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void save() throws IOException {
        Snapshot now = cluster.snapshot();
        if (now.image().revision() != saved) {
            SnapshotFile.save(now, file);
            saved = now.image().revision();
        }
    }

    /**
     * Saves a last time.
     *
     * @throws IOException when the file cannot be written; it then holds the last state that could
     *     be saved
     */
    @Override
    public void close() throws IOException {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        save();
    }
}
