package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.route.HashPolicy;
import dev.meshdojo.gateway.route.match.QueryParameters;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.upstream.XxHash64;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The number by which consistent hashing picks an endpoint, and the cookie that keeps it.
 *
 * @param hash the hash, or a random number when no policy gave one
 * @param setCookie the value of a {@code set-cookie} header to send; null for none
 */
record HashKey(long hash, @Nullable String setCookie) {

    static HashKey of(
            List<HashPolicy> policies,
            RequestHead request,
            StreamInfo info,
            RandomGenerator random) {
        long hash = 0;
        boolean found = false;
        String setCookie = null;
        for (HashPolicy policy : policies) {
            String key = null;
            switch (policy) {
                case HashPolicy.Header header -> {
                    List<String> values =
                            header.name().startsWith(":") || header.name().equals("host")
                                    ? listOf(request.first(header.name()))
                                    : request.headers().all(header.name());
                    if (!values.isEmpty()) {
                        key = String.join("", values.stream().sorted().toList());
                        if (header.rewrite() != null) {
                            key = header.rewrite().apply(key);
                        }
                    }
                }
                case HashPolicy.Cookie cookie -> {
                    key = cookie(request, cookie.name());
                    if ((key == null || key.isEmpty()) && cookie.ttl() != null) {
                        key = Long.toHexString(random.nextLong() | 1L << 63);
                        setCookie = setCookie(cookie, key);
                    }
                }
                case HashPolicy.SourceIp source ->
                        key = RequestRules.ip(info.downstreamRemoteAddress());
                case HashPolicy.QueryParameter parameter ->
                        key = QueryParameters.parse(request.path()).get(parameter.name());
            }
            if (key != null && !key.isEmpty()) {
                long next = XxHash64.hash(key);
                hash = found ? Long.rotateLeft(hash, 1) ^ next : next;
                found = true;
                if (policy.terminal()) {
                    break;
                }
            }
        }
        return new HashKey(found ? hash : random.nextLong(), setCookie);
    }

    private static List<String> listOf(@Nullable String value) {
        return value == null ? List.of() : List.of(value);
    }

    private static @Nullable String cookie(RequestHead request, String name) {
        for (String line : request.headers().all("cookie")) {
            for (String pair : line.split(";")) {
                String trimmed = pair.trim();
                int equals = trimmed.indexOf('=');
                if (equals > 0 && trimmed.substring(0, equals).equals(name)) {
                    String value = trimmed.substring(equals + 1);
                    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                            ? value.substring(1, value.length() - 1)
                            : value;
                }
            }
        }
        return null;
    }

    private static String setCookie(HashPolicy.Cookie cookie, String value) {
        StringBuilder text =
                new StringBuilder(cookie.name()).append("=\"").append(value).append('"');
        if (cookie.ttl() != null && !cookie.ttl().isZero()) {
            text.append("; Max-Age=").append(cookie.ttl().toSeconds());
        }
        if (!cookie.path().isEmpty()) {
            text.append("; Path=").append(cookie.path());
        }
        cookie.attributes()
                .forEach(
                        (name, attribute) -> {
                            text.append("; ").append(name);
                            if (!attribute.isEmpty()) {
                                text.append('=').append(attribute);
                            }
                        });
        return text.append("; HttpOnly").toString();
    }
}
