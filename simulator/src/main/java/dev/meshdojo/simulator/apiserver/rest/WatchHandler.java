package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import dev.meshdojo.simulator.apiserver.operation.Reader;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import dev.meshdojo.simulator.apiserver.operation.Selector;
import dev.meshdojo.simulator.apiserver.operation.Watcher;
import dev.meshdojo.simulator.apiserver.storage.StoreEvent;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Watch streams: one JSON object per line, chunked. */
final class WatchHandler {

    private static final long BOOKMARK_MILLIS = 60_000;
    private static final int MIN_TIMEOUT_SECONDS = 1800;

    private final ApiCore core;
    private final Reader reader;
    private final Representation representation;

    WatchHandler(ApiCore core, Representation representation) {
        this.core = core;
        this.reader = new Reader(core);
        this.representation = representation;
    }

    void watch(ApiRequest request, Path path, RequestScope scope, WatchSink writer) {
        ListOptions.check(request, true);
        Selector selector = ResourceHandler.selector(request, scope);
        if (!path.name().isEmpty()) {
            selector = selector.and(object -> Meta.name(object).equals(path.name()));
        }
        WatchOptions options = WatchOptions.read(request);
        new Stream(request, scope, selector, options, writer).run();
    }

    private final class Stream {
        private final ApiRequest request;
        private final RequestScope scope;
        private final Selector selector;
        private final WatchOptions options;
        private final WatchSink writer;
        private final Representation.Accepted accepted;
        private boolean first = true;

        Stream(
                ApiRequest request,
                RequestScope scope,
                Selector selector,
                WatchOptions options,
                WatchSink writer) {
            this.request = request;
            this.scope = scope;
            this.selector = selector;
            this.options = options;
            this.writer = writer;
            this.accepted = representation.accepted(request);
        }

        void run() {
            long seconds =
                    options.timeoutSeconds() > 0
                            ? options.timeoutSeconds()
                            : MIN_TIMEOUT_SECONDS
                                    + ThreadLocalRandom.current().nextInt(MIN_TIMEOUT_SECONDS);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            writer.begin();
            try {
                long revision = options.revision();
                if (options.initialEvents()) {
                    revision = sendInitial();
                }
                try (Watcher watcher = Watcher.from(core, scope, selector, revision)) {
                    writer.onDisconnect(watcher::close);
                    if (follow(watcher, deadline)) {
                        writer.end();
                    } else {
                        writer.abort();
                    }
                }
            } catch (ApiException e) {
                fail(e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                writer.abort();
            }
        }

        private void fail(ApiException e) {
            try {
                writer.part(line("ERROR", bytes(e.status())));
                writer.end();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                writer.abort();
            }
        }

        private long sendInitial() throws InterruptedException {
            Reader.Page page = reader.list(scope, new Reader.Query(selector, true, 0, "", "", ""));
            for (ObjectNode object : page.items()) {
                if (!writer.part(line("ADDED", bytes(shown(object))))) {
                    return page.revision();
                }
            }
            if (options.endOfInitialEvents()) {
                writer.part(line("BOOKMARK", bytes(bookmark(page.revision(), true))));
            }
            return page.revision();
        }

        /** Whether the stream ended in order. */
        private boolean follow(Watcher watcher, long deadline) throws InterruptedException {
            long bookmarkAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BOOKMARK_MILLIS);
            while (true) {
                long now = System.nanoTime();
                if (now >= deadline) {
                    return true;
                }
                long until = options.bookmarks() ? Math.min(deadline, bookmarkAt) : deadline;
                long wait = Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - now));
                List<Watcher.Change> changes = watcher.poll(wait);
                if (changes == null) {
                    return true;
                }
                if (!changes.isEmpty() && !writer.part(lines(changes))) {
                    return false;
                }
                if (options.bookmarks() && System.nanoTime() >= bookmarkAt) {
                    if (!writer.part(line("BOOKMARK", bytes(bookmark(watcher.seen(), false))))) {
                        return false;
                    }
                    bookmarkAt += TimeUnit.MILLISECONDS.toNanos(BOOKMARK_MILLIS);
                }
            }
        }

        private byte[] lines(List<Watcher.Change> changes) {
            ByteArrayOutputStream all = new ByteArrayOutputStream(1024);
            for (Watcher.Change change : changes) {
                StoreEvent event = change.event();
                byte[] object =
                        event != null && accepted.form() == Representation.Form.OBJECT
                                ? event.encoded(WatchHandler::bytes)
                                : bytes(shown(change.object()));
                all.writeBytes(line(change.type().name(), object));
            }
            return all.toByteArray();
        }

        private ObjectNode shown(ObjectNode object) {
            ObjectNode shown = representation.event(accepted, request, scope, object, first);
            first = false;
            return shown;
        }

        private ObjectNode bookmark(long revision, boolean initialEnd) {
            ObjectNode object = Json.MAPPER.createObjectNode();
            object.put("kind", scope.type().kind()).put("apiVersion", scope.type().apiVersion());
            ObjectNode metadata = object.putObject("metadata");
            metadata.put("resourceVersion", Long.toString(revision));
            if (initialEnd) {
                metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            return switch (accepted.form()) {
                case TABLE, METADATA ->
                        representation.event(accepted, request, scope, object, false);
                case OBJECT -> object;
            };
        }
    }

    private static byte[] line(String type, byte[] object) {
        byte[] head =
                ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
        byte[] line = new byte[head.length + object.length + 2];
        System.arraycopy(head, 0, line, 0, head.length);
        System.arraycopy(object, 0, line, head.length, object.length);
        line[line.length - 2] = '}';
        line[line.length - 1] = '\n';
        return line;
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return Json.write(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
