package dev.meshdojo.gateway.config.ads;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a proxy's configuration from a management server over one aggregated stream, state of the
 * world, in Envoy's order: clusters, their endpoints, then listeners and their routes. What is
 * refused is said so by name and stays as it was; a stream that ends is opened again after a while,
 * and the proxy goes on with what it has. Everything happens on one virtual thread.
 *
 * <p>Source: Envoy's GrpcMux, LdsApi, CdsApi and its subscriptions' initial fetch timeouts.
 */
public final class AdsClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdsClient.class);
    private static final long FIRST_BACKOFF_MILLIS = 500;
    private static final long LONGEST_BACKOFF_MILLIS = 30_000;

    private sealed interface Event {}

    private record Response(Object stream, ByteString bytes) implements Event {}

    private record Closed(Object stream, int code, String message) implements Event {}

    private record Stop() implements Event {}

    private final AdsOptions options;
    private final AdsConnector connector;
    private final AdsTarget target;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Map<ResourceType, Subscription> subscriptions = new EnumMap<>(ResourceType.class);
    private final Map<References, Long> deadlines = new HashMap<>();
    private final Map<ResourceType, Long> firstDeadlines = new EnumMap<>(ResourceType.class);
    private final Set<ResourceType> answered = EnumSet.noneOf(ResourceType.class);
    private final Delivered delivered;
    private final Thread thread;
    private AdsConnector.@Nullable AdsStream stream;
    private @Nullable Object streamKey;
    private boolean nodeSent;
    private @Nullable Long reconnectAt;
    private int failures;
    private boolean clustersSettled;
    private boolean complete;
    private String version = "";

    private AdsClient(AdsOptions options, AdsConnector connector, AdsTarget target) {
        this.options = options;
        this.connector = connector;
        this.target = target;
        this.delivered = new Delivered(options.fixed());
        for (ResourceType type : ResourceType.values()) {
            subscriptions.put(type, new Subscription(type));
        }
        this.thread = Thread.ofVirtual().name("ads").unstarted(this::run);
    }

    /** Starts asking; the first configuration comes when the server has answered. */
    public static AdsClient start(AdsOptions options, AdsConnector connector, AdsTarget target) {
        AdsClient client = new AdsClient(options, connector, target);
        client.thread.start();
        return client;
    }

    private Subscription subscription(ResourceType type) {
        return java.util.Objects.requireNonNull(subscriptions.get(type));
    }

    @SuppressWarnings("ReferenceEquality") // of this very stream
    private void run() {
        try {
            connect();
            while (true) {
                Event event = next();
                switch (event) {
                    case null -> {}
                    case Response response -> {
                        if (response.stream() == streamKey) {
                            received(response.bytes());
                        }
                    }
                    case Closed closed -> {
                        if (closed.stream() == streamKey) {
                            lost(closed);
                        }
                    }
                    case Stop stop -> {
                        return;
                    }
                }
                overdue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            AdsConnector.AdsStream open = stream;
            if (open != null) {
                open.cancel();
            }
        }
    }

    /** The next event, or null when something is due before it. */
    private @Nullable Event next() throws InterruptedException {
        Long first = reconnectAt;
        for (Long each : deadlines.values()) {
            first = first == null ? each : Long.valueOf(Math.min(first, each));
        }
        for (Long each : firstDeadlines.values()) {
            first = first == null ? each : Long.valueOf(Math.min(first, each));
        }
        return first == null
                ? events.take()
                : events.poll(Math.max(0, first - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void connect() {
        reconnectAt = null;
        nodeSent = false;
        subscriptions.values().forEach(Subscription::streamLost);
        Object key = new Object();
        streamKey = key;
        stream =
                connector.open(
                        new AdsConnector.Listener() {
                            @Override
                            public void onResponse(ByteString response) {
                                events.add(new Response(key, response));
                            }

                            @Override
                            public void onClosed(int code, String message) {
                                events.add(new Closed(key, code, message));
                            }
                        });
        for (ResourceType type : ResourceType.values()) {
            if (subscription(type).begun()) {
                ask(type, null);
            }
        }
        begin();
        askForMore();
    }

    /** Asks for clusters, and for listeners when there are no clusters to wait for. */
    private void begin() {
        if (options.clusters().isEmpty()) {
            clustersSettled = true;
        } else if (!subscription(ResourceType.CLUSTER).begun()) {
            first(ResourceType.CLUSTER, options.clusters());
        }
    }

    private void first(ResourceType type, Optional<Duration> patience) {
        patience.filter(Duration::isPositive)
                .ifPresent(limit -> firstDeadlines.put(type, System.nanoTime() + limit.toNanos()));
        ask(type, null);
    }

    private void ask(ResourceType type, @Nullable String refusal) {
        AdsConnector.AdsStream open = stream;
        if (open == null) {
            return;
        }
        Node node = options.nodeOnce() && nodeSent ? null : options.node();
        nodeSent = true;
        Set<String> names = type.wildcard() ? Set.of() : delivered.names(type);
        open.send(subscription(type).request(names, node, refusal).toByteString());
    }

    private void lost(Closed closed) {
        stream = null;
        streamKey = null;
        LOG.warn(
                "StreamAggregatedResources gRPC config stream to {} closed: {}, {}",
                options.cluster(),
                closed.code(),
                closed.message());
        long longest =
                Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << Math.min(failures, 10));
        failures++;
        reconnectAt =
                System.nanoTime()
                        + TimeUnit.MILLISECONDS.toNanos(
                                1 + ThreadLocalRandom.current().nextLong(longest));
    }

    private void overdue() {
        long now = System.nanoTime();
        if (reconnectAt != null && reconnectAt - now <= 0) {
            connect();
        }
        boolean changed = false;
        for (Map.Entry<ResourceType, Long> each : List.copyOf(firstDeadlines.entrySet())) {
            if (each.getValue() - now <= 0) {
                LOG.warn("gRPC config: initial fetch timed out for {}", each.getKey().url());
                firstDeadlines.remove(each.getKey());
                answered.add(each.getKey());
                changed = true;
            }
        }
        for (Map.Entry<References, Long> each : List.copyOf(deadlines.entrySet())) {
            if (each.getValue() - now <= 0) {
                LOG.warn(
                        "gRPC config: initial fetch timed out for {} {}",
                        each.getKey().type().url(),
                        each.getKey().name());
                deadlines.remove(each.getKey());
                delivered.giveUp(each.getKey());
                changed = true;
            }
        }
        if (changed) {
            apply(null);
            askForMore();
        }
    }

    private void received(ByteString bytes) {
        failures = 0;
        DiscoveryResponse response;
        try {
            response = DiscoveryResponse.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("{} sent what is no DiscoveryResponse: {}", options.cluster(), e.getMessage());
            return;
        }
        ResourceType type = ResourceType.of(response.getTypeUrl());
        if (type == null || !subscription(type).begun()) {
            LOG.warn(
                    "Ignoring the message for type URL {} as it has no current subscribers.",
                    response.getTypeUrl());
            return;
        }
        firstDeadlines.remove(type);
        answered.add(type);
        String refusal;
        try {
            refusal = take(type, response);
        } catch (RuntimeException e) {
            LOG.error("configuration of {} could not be put in force", response.getTypeUrl(), e);
            refusal = String.valueOf(e);
        }
        subscription(type)
                .answered(response.getNonce(), response.getVersionInfo(), refusal == null);
        if (refusal != null) {
            LOG.warn(
                    "gRPC config for {} rejected: {}",
                    response.getTypeUrl(),
                    refusal.stripTrailing());
        }
        ask(type, refusal);
        askForMore();
    }

    /** Takes a response; why it was refused, or null. */
    private @Nullable String take(ResourceType type, DiscoveryResponse response) {
        List<Message> resources = new ArrayList<>();
        for (Any resource : response.getResourcesList()) {
            if (!resource.getTypeUrl().equals(type.url())) {
                return resource.getTypeUrl()
                        + " does not match the message-wide type URL "
                        + type.url()
                        + " in DiscoveryResponse "
                        + response.getVersionInfo();
            }
            try {
                resources.add(type.unpack(resource));
            } catch (InvalidProtocolBufferException e) {
                return "Unable to unpack as "
                        + type.url().substring(type.url().indexOf('/') + 1)
                        + ": "
                        + e.getMessage();
            }
        }
        version = response.getVersionInfo();
        delivered.deliver(type, resources);
        Map<String, String> reasons = new LinkedHashMap<>();
        if (type.wildcard()) {
            for (Acknowledgement.Rejection rejection :
                    target.check(delivered.unchecked(type)).rejections()) {
                if (rejection.typeUrl().equals(type.url())) {
                    reasons.put(rejection.resource(), rejection.reason());
                }
            }
            delivered.refused(type, reasons.keySet());
        }
        for (Acknowledgement.Rejection rejection : apply(type)) {
            reasons.putIfAbsent(rejection.resource(), rejection.reason());
        }
        if (reasons.isEmpty()) {
            return null;
        }
        List<String> lines = new ArrayList<>();
        reasons.forEach((name, reason) -> lines.add(type.line(name, reason)));
        return type.refusal(lines);
    }

    /** Puts in force what may be used; what was refused of {@code type}. */
    private List<Acknowledgement.Rejection> apply(@Nullable ResourceType type) {
        delivered.prune();
        await(delivered.wanted());
        List<Acknowledgement.Rejection> refused = new ArrayList<>();
        boolean more = true;
        while (more) {
            XdsSnapshot snapshot = delivered.usable(version);
            settle();
            Acknowledgement answer = target.apply(snapshot, complete);
            if (refused.isEmpty() && type != null) {
                answer.rejections().stream()
                        .filter(each -> each.typeUrl().equals(type.url()))
                        .forEach(refused::add);
            }
            more = delivered.applied(snapshot, answer);
        }
        boolean before = complete;
        settle();
        if (complete && !before) {
            target.apply(delivered.usable(version), true);
            LOG.info("all dependencies initialized. starting workers");
        }
        return refused;
    }

    /** New needs have until their patience ends. */
    private void await(Set<References> wanted) {
        deadlines.keySet().removeIf(each -> !wanted.contains(each) || delivered.settled(each));
        long now = System.nanoTime();
        for (References each : wanted) {
            if (each.patience().isPositive() && !delivered.settled(each)) {
                deadlines.putIfAbsent(each, now + each.patience().toNanos());
            }
        }
    }

    private void settle() {
        clustersSettled |=
                answered.contains(ResourceType.CLUSTER) && !delivered.warming(ResourceType.CLUSTER);
        complete |=
                clustersSettled
                        && (options.listeners().isEmpty()
                                || (answered.contains(ResourceType.LISTENER)
                                        && !delivered.warming(ResourceType.LISTENER)));
    }

    /** Asks for what is wanted and was not asked for yet. */
    private void askForMore() {
        for (ResourceType type : ResourceType.values()) {
            if (type == ResourceType.LISTENER) {
                if (clustersSettled
                        && options.listeners().isPresent()
                        && !subscription(type).begun()) {
                    first(type, options.listeners());
                }
            } else if (!type.wildcard()) {
                Set<String> names = delivered.names(type);
                boolean begun = subscription(type).begun();
                if ((begun || !names.isEmpty()) && subscription(type).differs(names)) {
                    ask(type, null);
                }
            }
        }
    }

    @Override
    public void close() {
        events.add(new Stop());
    }
}
