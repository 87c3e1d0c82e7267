package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.core.v3.SchemeHeaderTransformation;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What routes do to heads, copies and replies, in both data planes. */
class RoutingComparisonTest {

    /** A prefix for each behaviour; {@code 'a'} is one HTTP/1 cluster, {@code 'none'} is empty. */
    private static final String ROUTES =
            """
            {'name': 'http.8080', 'ignore_port_in_host_matching': true, 'validate_clusters': false,
             'virtual_hosts': [
              {'name': 'tls', 'domains': ['tls.example.com'], 'require_tls': 'ALL'},
              {'name': 'v', 'domains': ['a.example.com'], 'include_request_attempt_count': true,
               'routes': [
                {'match': {'prefix': '/no-group'}, 'route': {'cluster': 'a', 'regex_rewrite':
                  {'pattern': {'regex': '/([a-z]+)'}, 'substitution': '/\\\\2'}}},
                {'match': {'prefix': '/group'}, 'route': {'cluster': 'a', 'regex_rewrite':
                  {'pattern': {'regex': '/([a-z]+)'}, 'substitution': '/\\\\1\\\\0'}}},
                {'match': {'prefix': '/umlaut'}, 'redirect': {'path_redirect': '/\u00e9'}},
                {'match': {'prefix': '/words'}, 'route': {'cluster': 'a'}, 'request_headers_to_add':
                  [{'header': {'key': 'x-word', 'value': 'caf\u00e9'}}]},
                {'match': {'prefix': '/inner-host'}, 'route': {'weighted_clusters': {'clusters':
                  [{'name': 'a', 'weight': 1, 'host_rewrite_literal': 'inner'}]}}},
                {'match': {'prefix': '/hide-attempts'}, 'route': {'cluster': 'a'},
                  'request_headers_to_remove': ['x-envoy-attempt-count']},
                {'match': {'prefix': '/show-timeout'}, 'route': {'cluster': 'a', 'timeout': '5s'},
                  'request_headers_to_add': [{'header': {'key': 'x-tries',
                    'value': '%REQ(x-envoy-attempt-count)%'}}]},
                {'match': {'prefix': '/nobody'}, 'route': {'cluster': 'none',
                  'host_rewrite_literal': 'other'}},
                {'match': {'prefix': '/alias'}, 'route': {'cluster': 'a'}, 'request_headers_to_add':
                  [{'header': {'key': 'x-to', 'value': '%UPSTREAM_CLUSTER% %UPSTREAM_CLUSTER_RAW%'}}]},
                {'match': {'prefix': '/d204'}, 'direct_response': {'status': 204, 'body':
                  {'inline_string': 'hello'}}},
                {'match': {'prefix': '/d304'}, 'direct_response': {'status': 304, 'body':
                  {'inline_string': 'hello'}}},
                {'match': {'prefix': '/typed'}, 'direct_response': {'status': 200, 'body':
                  {'inline_string': 'hello'}}, 'response_headers_to_add':
                  [{'header': {'key': 'content-type', 'value': 'a/b'}}]},
                {'match': {'prefix': '/typed-empty'}, 'redirect': {'path_redirect': '/x'},
                  'response_headers_to_add': [{'header': {'key': 'content-type', 'value': 'a/b'}}]},
                {'match': {'prefix': '/mirror'}, 'route': {'cluster': 'a', 'timeout': '0s',
                  'request_mirror_policies': [{'cluster': 'b', 'disable_shadow_host_suffix_append':
                    true}]}},
                {'match': {'prefix': '/retry'}, 'route': {'cluster': 'a', 'timeout': '0s',
                  'retry_policy': {'retry_on': '5xx', 'num_retries': 1}}},
                {'match': {'prefix': '/added'}, 'route': {'cluster': 'a'}, 'request_headers_to_add':
                  [{'header': {'key': 'accept', 'value': 'more'}},
                   {'header': {'key': 'x-a', 'value': 'more'}}], 'response_headers_to_add':
                  [{'header': {'key': 'content-type', 'value': 'more'}},
                   {'header': {'key': 'x-from', 'value': 'more'}}]},
                {'match': {'prefix': '/sticky'}, 'route': {'cluster': 'a', 'hash_policy':
                  [{'cookie': {'name': 'c', 'ttl': '60s'}}]}},
                {'match': {'prefix': '/cors'}, 'route': {'cluster': 'a'}},
                {'match': {'prefix': '/'}, 'route': {'cluster': 'a', 'timeout': '0s'}}]}]}
            """;

    private static @Nullable SideBySide peers;
    private static final Backend A = new Backend("a");
    private static final Backend B = new Backend("b");

    @BeforeAll
    static void start() {
        Optional<Path> envoy = EnvoyPeer.binary();
        assumeTrue(envoy.isPresent(), "no Envoy: put one on PATH or in MESHDOJO_ENVOY");
        peers = new SideBySide(envoy.get(), List.of(A, B), 2, RoutingComparisonTest::snapshot);
    }

    @AfterAll
    static void stop() throws IOException {
        if (peers != null) {
            peers.close();
        }
        A.close();
        B.close();
    }

    private static XdsSnapshot snapshot(int[] ports, String log) {
        HttpConnectionManager.Builder manager = Peers.manager(log);
        manager.addHttpFilters(
                0, filter("envoy.filters.http.fault", HTTPFault.getDefaultInstance()));
        manager.addHttpFilters(1, filter("envoy.filters.http.cors", Cors.getDefaultInstance()));
        return Peers.snapshot(
                List.of(
                        Peers.listener(ports[0], manager.build()),
                        Peers.listener(ports[1], hosts(manager)).toBuilder()
                                .setName("hosts")
                                .build()),
                routes(),
                List.of(
                        Peers.cluster("a", A.port()).setAltStatName("a;"),
                        Peers.cluster("b", B.port()),
                        Peers.cluster("none")));
    }

    /** A connection manager that changes authority and scheme. */
    private static HttpConnectionManager hosts(HttpConnectionManager.Builder manager) {
        return manager.clone()
                .setStripAnyHostPort(true)
                .setStripTrailingHostDot(true)
                .setSchemeHeaderTransformation(
                        SchemeHeaderTransformation.newBuilder().setSchemeToOverwrite("https"))
                .build();
    }

    private static HttpFilter filter(String name, com.google.protobuf.Message config) {
        return HttpFilter.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
    }

    private static RouteConfiguration routes() {
        RouteConfiguration.Builder routes = RouteConfiguration.newBuilder();
        try {
            JsonFormat.parser().merge(ROUTES.replace('\'', '"'), routes);
            HTTPFault.Builder fault = HTTPFault.newBuilder();
            JsonFormat.parser()
                    .merge(
                            "{\"abort\":{\"http_status\":418,\"percentage\":{\"numerator\":100}},"
                                    + "\"headers\":[{\"name\":\"x-fault\","
                                    + "\"present_match\":true}]}",
                            fault);
            CorsPolicy.Builder cors = CorsPolicy.newBuilder();
            JsonFormat.parser()
                    .merge(
                            "{\"allow_origin_string_match\":[{\"exact\":\"http://o\"}],"
                                    + "\"expose_headers\":\"x-from\"}",
                            cors);
            routes.getVirtualHostsBuilder(1)
                    .putTypedPerFilterConfig("envoy.filters.http.fault", Any.pack(fault.build()))
                    .putTypedPerFilterConfig("envoy.filters.http.cors", Any.pack(cors.build()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
        return routes.build();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "GET /no-group/x",
                "GET /group/x",
                "GET /umlaut",
                "GET /words",
                "GET /inner-host",
                "GET /hide-attempts",
                "GET /show-timeout",
                "GET /nobody",
                "GET /alias",
                "GET /d204",
                "GET /d304",
                "HEAD /d304",
                "GET /typed",
                "GET /typed-empty",
                "GET /mirror",
                "GET /mirror; upgrade: websocket; connection: upgrade",
                "POST /mirror; content-length: 0",
                "POST /mirror; content-length: 5|hello",
                "POST /mirror; transfer-encoding: chunked|5\r\nhello\r\n0\r\n\r\n",
                "POST /mirror; transfer-encoding: chunked|0\r\n\r\n",
                "GET /retry; x-fail: 503",
                "GET /retry; x-fail: 600",
                "GET /retry; x-fail: 999",
                "GET /added; accept: one; x-a: one",
                "GET /added; accept: ; accept: one; x-a: ; x-a: one",
                "GET /; user-agent: one; user-agent: two; x-a: 1; x-a: 2; origin: p; origin: q",
                "GET /; authorization: x; authorization: y; via: 1; via: 2; cookie: a; cookie: b",
                "GET /; accept: one;  folded; accept: two;  more",
                "GET /sticky",
                "GET /cors; origin: http://o",
                "GET /cors; origin: http://o; x-fault: 1",
                "GET /cors; origin: http://o; x-fail: 503",
                "OPTIONS /cors; origin: http://o; access-control-request-method: PUT",
            })
    void sameOutcome(String row) {
        compare(0, "a.example.com", row);
    }

    @ParameterizedTest(name = "{0} {1}")
    @org.junit.jupiter.params.provider.CsvSource({
        "tls.example.com:80, GET /x?y",
        "tls.example.com:443, GET /",
        "tls.example.com, GET /",
        "'', GET /",
        "b.example.com, GET /; upgrade: foo; connection: upgrade",
        "a.example.com, GET /; upgrade: foo; connection: upgrade"
    })
    void sameOutcomeOnHosts(String host, String row) {
        compare(0, host, row);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "a.example.com",
                "a.example.com:80",
                "a.example.com:99999",
                "a.example.com:x",
                "a.example.com:",
                "a.example.com.",
                "a.example.com.:80",
                "a.example.com..",
                "[::1]:80",
                "[::1]",
                ".",
                ":80"
            })
    void sameAuthority(String host) {
        compare(1, host, "GET /umlaut; x-forwarded-proto: http");
        compare(1, host, "GET /words");
    }

    /** A row is a method, a path, header lines behind semicolons, and a body behind a bar. */
    private static void compare(int listener, String host, String row) {
        String[] parts = row.split("\\|", 2);
        String[] lines = parts[0].split(";( (?! )|(?= ))", -1);
        StringBuilder bytes = new StringBuilder(lines[0] + " HTTP/1.1\r\nhost: " + host + "\r\n");
        for (int i = 1; i < lines.length; i++) {
            bytes.append(lines[i]).append("\r\n");
        }
        bytes.append("\r\n").append(parts.length > 1 ? parts[1] : "");
        SideBySide both = Objects.requireNonNull(peers);
        SideBySide.Outcome envoy = both.envoy(listener, bytes.toString(), RawClient.Patience.USUAL);
        SideBySide.Outcome ours = both.ours(listener, bytes.toString(), RawClient.Patience.USUAL);
        assertThat(ours).describedAs(bytes.toString()).hasToString(envoy.toString());
    }
}
