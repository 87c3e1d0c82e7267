package dev.meshdojo.simulator.shell;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running command line: the foreground script or a background job. Thread-safe. */
final class Task {

    static final int SIGINT = 2;
    static final int SIGKILL = 9;
    static final int SIGTERM = 15;

    private final int number;
    private final Invocation.Job identity;
    private final String source;
    private final CountDownLatch settled = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile int status;
    private volatile int signal = SIGINT;

    Task(int number, int pid, String source) {
        this.number = number;
        this.source = source;
        this.identity = new Invocation.Job(pid, new PortSet(settled::countDown));
    }

    /** Number in the job table; 0 for the foreground. */
    int number() {
        return number;
    }

    Invocation.Job identity() {
        return identity;
    }

    String source() {
        return source;
    }

    void start(Thread runner) {
        thread = runner;
        runner.start();
    }

    /** Nothing more needs to be waited for before the next command. */
    void settle() {
        settled.countDown();
    }

    void finish(int exitStatus) {
        status = exitStatus;
        settled.countDown();
        done.countDown();
    }

    boolean running() {
        return done.getCount() > 0;
    }

    int status() {
        return status;
    }

    int signal() {
        return signal;
    }

    void kill(int number) {
        if (number == 0) {
            return;
        }
        signal = number;
        Thread runner = thread;
        if (runner != null && running()) {
            runner.interrupt();
        }
    }

    int await() throws InterruptedException {
        done.await();
        return status;
    }

    boolean await(Duration limit) throws InterruptedException {
        return done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    void awaitSettled(Duration limit) throws InterruptedException {
        boolean settledInTime = settled.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (!settledInTime) {
            settled.countDown();
        }
    }
}
