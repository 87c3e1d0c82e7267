package dev.meshdojo.gateway.peer;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuth;
import io.envoyproxy.envoy.extensions.filters.http.csrf.v3.CsrfPolicy;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Listeners with HTTP filters of their own, and the requests that show what these do. */
@SuppressWarnings("StringConcatToTextBlock") // bytes of the wire
final class ChainRows {

    /**
     * One listener.
     *
     * @param filters before the router
     * @param route the first filter's configuration of the route below {@code /own}, or null
     */
    record Row(String name, List<HttpFilter> filters, @Nullable Any route, List<String> requests) {
        Row {
            filters = List.copyOf(filters);
            requests = List.copyOf(requests);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Row> rows = new ArrayList<>();

    static List<Row> all() {
        ChainRows all = new ChainRows();
        all.basicAuth();
        all.csrf();
        all.setMetadata();
        all.healthCheck();
        all.httpAuthz();
        all.grpcAuthz();
        return all.rows;
    }

    static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nhost: a.example.com\r\n" + headers + "\r\n";
    }

    private static String post(String path, String headers, String body) {
        return "POST "
                + path
                + " HTTP/1.1\r\nhost: a.example.com\r\n"
                + headers
                + "content-length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private static <B extends Message.Builder> B json(B builder, String text) {
        try {
            JsonFormat.parser().merge(text, builder);
            return builder;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName("envoy.filters.http." + name)
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private void row(String name, HttpFilter filter, String... requests) {
        rows.add(new Row(name, List.of(filter), null, List.of(requests)));
    }

    private void basicAuth() {
        String users =
                "user1:{SHA}tESsBmE/yNY3lb6a0L6vVQEZNqw=\\nuser2:{SHA}EJ9LPFDXsN9ynSmbxvjp75Bmlx8=\\n";
        String[] requests = {
            get("/", ""),
            get("/a?b=c", "authorization: Basic dXNlcjE6dGVzdDE=\r\n"),
            get("/", "authorization: basic dXNlcjI6dGVzdDI=\r\n"),
            get("/", "authorization: Basic dXNlcjE6dGVzdDI=\r\n"),
            get("/", "authorization: Basic bm9ib2R5OnRlc3Qx\r\n"),
            get("/", "authorization: Basic dXNlcjE=\r\n"),
            get("/", "authorization: Basic !!!\r\n"),
            get("/", "authorization: Basic \r\n"),
            get("/", "authorization: Bearer abc\r\n"),
            get("/", "authorization:\r\n"),
            post("/", "", "hello"),
            get("/" + "long".repeat(80), "")
        };
        row(
                "basic auth",
                filter(
                        "basic_auth",
                        json(BasicAuth.newBuilder(), "{users: {inlineString: '" + users + "'}}")
                                .build()),
                requests);
        row(
                "basic auth, name forwarded",
                filter(
                        "basic_auth",
                        json(
                                        BasicAuth.newBuilder(),
                                        "{users: {inlineString: '"
                                                + users
                                                + "'}, forwardUsernameHeader: 'x-user', authenticationHeader: 'x-auth'}")
                                .build()),
                get("/", "x-user: forged\r\nx-auth: Basic dXNlcjE6dGVzdDE=\r\n"),
                get("/", "authorization: Basic dXNlcjE6dGVzdDE=\r\n"));
    }

    private void csrf() {
        String all = "{filterEnabled: {defaultValue: {numerator: 100}}";
        String[] requests = {
            get("/", "origin: http://evil.org\r\n"),
            post("/", "", "x"),
            post("/", "origin: http://a.example.com\r\n", "x"),
            post("/", "origin: https://a.example.com\r\n", "x"),
            post("/", "origin: http://a.example.com:8080\r\n", "x"),
            post("/", "origin: a.example.com\r\n", "x"),
            post("/", "origin: null\r\n", "x"),
            post("/", "origin: http://evil.org\r\n", "x"),
            post("/", "referer: http://a.example.com/page?x\r\n", "x"),
            post("/", "referer: http://evil.org/page\r\n", "x"),
            post("/", "origin: http://www.friend.org\r\n", "x"),
            "DELETE / HTTP/1.1\r\nhost: a.example.com\r\n\r\n",
            "PATCH / HTTP/1.1\r\nhost: a.example.com\r\n\r\n",
            "PUT / HTTP/1.1\r\nhost: a.example.com\r\norigin: http://b.org\r\n\r\n",
            "OPTIONS / HTTP/1.1\r\nhost: a.example.com\r\norigin: http://b.org\r\n\r\n"
        };
        row("csrf", filter("csrf", json(CsrfPolicy.newBuilder(), all + "}").build()), requests);
        row(
                "csrf with friends",
                filter(
                        "csrf",
                        json(
                                        CsrfPolicy.newBuilder(),
                                        all + ", additionalOrigins: [{suffix: '.friend.org'}]}")
                                .build()),
                requests);
        row(
                "csrf in shadow",
                filter(
                        "csrf",
                        json(
                                        CsrfPolicy.newBuilder(),
                                        "{filterEnabled: {defaultValue: {}}, shadowEnabled: {defaultValue: {numerator: 100}}}")
                                .build()),
                requests);
    }

    private void setMetadata() {
        HttpFilter shows =
                filter(
                        "header_mutation",
                        json(
                                        HeaderMutation.newBuilder(),
                                        "{mutations: {requestMutations: [{append: {header: {key: 'x-meta', value: '%DYNAMIC_METADATA(a)% %DYNAMIC_METADATA(b:k)%'}}}]}}")
                                .build());
        for (String text :
                List.of(
                        "{metadata: [{metadataNamespace: 'a', value: {n: 1, s: 'x', l: [1, 2], m: {i: true}}}]}",
                        "{metadata: [{metadataNamespace: 'b', value: {k: 'first'}}, {metadataNamespace: 'b', value: {k: 'second'}}]}",
                        "{metadata: [{metadataNamespace: 'b', value: {k: 'first'}}, {metadataNamespace: 'b', allowOverwrite: true, value: {k: 'second'}}]}",
                        "{metadata: [{metadataNamespace: 'a', value: {l: [1], m: {x: 1}}}, {metadataNamespace: 'a', allowOverwrite: true, value: {l: [2], m: {y: 2}}}]}",
                        "{metadataNamespace: 'b', value: {k: 'old'}}")) {
            rows.add(
                    new Row(
                            "set metadata " + text,
                            List.of(
                                    filter("set_metadata", json(Config.newBuilder(), text).build()),
                                    shows),
                            null,
                            List.of(get("/", ""))));
        }
    }

    private void healthCheck() {
        String[] requests = {
            get("/healthz", ""),
            get("/other", ""),
            post("/healthz", "", "x"),
            "HEAD /healthz HTTP/1.1\r\nhost: a.example.com\r\n\r\n"
        };
        for (String mode : List.of("false", "true")) {
            row(
                    "health check, pass through " + mode,
                    filter(
                            "health_check",
                            json(
                                            HealthCheck.newBuilder(),
                                            "{passThroughMode: "
                                                    + mode
                                                    + ", headers: [{name: ':path', stringMatch: {exact: '/healthz'}}]}")
                                    .build()),
                    requests);
        }
    }

    private static HttpFilter authz(String text) {
        return filter("ext_authz", json(ExtAuthz.newBuilder(), text).build());
    }

    private static String service(String path, String more) {
        return "httpService: {serverUri: {uri: 'http://authz', cluster: 'authz', timeout: '2s'}, pathPrefix: '"
                + path
                + "'"
                + more
                + "}";
    }

    private void httpAuthz() {
        String cookies = "authorization: Bearer x\r\ncookie: a=b\r\nx-keep: 1\r\nx-keep: 2\r\n";
        row(
                "authz allows",
                authz("{" + service("/check", "") + "}"),
                get("/a?b=c", cookies),
                post("/a", "", "hello"),
                "HEAD / HTTP/1.1\r\nhost: a.example.com\r\n\r\n");
        row(
                "authz without a prefix",
                authz("{" + service("", "") + "}"),
                get("/status/403", ""),
                get("/ok", ""));
        row(
                "authz sends headers",
                authz(
                        "{"
                                + service(
                                        "/check",
                                        ", authorizationRequest: {headersToAdd: [{key: 'x-from', value: 'gateway'}, {key: 'x-path', value: '%REQ(:path)%'}]}")
                                + ", allowedHeaders: {patterns: [{prefix: 'x-'}, {exact: 'cookie'}]}, disallowedHeaders: {patterns: [{exact: 'x-keep'}]}}"),
                get("/a", cookies + "x-other: 1\r\n"));
        for (String status : List.of("401", "403", "302", "201", "404", "500", "503")) {
            row(
                    "authz says " + status,
                    authz("{" + service("/status/" + status, "") + "}"),
                    get("/a", ""),
                    post("/a", "", "hello"));
        }
        row(
                "authz's headers for the client",
                authz(
                        "{"
                                + service(
                                        "/status/403",
                                        ", authorizationResponse: {allowedClientHeaders: {patterns: [{exact: 'x-from'}]}}")
                                + "}"),
                get("/a", ""));
        row(
                "authz's other headers for the client",
                authz(
                        "{"
                                + service(
                                        "/status/403",
                                        ", authorizationResponse: {allowedClientHeaders: {patterns: [{exact: 'x-none'}]}}")
                                + "}"),
                get("/a", ""));
        row(
                "authz's headers for the upstream",
                authz(
                        "{"
                                + service(
                                        "/check",
                                        ", authorizationResponse: {allowedUpstreamHeaders: {patterns: [{exact: 'x-from'}]}, allowedClientHeadersOnSuccess: {patterns: [{exact: 'x-from'}]}}")
                                + "}"),
                get("/a", "x-from: old\r\nx-from: older\r\n"));
        row(
                "authz's headers appended",
                authz(
                        "{"
                                + service(
                                        "/check",
                                        ", authorizationResponse: {allowedUpstreamHeadersToAppend: {patterns: [{exact: 'x-from'}]}}")
                                + "}"),
                get("/a", "x-from: old\r\n"),
                get("/a", ""));
        row("authz closes", authz("{" + service("/close", "") + "}"), get("/a", ""));
        row(
                "authz closes, and fails open",
                authz("{" + service("/close", "") + ", failureModeAllow: true}"),
                get("/a", ""));
        row(
                "authz fails open and says so",
                authz(
                        "{"
                                + service("/status/503", "")
                                + ", failureModeAllow: true, failureModeAllowHeaderAdd: true}"),
                get("/a", ""));
        row(
                "authz's error has a status",
                authz(
                        "{"
                                + service("/status/503", "")
                                + ", statusOnError: {code: 'ServiceUnavailable'}}"),
                get("/a", ""));
        row(
                "authz is too slow",
                authz("{" + service("/slow", "").replace("2s", "0.2s") + "}"),
                get("/a", ""));
        row(
                "authz refuses connections",
                authz(
                        "{"
                                + service("/a", "")
                                        .replace("cluster: 'authz'", "cluster: 'refused'")
                                + "}"),
                get("/a", ""));
        row(
                "authz gets the body",
                authz("{" + service("/check", "") + ", withRequestBody: {maxRequestBytes: 10}}"),
                post("/a", "", "hello"),
                get("/a", ""));
        row(
                "authz gets part of the body",
                authz(
                        "{"
                                + service("/check", "")
                                + ", withRequestBody: {maxRequestBytes: 3, allowPartialMessage: true}}"),
                post("/a", "", "hello"));
        row(
                "authz is switched off",
                authz("{" + service("/status/403", "") + ", filterEnabled: {defaultValue: {}}}"),
                get("/a", ""));
        row(
                "authz is switched off and denies",
                authz(
                        "{"
                                + service("/check", "")
                                + ", filterEnabled: {defaultValue: {}}, denyAtDisable: {defaultValue: true, runtimeKey: 'x'}}"),
                get("/a", ""));
        rows.add(
                new Row(
                        "authz is off for a route",
                        List.of(authz("{" + service("/status/403", "") + "}")),
                        Any.pack(ExtAuthzPerRoute.newBuilder().setDisabled(true).build()),
                        List.of(get("/own/a", ""), get("/a", ""))));
        rows.add(
                new Row(
                        "authz without the body for a route",
                        List.of(
                                authz(
                                        "{"
                                                + service("/check", "")
                                                + ", withRequestBody: {maxRequestBytes: 100}}")),
                        Any.pack(
                                json(
                                                ExtAuthzPerRoute.newBuilder(),
                                                "{checkSettings: {disableRequestBodyBuffering: true}}")
                                        .build()),
                        List.of(post("/own/a", "", "hello"), post("/a", "", "hello"))));
    }

    private void grpcAuthz() {
        String service = "grpcService: {envoyGrpc: {clusterName: 'grpc-authz'}, timeout: '2s'}";
        row(
                "grpc authz",
                authz("{" + service + "}"),
                ask("{status: {code: 0}, okResponse: {}}"),
                ask("{status: {code: 0}}"),
                ask("{status: {code: 7}}"),
                ask(
                        "{status: {code: 16}, deniedResponse: {status: {code: 'Unauthorized'}, body: 'go away', headers: [{header: {key: 'x-why', value: 'because'}}, {header: {key: 'content-type', value: 'text/html'}}]}}"),
                ask("{status: {code: 7}, deniedResponse: {body: 'no'}}"),
                ask(
                        "{okResponse: {headers: [{header: {key: 'x-a', value: 'new'}}, {header: {key: 'x-b', value: 'b'}}]}}"),
                ask(
                        "{okResponse: {headers: [{header: {key: 'x-a', value: 'new'}, append: true}, {header: {key: 'x-b', value: 'b'}, append: true}]}}"),
                ask(
                        "{okResponse: {headers: [{header: {key: 'x-a', value: 'new'}, append: false}]}}"),
                ask(
                        "{okResponse: {headers: [{header: {key: 'x-a', value: 'new'}, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD'}, {header: {key: 'x-b', value: 'b'}, appendAction: 'ADD_IF_ABSENT'}, {header: {key: 'x-c', value: 'c'}, appendAction: 'OVERWRITE_IF_EXISTS'}]}}"),
                ask(
                        "{okResponse: {headersToRemove: ['x-a', 'host', ':method'], responseHeadersToAdd: [{header: {key: 'x-from', value: 'authz'}}, {header: {key: 'x-new', value: '1'}, append: true}]}}"),
                ask(
                        "{okResponse: {queryParametersToSet: [{key: 'q', value: 'two'}, {key: 'r', value: '3'}], queryParametersToRemove: ['gone']}}"),
                get("/a", ""),
                post("/a", "x-ask: {}\r\n", "hello"));
        row(
                "grpc authz gets the body",
                authz("{" + service + ", withRequestBody: {maxRequestBytes: 10}}"),
                post("/a", "x-ask: {}\r\n", "hello"),
                get("/a", "x-ask: {}\r\n"));
        row(
                "grpc authz gets bytes",
                authz(
                        "{"
                                + service
                                + ", withRequestBody: {maxRequestBytes: 3, allowPartialMessage: true, packAsBytes: true}}"),
                post("/a", "x-ask: {}\r\n", "hello"));
        row(
                "grpc authz gets few headers",
                authz(
                        "{"
                                + service
                                + ", allowedHeaders: {patterns: [{exact: 'x-ask'}, {exact: 'x-a'}]}}"),
                ask("{}"));
        row(
                "grpc authz fails open",
                authz("{" + service + ", failureModeAllow: true, failureModeAllowHeaderAdd: true}"),
                get("/a", ""));
        row(
                "grpc authz leaves metadata",
                authz("{" + service + "}"),
                ask("{dynamicMetadata: {k: 'v', n: 1}}"));
        rows.add(
                new Row(
                        "grpc authz with extensions",
                        List.of(authz("{" + service + "}")),
                        Any.pack(
                                json(
                                                ExtAuthzPerRoute.newBuilder(),
                                                "{checkSettings: {contextExtensions: {host: 'one'}}}")
                                        .build()),
                        List.of(get("/own", "x-ask: {}\r\n"))));
    }

    private static String ask(String response) {
        return get("/a?q=1&gone=2", "x-a: old\r\nx-ask: " + response + "\r\n");
    }
}
