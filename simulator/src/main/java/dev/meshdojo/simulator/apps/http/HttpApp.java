package dev.meshdojo.simulator.apps.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Answers HTTP requests. Called on an event loop: never blocks. */
@FunctionalInterface
public interface HttpApp {

    /** The answer; a failed stage becomes a bare 500. */
    CompletionStage<Reply> answer(Request request);

    /**
     * A header line.
     *
     * @param name as received or as to be sent, case kept
     */
    record Header(String name, String value) {}

    /**
     * A whole request.
     *
     * @param target the request target as received
     * @param protocol {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}
     * @param headers in the order received; HTTP/2's {@code :authority} comes as {@code host}
     * @param peer what the cluster calls the client, without port
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(
            String method,
            String target,
            String protocol,
            List<Header> headers,
            byte[] body,
            boolean tls,
            String peer) {

        public Request {
            headers = List.copyOf(headers);
        }

        /** The first header of that name, or null. */
        public @Nullable String header(String name) {
            for (Header header : headers) {
                if (header.name().equalsIgnoreCase(name)) {
                    return header.value();
                }
            }
            return null;
        }

        /** The path without its query; an absolute-form target loses scheme and authority. */
        public String path() {
            String path = target;
            int scheme = path.indexOf("://");
            if (!path.startsWith("/") && scheme > 0) {
                int slash = path.indexOf('/', scheme + 3);
                path = slash < 0 ? "/" : path.substring(slash);
            }
            int end = path.indexOf('?');
            return end < 0 ? path : path.substring(0, end);
        }

        /** What stands behind the {@code ?}, or empty. */
        public String query() {
            int start = target.indexOf('?');
            return start < 0 ? "" : target.substring(start + 1);
        }
    }

    /**
     * A whole answer. The server adds {@code content-length} where the message may have one, and
     * nothing else.
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reply(int status, List<Header> headers, byte[] body) {

        public Reply {
            headers = List.copyOf(headers);
        }

        /** An answer with a content type. */
        public static Reply of(int status, String contentType, byte[] body) {
            return new Reply(status, List.of(new Header("content-type", contentType)), body);
        }

        /** {@link #of(int, String, byte[])} for text, sent as UTF-8. */
        public static Reply of(int status, String contentType, String body) {
            return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
        }

        /** The same with one more header line. */
        public Reply with(String name, String value) {
            List<Header> more = new ArrayList<>(headers);
            more.add(new Header(name, value));
            return new Reply(status, more, body);
        }

        boolean has(String name) {
            return headers.stream().anyMatch(h -> h.name().toLowerCase(Locale.ROOT).equals(name));
        }

        /** Whether HTTP lets this status carry a body. */
        boolean bodyAllowed() {
            return status >= 200 && status != 204 && status != 304;
        }
    }
}
