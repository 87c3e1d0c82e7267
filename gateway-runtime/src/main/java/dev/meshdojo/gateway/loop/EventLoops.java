package dev.meshdojo.gateway.loop;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The threads that carry connections: epoll where the platform has it, NIO elsewhere.
 *
 * <p>Any number of runtimes may share one instance; whoever started it closes it, after them.
 * Thread-safe.
 */
public final class EventLoops implements AutoCloseable {

    private final EventLoopGroup group;
    private final Class<? extends ServerSocketChannel> serverChannel;
    private final Class<? extends SocketChannel> channel;
    private final IdentityHashMap<EventLoop, Worker> byLoop = new IdentityHashMap<>();
    private final List<Worker> workers;

    private EventLoops(
            int threads,
            IoHandlerFactory handlers,
            Class<? extends ServerSocketChannel> serverChannel,
            Class<? extends SocketChannel> channel) {
        this.group =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("gateway-io", true), handlers);
        this.serverChannel = serverChannel;
        this.channel = channel;
        List<Worker> all = new ArrayList<>();
        for (EventExecutor executor : group) {
            Worker worker = new Worker((EventLoop) executor, all.size());
            byLoop.put((EventLoop) executor, worker);
            all.add(worker);
        }
        this.workers = List.copyOf(all);
    }

    /**
     * Starts {@code threads} loops; threads themselves start with their first connection.
     *
     * @throws IllegalArgumentException when {@code threads} is below 1
     */
    public static EventLoops start(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
        }
        return Epoll.isAvailable()
                ? new EventLoops(
                        threads,
                        EpollIoHandler.newFactory(),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class)
                : new EventLoops(
                        threads,
                        NioIoHandler.newFactory(),
                        NioServerSocketChannel.class,
                        NioSocketChannel.class);
    }

    /** The group that listeners and their connections register with. */
    public EventLoopGroup group() {
        return group;
    }

    /** The kind of channel that listens. */
    public Class<? extends ServerSocketChannel> serverChannel() {
        return serverChannel;
    }

    /** The kind of channel that connects. */
    public Class<? extends SocketChannel> channel() {
        return channel;
    }

    /** All workers, one a loop, in order of their index. */
    public List<Worker> workers() {
        return workers;
    }

    /** The worker of a loop of this group. */
    public Worker worker(EventLoop loop) {
        Worker worker = byLoop.get(loop);
        if (worker == null) {
            throw new IllegalArgumentException("loop: not one of this group's: " + loop);
        }
        return worker;
    }

    /** Ends the threads and waits for them, two seconds at most. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
