package dev.meshdojo.simulator.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** A bounded pipe between two threads. Ends are closed apart; interrupts end a wait. */
final class Pipe {

    private final byte[] buffer = new byte[64 * 1024];
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int start;
    private int size;
    private boolean writerClosed;
    private boolean readerClosed;

    InputStream reader() {
        return new Reader();
    }

    OutputStream writer() {
        return new Writer();
    }

    private void awaitWhile(BooleanSupplier condition) throws InterruptedIOException {
        try {
            while (condition.getAsBoolean()) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private final class Reader extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            lock.lock();
            try {
                awaitWhile(() -> size == 0 && !writerClosed);
                if (size == 0) {
                    return -1;
                }
                int count = Math.min(Math.min(length, size), buffer.length - start);
                System.arraycopy(buffer, start, target, offset, count);
                start = (start + count) % buffer.length;
                size -= count;
                changed.signalAll();
                return count;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return size;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                readerClosed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private final class Writer extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            lock.lock();
            try {
                int from = offset;
                int left = length;
                while (left > 0) {
                    awaitWhile(() -> size == buffer.length && !readerClosed);
                    if (readerClosed) {
                        throw new BrokenPipeException();
                    }
                    int at = (start + size) % buffer.length;
                    int count = Math.min(Math.min(left, buffer.length - size), buffer.length - at);
                    System.arraycopy(source, from, buffer, at, count);
                    size += count;
                    from += count;
                    left -= count;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                writerClosed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
