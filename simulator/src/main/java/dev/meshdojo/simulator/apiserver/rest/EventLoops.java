package dev.meshdojo.simulator.apiserver.rest;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that all API servers of this JVM share: there while one of them runs, gone with
 * the last.
 */
final class EventLoops {

    private static final int THREADS = 2;

    private static int users;
    private static @Nullable EventLoopGroup group;

    private EventLoops() {}

    static synchronized EventLoopGroup acquire() {
        users++;
        EventLoopGroup loops = group;
        if (loops == null) {
            loops =
                    new MultiThreadIoEventLoopGroup(
                            THREADS,
                            new DefaultThreadFactory("apiserver", true),
                            NioIoHandler.newFactory());
            group = loops;
        }
        return loops;
    }

    static synchronized void release() {
        EventLoopGroup loops = group;
        if (--users == 0 && loops != null) {
            group = null;
            loops.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        }
    }
}
