package dev.meshdojo.simulator.network;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Which real socket stands for which port of which pod. Thread-safe; lookups never block. */
final class PortRegistry {

    private final Map<Key, Binding> bindings = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Runnable> watchers = new CopyOnWriteArrayList<>();

    /** Calls {@code changed} after each change, on the thread that made it. */
    void onChange(Runnable changed) {
        watchers.add(changed);
    }

    void bound(String ip, int port, boolean loopbackOnly, InetSocketAddress real) {
        bindings.put(new Key(ip, port), new Binding(real, loopbackOnly));
        watchers.forEach(Runnable::run);
    }

    void unbound(String ip, int port) {
        if (bindings.remove(new Key(ip, port)) != null) {
            watchers.forEach(Runnable::run);
        }
    }

    void forget(String ip) {
        if (bindings.keySet().removeIf(key -> key.ip().equals(ip))) {
            watchers.forEach(Runnable::run);
        }
    }

    /** Where {@code ip:port} really listens for the pod's own processes. */
    @Nullable InetSocketAddress inside(String ip, int port) {
        Binding binding = bindings.get(new Key(ip, port));
        return binding == null ? null : binding.real();
    }

    /** Where {@code ip:port} really listens for other pods; a loopback listener is not there. */
    @Nullable InetSocketAddress outside(String ip, int port) {
        Binding binding = bindings.get(new Key(ip, port));
        return binding == null || binding.loopbackOnly() ? null : binding.real();
    }

    private record Key(String ip, int port) {}

    private record Binding(InetSocketAddress real, boolean loopbackOnly) {}
}
