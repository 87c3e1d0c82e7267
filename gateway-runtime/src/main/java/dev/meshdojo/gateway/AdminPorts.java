package dev.meshdojo.gateway;

import dev.meshdojo.gateway.admin.AdminControls;
import dev.meshdojo.gateway.admin.AdminListener;
import dev.meshdojo.gateway.admin.AdminPages;
import dev.meshdojo.gateway.admin.AdminResponse;
import dev.meshdojo.gateway.admin.AdminView;
import dev.meshdojo.gateway.listener.SocketAddressing;
import dev.meshdojo.gateway.loop.EventLoops;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ports on which a runtime tells about itself: Envoy's admin pages (15000), its statistics for
 * Prometheus (15090), and pilot-agent's (15020). Thread-safe.
 */
final class AdminPorts implements AutoCloseable {

    private static final String STATS = "/stats/prometheus";

    private record Open(InetSocketAddress configured, AdminListener listener) {}

    private final EventLoops loops;
    private final SocketAddressing addressing;
    private final InstantSource clock;
    private final Supplier<AdminView> view;
    private final AdminPages pages;
    private final Map<InetSocketAddress, Open> open = new LinkedHashMap<>();

    AdminPorts(
            EventLoops loops,
            SocketAddressing addressing,
            InstantSource clock,
            Supplier<AdminView> view,
            AdminControls controls) {
        this.loops = loops;
        this.addressing = addressing;
        this.clock = clock;
        this.view = view;
        this.pages = new AdminPages(controls);
    }

    /** Opens those ports that {@code options} name; all or none. */
    void open(AdminOptions options) {
        try {
            open("admin", options.admin(), this::admin);
            open("Prometheus", options.prometheus(), this::prometheus);
            open("agent", options.agent(), this::agent);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(
            String what, @Nullable InetSocketAddress address, AdminListener.Pages content) {
        if (address == null) {
            return;
        }
        AdminListener listener =
                AdminListener.start(loops, clock, what, addressing.bindAddress(address), content);
        addressing.bound(address, listener.bound());
        open.put(address, new Open(address, listener));
    }

    /** The real address of a configured one; null when it is not open. */
    @Nullable InetSocketAddress bound(@Nullable InetSocketAddress configured) {
        Open found = configured == null ? null : open.get(configured);
        return found == null ? null : found.listener().bound();
    }

    private AdminResponse admin(String method, String target) {
        return pages.handle(method, target, view.get());
    }

    private AdminResponse prometheus(String method, String target) {
        return path(target).startsWith(STATS)
                ? pages.handle(method, target, view.get())
                : AdminResponse.empty(404);
    }

    private AdminResponse agent(String method, String target) {
        return switch (path(target)) {
            case STATS, "/metrics" -> pages.handle(method, STATS, view.get());
            case "/healthz/ready" -> AdminResponse.empty(200);
            default -> AdminResponse.empty(404);
        };
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    @Override
    public void close() {
        List<Open> all = new ArrayList<>(open.values());
        open.clear();
        for (Open each : all) {
            addressing.unbound(each.configured());
            each.listener().close();
        }
    }
}
