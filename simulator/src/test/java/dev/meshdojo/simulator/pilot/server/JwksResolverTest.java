package dev.meshdojo.simulator.pilot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.meshdojo.simulator.pilot.security.JwksSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Key sets by address")
class JwksResolverTest {

    private static final String URI_A = "http://keys.test/jwks";
    private final Map<String, String> served = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final JwksResolver resolver =
            new JwksResolver(
                    (uri, limit) -> answer(uri),
                    new JwksResolver.Pace(
                            Duration.ofMillis(20),
                            Duration.ofMillis(10),
                            Duration.ofMillis(10),
                            Duration.ofMillis(20)),
                    changes::incrementAndGet);

    private String answer(URI uri) throws IOException {
        asked.add(uri.toString());
        String body = served.get(uri.toString());
        if (body == null) {
            throw new IOException("status 503");
        }
        return body;
    }

    @AfterEach
    void close() {
        resolver.close();
    }

    @Test
    @DisplayName("are fetched once and then come from the cache")
    void cached() {
        served.put(URI_A, "keys");
        JwksSource keys = resolver.current();
        assertThat(keys.keys(URI_A, "issuer")).isEqualTo("keys");
        assertThat(keys.keys(URI_A, "issuer")).isEqualTo("keys");
        assertThat(asked).containsExactly(URI_A);
    }

    @Test
    @DisplayName("are found by the issuer's OpenID configuration when no address is written")
    void discovered() {
        served.put(
                "http://issuer.test/.well-known/openid-configuration",
                "{\"jwks_uri\":\"" + URI_A + "\"}");
        served.put(URI_A, "keys");
        assertThat(resolver.current().keys("", "http://issuer.test/")).isEqualTo("keys");
    }

    @Test
    @DisplayName("are missing while nothing answers, and tried again until something does")
    void triedAgain() {
        JwksSource first = resolver.current();
        assertThat(first.keys(URI_A, "issuer")).isNull();
        resolver.start();
        served.put(URI_A, "keys");
        await().untilAsserted(() -> assertThat(changes).hasPositiveValue());
        assertThat(resolver.current()).isNotSameAs(first);
        assertThat(resolver.current().keys(URI_A, "issuer")).isEqualTo("keys");
    }

    @Test
    @DisplayName("stay in force while later fetches fail, and follow when they change")
    void keptOverFailures() {
        served.put(URI_A, "old");
        assertThat(resolver.current().keys(URI_A, "issuer")).isEqualTo("old");
        resolver.start();
        served.remove(URI_A);
        int before = asked.size();
        await().untilAsserted(() -> assertThat(asked.size()).isGreaterThan(before + 2));
        assertThat(resolver.current().keys(URI_A, "issuer")).isEqualTo("old");
        served.put(URI_A, "new");
        await().untilAsserted(
                        () ->
                                assertThat(resolver.current().keys(URI_A, "issuer"))
                                        .isEqualTo("new"));
    }

    @Test
    @DisplayName("are missing when the address is no address")
    void notAnAddress() {
        assertThat(resolver.current().keys("http://not an address", "issuer")).isNull();
    }
}
