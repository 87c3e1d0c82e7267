package dev.meshdojo.gateway.peer;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import java.util.ArrayList;
import java.util.List;

/** What routes ask of filters, and the requests that show it. */
@SuppressWarnings("StringConcatToTextBlock") // bytes of the wire
final class FilterRows {

    /**
     * One configuration and its requests.
     *
     * @param filter the filter's name
     * @param config for the row's route
     * @param requests byte for byte, in order; PATH stands for the row's own path
     */
    record Row(String name, String filter, Any config, List<String> requests) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String GET = "GET PATH HTTP/1.1\r\nhost: a.example.com\r\n\r\n";
    private static final String POST =
            "POST PATH HTTP/1.1\r\nhost: a.example.com\r\ncontent-length: 5\r\n\r\nhello";
    private static final String CHUNKED =
            "POST PATH HTTP/1.1\r\nhost: a.example.com\r\ntransfer-encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";

    private final List<Row> rows = new ArrayList<>();

    private FilterRows() {}

    static List<Row> all() {
        FilterRows all = new FilterRows();
        all.lua();
        all.rateLimits();
        all.access();
        all.mutations();
        all.faults();
        all.cors();
        all.buffer();
        return all.rows;
    }

    private static String get(String headers) {
        return "GET PATH HTTP/1.1\r\nhost: a.example.com\r\n" + headers + "\r\n";
    }

    private void row(String name, String filter, Message config, String... requests) {
        rows.add(
                new Row(
                        name,
                        "envoy.filters.http." + filter,
                        Any.pack(config),
                        requests.length == 0 ? List.of(GET) : List.of(requests)));
    }

    private static <B extends Message.Builder> B json(B builder, String text) {
        try {
            JsonFormat.parser().merge(text, builder);
            return builder;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private void script(String name, String source, String... requests) {
        LuaPerRoute.Builder route = LuaPerRoute.newBuilder();
        route.getSourceCodeBuilder().setInlineString(source);
        row("lua: " + name, "lua", route.build(), requests);
    }

    private void request(String name, String body, String... requests) {
        script(name, "function envoy_on_request(h)\n" + body + "\nend", requests);
    }

    private void response(String name, String body, String... requests) {
        script(name, "function envoy_on_response(h)\n" + body + "\nend", requests);
    }

    private void lua() {
        request(
                "adds and replaces",
                "h:headers():add('x-a', '1') h:headers():add('x-a', '2') h:headers():replace('x-b', 'B') h:headers():remove('x-gone')",
                get("x-gone: 1\r\nx-b: old\r\nx-b: older\r\n"));
        request(
                "get joins lines, index and count",
                "local s = h:headers() s:add('x-all', s:get('x-m') .. '|' .. tostring(s:getNumValues('x-m')) .. '|' .. tostring(s:getAtIndex('x-m', 1)) .. '|' .. tostring(s:getAtIndex('x-m', 5)) .. '|' .. tostring(s:get('none')))",
                get("x-m: 1\r\nX-M: 2\r\n"));
        request(
                "walks over headers",
                "local n = {} for k, v in pairs(h:headers()) do if k:sub(1,2) ~= 'x-' then n[#n+1] = k .. '=' .. v end end h:headers():add('x-walk', table.concat(n, ','))",
                get("accept: text/plain\r\n"));
        request(
                "rewrites path, method and authority",
                "h:headers():replace(':path', '/other?q=1') h:headers():replace(':method', 'PUT') h:headers():replace(':authority', 'b.example.com')");
        request(
                "answers",
                "h:respond({[':status'] = '403', ['x-made'] = 'yes', ['x-two'] = {'a', 'b'}}, 'no')");
        request(
                "answers with a type of its own",
                "h:respond({[':status'] = '200', ['content-type'] = 'application/json'}, '{}')");
        request("answers without a body", "h:respond({[':status'] = '204'})");
        request("answers with a bad status", "h:respond({[':status'] = '99'}, 'x')");
        request("answers without a status", "h:respond({['x'] = 'y'}, 'x')");
        request(
                "reads the body",
                "local b = h:body() h:headers():add('x-size', tostring(b:length())) h:headers():add('x-part', b:getBytes(1, 3))",
                POST,
                CHUNKED);
        request("has no body", "h:headers():add('x-body', tostring(h:body()))");
        request(
                "headers taken before the body",
                "local s = h:headers() s:add('x-size', tostring(h:body():length()))",
                POST);
        request(
                "headers asked for before the body",
                "h:headers():add('x-size', tostring(h:body():length()))",
                POST);
        request("replaces the body", "h:body():setBytes('a longer body')", POST, CHUNKED);
        request(
                "answers after the body",
                "local b = h:body() h:respond({[':status'] = '418'}, b:getBytes(0, b:length()))",
                POST);
        request(
                "counts chunks",
                "local n = 0 for c in h:bodyChunks() do n = n + c:length() end h:logInfo('total ' .. n)",
                POST,
                CHUNKED,
                GET);
        request("too far into the body", "h:headers():add('x-p', h:body():getBytes(3, 9))", POST);
        request("fails", "local x = nil; h:headers():add('x-before', '1') x.y = 1");
        request("raises an error", "error('stop')");
        request("base64", "h:headers():add('x-b64', h:base64Escape('foobar?>'))");
        request(
                "stream facts",
                "local s = h:streamInfo() h:headers():add('x-proto', s:protocol()) h:headers():add('x-sni', '[' .. s:requestedServerName() .. ']') h:headers():add('x-tls', tostring(s:downstreamSslConnection())) h:headers():add('x-ssl', tostring(h:connection():ssl()))");
        request(
                "dynamic metadata",
                "h:streamInfo():dynamicMetadata():set('my.ns', 'k', 'v') h:streamInfo():dynamicMetadata():set('my.ns', 't', {a = 'b'}) local m = h:streamInfo():dynamicMetadata():get('my.ns') h:headers():add('x-meta', m['k'] .. m['t']['a'])");
        request(
                "route metadata is empty",
                "local n = 0 for k, v in pairs(h:metadata()) do n = n + 1 end h:headers():add('x-n', tostring(n) .. tostring(h:metadata():get('k')))");
        request(
                "calls another cluster",
                "local hs, b = h:httpCall('one', {[':method'] = 'POST', [':path'] = '/status/201', [':authority'] = 'side', ['x-s'] = '1'}, 'ask', 2000) h:headers():add('x-side', hs[':status'] .. ' ' .. b)");
        request(
                "calls a cluster that refuses",
                "local hs, b = h:httpCall('refused', {[':method'] = 'GET', [':path'] = '/', [':authority'] = 'side'}, nil, 2000) h:headers():add('x-side', hs[':status'])");
        request(
                "calls an unknown cluster",
                "h:httpCall('absent', {[':method'] = 'GET', [':path'] = '/', [':authority'] = 'side'}, nil, 2000) h:headers():add('x-never', '1')");
        request(
                "patterns and numbers",
                "local p = h:headers():get(':path') h:headers():add('x-pat', (p:gsub('%d+', 'N'))) h:headers():add('x-num', tostring(7) .. '|' .. string.format('%05.2f', 3.14159) .. '|' .. tostring(2 ^ 0.5):sub(1, 6) .. '|' .. tostring(#p) .. '|' .. tostring(math.floor(3.7)))");
        response(
                "adds and replaces",
                "h:headers():add('x-a', '1') h:headers():replace('x-from', 'lua') h:headers():remove('content-type')");
        response("changes the status", "h:headers():replace(':status', '299')");
        response(
                "reads the body",
                "h:headers():add('x-size', tostring(h:body():length()))",
                GET,
                GET.replace("PATH", "PATHchunked"));
        response(
                "reads the body first",
                "local n = h:body():length() h:headers():add('x-size', tostring(n))",
                GET,
                GET.replace("PATH", "PATHchunked"));
        response(
                "replaces the body",
                "local n = h:body():setBytes('something else') h:headers():replace('x-n', tostring(n))",
                GET,
                GET.replace("PATH", "PATHchunked"));
        response(
                "has no body",
                "h:headers():add('x-body', tostring(h:body()))",
                GET.replace("PATH", "PATHstatus/204"),
                "HEAD PATH HTTP/1.1\r\nhost: a.example.com\r\n\r\n");
        response("answers, which it may not", "h:respond({[':status'] = '403'}, 'x')");
        response("fails", "local x = nil h:headers():add('x-before', '1') x.y = 1");
        script(
                "both sides share globals of one run",
                "function envoy_on_request(h) h:streamInfo():dynamicMetadata():set('n', 'p', h:headers():get(':path')) end function envoy_on_response(h) h:headers():add('x-path', h:streamInfo():dynamicMetadata():get('n')['p']) end");
        script("has no functions", "local x = 1");
        row("lua: disabled", "lua", LuaPerRoute.newBuilder().setDisabled(true).build());
    }

    private void limit(String name, String text, String... requests) {
        row(
                "rate limit: " + name,
                "local_ratelimit",
                json(LocalRateLimit.newBuilder(), "{statPrefix: 'r', " + text + "}").build(),
                requests);
    }

    private static final String ON =
            "filterEnabled: {defaultValue: {numerator: 100}}, filterEnforced: {defaultValue: {numerator: 100}}";
    private static final String TWO =
            "tokenBucket: {maxTokens: 2, tokensPerFill: 1, fillInterval: '100s'}";

    private void rateLimits() {
        limit("two requests", ON + "," + TWO, GET, GET, GET);
        limit("not enabled", TWO, GET, GET, GET);
        limit(
                "not enforced",
                "filterEnabled: {defaultValue: {numerator: 100}}, requestHeadersToAddWhenNotEnforced: [{header: {key: 'x-limited', value: '1'}}], "
                        + TWO,
                GET,
                GET,
                GET);
        limit(
                "status and headers",
                ON
                        + ", status: {code: 503}, responseHeadersToAdd: [{header: {key: 'x-limited', value: '%REQ(:path)%'}}], "
                        + TWO,
                GET,
                GET,
                GET);
        limit("status that is no error", ON + ", status: {code: 200}, " + TWO, GET, GET, GET);
        limit(
                "limit headers",
                ON + ", enableXRatelimitHeaders: 'DRAFT_VERSION_03', " + TWO,
                GET,
                GET,
                GET);
        String descriptors =
                ON
                        + ", rateLimits: [{actions: [{requestHeaders: {headerName: 'x-user', descriptorKey: 'user'}}]}], descriptors: [{entries: [{key: 'user', value: 'eve'}], tokenBucket: {maxTokens: 1, tokensPerFill: 1, fillInterval: '100s'}}]";
        String eve = get("x-user: eve\r\n");
        limit(
                "descriptor",
                descriptors
                        + ", tokenBucket: {maxTokens: 10, tokensPerFill: 1, fillInterval: '100s'}",
                eve,
                eve,
                get("x-user: bob\r\n"),
                GET);
        limit(
                "descriptor and limit headers",
                descriptors
                        + ", enableXRatelimitHeaders: 'DRAFT_VERSION_03', tokenBucket: {maxTokens: 10, tokensPerFill: 1, fillInterval: '100s'}",
                eve,
                eve,
                GET);
        limit("default bucket drawn from as well", descriptors + "," + TWO, eve, GET, GET);
        limit(
                "default bucket spared",
                descriptors + ", alwaysConsumeDefaultTokenBucket: false," + TWO,
                eve,
                GET,
                GET,
                GET);
        limit(
                "several actions",
                ON
                        + ", rateLimits: [{actions: [{genericKey: {descriptorValue: 'all'}}, {headerValueMatch: {descriptorValue: 'm', headers: [{name: 'x-m', presentMatch: true}]}}]}], descriptors: [{entries: [{key: 'generic_key', value: 'all'}, {key: 'header_match', value: 'm'}], tokenBucket: {maxTokens: 1, tokensPerFill: 1, fillInterval: '100s'}}], tokenBucket: {maxTokens: 10, tokensPerFill: 1, fillInterval: '100s'}",
                get("x-m: 1\r\n"),
                get("x-m: 1\r\n"),
                GET);
        limit(
                "query parameter",
                ON
                        + ", rateLimits: [{actions: [{queryParameters: {queryParameterName: 'q', descriptorKey: 'q'}}]}], descriptors: [{entries: [{key: 'q', value: '1'}], tokenBucket: {maxTokens: 1, tokensPerFill: 1, fillInterval: '100s'}}], tokenBucket: {maxTokens: 10, tokensPerFill: 1, fillInterval: '100s'}",
                GET.replace("PATH", "PATH?q=1"),
                GET.replace("PATH", "PATH?q=1"),
                GET.replace("PATH", "PATH?q=2"));
        limit(
                "grpc",
                ON + ", rateLimitedAsResourceExhausted: true, " + TWO,
                get("content-type: application/grpc\r\n"),
                GET,
                get("content-type: application/grpc\r\n"));
    }

    private void rbac(String name, String rules, String... requests) {
        row(
                "rbac: " + name,
                "rbac",
                json(RBACPerRoute.newBuilder(), "{rbac: {rules: " + rules + "}}").build(),
                requests);
    }

    private void policy(String name, String permission, String principal, String... requests) {
        rbac(
                name,
                "{action: 'ALLOW', policies: {p: {permissions: ["
                        + permission
                        + "], principals: ["
                        + principal
                        + "]}}}",
                requests);
    }

    private void access() {
        String any = "{any: true}";
        rbac("no policies allow nothing", "{action: 'ALLOW'}");
        rbac("no policies deny nothing", "{action: 'DENY'}");
        rbac(
                "deny names the policy",
                "{action: 'DENY', policies: {'ns[x]-policy[y]': {permissions: [{any: true}], principals: [{any: true}]}}}");
        rbac(
                "log only logs",
                "{action: 'LOG', policies: {p: {permissions: [{any: true}], principals: [{any: true}]}}}");
        policy(
                "method",
                "{header: {name: ':method', stringMatch: {exact: 'GET'}}}",
                any,
                GET,
                POST);
        policy(
                "path",
                "{urlPath: {path: {suffix: '/x'}}}",
                any,
                GET.replace("PATH", "PATHx?q"),
                GET);
        policy("port", "{destinationPort: 1}", any);
        policy("port range", "{destinationPortRange: {start: 1, end: 65535}}", any);
        policy(
                "not",
                "{notRule: {header: {name: 'x-a', presentMatch: true}}}",
                any,
                GET,
                get("x-a: 1\r\n"));
        policy(
                "and, or",
                "{andRules: {rules: [{header: {name: 'x-a', presentMatch: true}}, {orRules: {rules: [{header: {name: 'x-b', stringMatch: {prefix: '1'}}}, {header: {name: 'x-b', stringMatch: {suffix: '2'}}}]}}]}}",
                any,
                get("x-a: 1\r\nx-b: 12\r\n"),
                get("x-a: 1\r\nx-b: 3\r\n"),
                get("x-b: 1\r\n"));
        policy("server name", "{requestedServerName: {exact: ''}}", any);
        policy(
                "destination address",
                "{destinationIp: {addressPrefix: '127.0.0.0', prefixLen: 8}}",
                any);
        policy(
                "metadata",
                "{metadata: {filter: 'f', path: [{key: 'k'}], value: {stringMatch: {exact: 'v'}}}}",
                any);
        policy(
                "direct address",
                any,
                "{directRemoteIp: {addressPrefix: '127.0.0.1', prefixLen: 32}}");
        policy(
                "remote address",
                any,
                "{remoteIp: {addressPrefix: '10.0.0.0', prefixLen: 8}}",
                GET,
                get("x-forwarded-for: 10.1.2.3\r\n"));
        policy("source address", any, "{sourceIp: {addressPrefix: '127.0.0.1', prefixLen: 32}}");
        policy(
                "principal header",
                any,
                "{header: {name: 'x-user', stringMatch: {safeRegex: {regex: 'a.c'}}}}",
                get("x-user: abc\r\n"),
                get("x-user: abcd\r\n"));
        policy(
                "principal path",
                any,
                "{urlPath: {path: {contains: '/secret'}}}",
                GET.replace("PATH", "PATHsecret"),
                GET);
        policy(
                "principals combined",
                any,
                "{andIds: {ids: [{notId: {header: {name: 'x-a', presentMatch: true}}}, {orIds: {ids: [{any: true}]}}]}}",
                GET,
                get("x-a: 1\r\n"));
        policy("authenticated", any, "{authenticated: {}}");
        policy(
                "authenticated by name",
                any,
                "{authenticated: {principalName: {exact: 'spiffe://x'}}}");
        rbac(
                "shadow rules change nothing",
                "{action: 'ALLOW', policies: {p: {permissions: [{any: true}], principals: [{any: true}]}}}, shadowRules: {action: 'DENY', policies: {s: {permissions: [{any: true}], principals: [{any: true}]}}}");
        row("rbac: switched off", "rbac", RBACPerRoute.getDefaultInstance());
    }

    private void mutation(String name, String text, String... requests) {
        row(
                "mutation: " + name,
                "header_mutation",
                json(HeaderMutationPerRoute.newBuilder(), "{mutations: {" + text + "}}").build(),
                requests);
    }

    private void mutations() {
        mutation(
                "in order",
                "requestMutations: [{append: {header: {key: 'x-a', value: '1'}}}, {remove: 'x-a'}, {append: {header: {key: 'x-a', value: '2'}}}]",
                get("x-a: 0\r\n"));
        mutation(
                "actions",
                "requestMutations: [{append: {header: {key: 'x-a', value: 'n'}, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD'}}, {append: {header: {key: 'x-b', value: 'n'}, appendAction: 'ADD_IF_ABSENT'}}, {append: {header: {key: 'x-c', value: 'n'}, appendAction: 'OVERWRITE_IF_EXISTS'}}]",
                get("x-a: 0\r\nx-a: 1\r\nx-b: 0\r\n"),
                GET);
        mutation(
                "response",
                "responseMutations: [{remove: 'x-from'}, {append: {header: {key: 'x-code', value: '%RESPONSE_CODE% %REQ(:path)%'}}}]");
        mutation(
                "empty value",
                "requestMutations: [{append: {header: {key: 'x-e', value: '%REQ(none)%'}}}, {append: {header: {key: 'x-k', value: '%REQ(none)%'}, keepEmptyValue: true}}]");
    }

    private void faults() {
        row(
                "fault: abort",
                "fault",
                json(
                                HTTPFault.newBuilder(),
                                "{abort: {httpStatus: 418, percentage: {numerator: 100}}}")
                        .build());
        row(
                "fault: abort for some",
                "fault",
                json(
                                HTTPFault.newBuilder(),
                                "{abort: {httpStatus: 503, percentage: {numerator: 100}}, headers: [{name: 'x-f', stringMatch: {exact: '1'}}]}")
                        .build(),
                GET,
                get("x-f: 1\r\n"));
        row(
                "fault: grpc abort",
                "fault",
                json(
                                HTTPFault.newBuilder(),
                                "{abort: {grpcStatus: 5, percentage: {numerator: 100}}}")
                        .build(),
                GET,
                get("content-type: application/grpc\r\n"));
        row(
                "fault: delay",
                "fault",
                json(
                                HTTPFault.newBuilder(),
                                "{delay: {fixedDelay: '0.1s', percentage: {numerator: 100}}}")
                        .build());
        row(
                "fault: delay and abort",
                "fault",
                json(
                                HTTPFault.newBuilder(),
                                "{delay: {fixedDelay: '0.1s', percentage: {numerator: 100}}, abort: {httpStatus: 500, percentage: {numerator: 100}}}")
                        .build());
        row(
                "fault: abort by header",
                "fault",
                json(
                                HTTPFault.newBuilder(),
                                "{abort: {headerAbort: {}, percentage: {numerator: 100}}}")
                        .build(),
                GET,
                get("x-envoy-fault-abort-request: 429\r\n"),
                get("x-envoy-fault-abort-request: x\r\n"));
        row(
                "fault: delay by header",
                "fault",
                json(
                                HTTPFault.newBuilder(),
                                "{delay: {headerDelay: {}, percentage: {numerator: 100}}}")
                        .build(),
                GET,
                get("x-envoy-fault-delay-request: 50\r\n"));
        row(
                "fault: never",
                "fault",
                json(
                                HTTPFault.newBuilder(),
                                "{abort: {httpStatus: 418, percentage: {numerator: 0}}}")
                        .build());
        row(
                "fault: another cluster",
                "fault",
                json(
                                HTTPFault.newBuilder(),
                                "{abort: {httpStatus: 418, percentage: {numerator: 100}}, upstreamCluster: 'other'}")
                        .build());
    }

    private void policy(String name, String text) {
        String preflight =
                "OPTIONS PATH HTTP/1.1\r\nhost: a.example.com\r\norigin: ORIGIN\r\naccess-control-request-method: PUT\r\naccess-control-request-headers: x-a\r\n\r\n";
        row(
                "cors: " + name,
                "cors",
                json(CorsPolicy.newBuilder(), text).build(),
                preflight.replace("ORIGIN", "https://ok.example"),
                preflight.replace("ORIGIN", "https://no.example"),
                get("origin: https://ok.example\r\n"),
                get("origin: https://no.example\r\n"),
                GET,
                "OPTIONS PATH HTTP/1.1\r\nhost: a.example.com\r\norigin: https://ok.example\r\n\r\n");
    }

    private void cors() {
        policy(
                "exact",
                "{allowOriginStringMatch: [{exact: 'https://ok.example'}], allowMethods: 'GET,PUT', allowHeaders: 'x-a', exposeHeaders: 'x-b', maxAge: '100', allowCredentials: true}");
        policy(
                "regex, nothing more",
                "{allowOriginStringMatch: [{safeRegex: {regex: 'https://o.*'}}]}");
        policy(
                "any",
                "{allowOriginStringMatch: [{exact: '*'}], allowMethods: '*', allowHeaders: '*'}");
        policy(
                "not forwarded",
                "{allowOriginStringMatch: [{exact: 'https://ok.example'}], forwardNotMatchingPreflights: false}");
        policy(
                "switched off",
                "{allowOriginStringMatch: [{exact: 'https://ok.example'}], filterEnabled: {defaultValue: {numerator: 0}}}");
        policy(
                "private network",
                "{allowOriginStringMatch: [{exact: 'https://ok.example'}], allowPrivateNetworkAccess: true}");
    }

    private void buffer() {
        BufferPerRoute small =
                json(BufferPerRoute.newBuilder(), "{buffer: {maxRequestBytes: 6}}").build();
        row("buffer: fits", "buffer", small, POST, GET);
        row(
                "buffer: chunked becomes sized",
                "buffer",
                json(BufferPerRoute.newBuilder(), "{buffer: {maxRequestBytes: 60}}").build(),
                CHUNKED);
        row("buffer: too large", "buffer", small, CHUNKED);
        row(
                "buffer: off",
                "buffer",
                BufferPerRoute.newBuilder().setDisabled(true).build(),
                CHUNKED);
    }
}
