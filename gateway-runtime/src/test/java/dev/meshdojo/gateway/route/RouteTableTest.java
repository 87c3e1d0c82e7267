package dev.meshdojo.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.meshdojo.gateway.stream.FixedStreamInfo;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {

    static RouteTable table(String json) {
        RouteConfiguration.Builder proto = RouteConfiguration.newBuilder();
        try {
            JsonFormat.parser().merge(json.replace('\'', '"'), proto);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(json, e);
        }
        return RouteTable.compile(proto.build(), FilterConfigs.uncompiled());
    }

    /** A table of one catch-all virtual host with these routes. */
    static RouteTable routes(String routes) {
        return table(
                "{'name':'t','virtual_hosts':[{'name':'v','domains':['*'],'routes':["
                        + routes
                        + "]}]}");
    }

    /** A direct-response route, told apart by its name. */
    static String route(String name, String match) {
        return "{'name':'" + name + "','match':" + match + ",'direct_response':{'status':200}}";
    }

    static RequestHead get(String authority, String path, String... headers) {
        return new RequestHead("GET", "http", authority, path, HeaderMap.of(headers));
    }

    static String routed(RouteTable table, RequestHead request) {
        return switch (table.decide(request, new FixedStreamInfo(), 0)) {
            case RouteDecision.NoHost none -> "no host";
            case RouteDecision.NoRoute none -> "no route in " + none.virtualHost().name();
            case RouteDecision.Matched matched -> matched.route().name();
        };
    }

    @Nested
    class Hosts {

        private final RouteTable table =
                table(
                        """
                        {'name':'t','ignore_port_in_host_matching':true,'virtual_hosts':[
                        {'name':'exact','domains':['A.example.com']},
                        {'name':'suffix','domains':['*.example.com']},
                        {'name':'longer','domains':['*shop.example.com']},
                        {'name':'prefix','domains':['api.*']},
                        {'name':'six','domains':['[::1]']}
                        ]}\
                        """);

        @ParameterizedTest(name = "{0} -> {1}")
        @CsvSource({
            "a.example.com,exact",
            "A.Example.COM,exact",
            "a.example.com:8080,exact",
            "a.example.com:,exact",
            "a.example.com:http,exact",
            "b.example.com,suffix",
            "b.c.example.com,suffix",
            "myshop.example.com,longer",
            "shop.example.com,suffix",
            "api.org,prefix",
            "api.example.com,suffix",
            "[::1]:80,six",
            "[::1],six",
        })
        void areChosenByTheMostSpecificDomain(String host, String virtualHost) {
            assertThat(routed(table, get(host, "/"))).isEqualTo("no route in " + virtualHost);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    ".example.com",
                    "example.com",
                    "api.",
                    "example.com.",
                    "u@example.com",
                    ""
                })
        void withoutADomainHaveNoRoute(String host) {
            assertThat(routed(table, get(host, "/"))).isEqualTo("no host");
        }

        @Test
        void neverFallThroughToAWiderOne() {
            RouteTable two =
                    table(
                            "{'name':'t','virtual_hosts':[{'name':'a','domains':['a.com'],'routes':["
                                    + route("x", "{'path':'/x'}")
                                    + "]},{'name':'w','domains':['*'],'routes':["
                                    + route("any", "{'prefix':'/'}")
                                    + "]}]}");

            assertThat(routed(two, get("a.com", "/y"))).isEqualTo("no route in a");
        }
    }

    @Nested
    class Paths {

        @ParameterizedTest(name = "{0} on {1}: {2}")
        @CsvSource(
                delimiter = '|',
                value = {
                    "{'prefix':'/foo'}|/foobar|true",
                    "{'prefix':'/foo/'}|/foo|false",
                    "{'prefix':'/Foo','case_sensitive':false}|/fOO/x|true",
                    "{'prefix':'/Foo'}|/foo|false",
                    "{'path':'/foo'}|/foo?x=1|true",
                    "{'path':'/foo'}|/foo/|false",
                    "{'path':'/FOO','case_sensitive':false}|/foo|true",
                    "{'safe_regex':{'regex':'/a.*z'}}|/abcz?q|true",
                    "{'safe_regex':{'regex':'/a'}}|/ab|false",
                    "{'safe_regex':{'regex':'(?i)/A'}}|/a|true",
                    "{'path_separated_prefix':'/foo'}|/foobar|false",
                    "{'path_separated_prefix':'/foo'}|/foo|true",
                    "{'path_separated_prefix':'/foo'}|/foo/bar|true",
                    "{'path_separated_prefix':'/foo'}|/foo?x|true",
                    "{'connect_matcher':{}}|/foo|false",
                })
        void match(String match, String path, boolean hit) {
            assertThat(routed(routes(route("r", match)), get("h", path)))
                    .isEqualTo(hit ? "r" : "no route in v");
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource({
            "/a/x/b,true",
            "/a/x,false",
            "/a//b,false",
            "/a/x/y/b,false",
        })
        void matchTemplates(String path, boolean hit) {
            String match =
                    "{'path_match_policy':{'name':'t','typed_config':{'@type':'type.googleapis.com/"
                            + "envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig',"
                            + "'path_template':'/a/*/b'}}}";
            RouteConfiguration.Builder proto = RouteConfiguration.newBuilder();
            JsonFormat.TypeRegistry types =
                    JsonFormat.TypeRegistry.newBuilder()
                            .add(
                                    io.envoyproxy.envoy.extensions.path.match.uri_template.v3
                                            .UriTemplateMatchConfig.getDescriptor())
                            .build();
            try {
                JsonFormat.parser()
                        .usingTypeRegistry(types)
                        .merge(
                                ("{'name':'t','virtual_hosts':[{'name':'v','domains':['*'],'routes':["
                                                + route("r", match)
                                                + "]}]}")
                                        .replace('\'', '"'),
                                proto);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
            RouteTable table = RouteTable.compile(proto.build(), FilterConfigs.uncompiled());

            assertThat(routed(table, get("h", path))).isEqualTo(hit ? "r" : "no route in v");
        }

        @Test
        void areTriedInWrittenOrderAlsoWhenIndexed() {
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                many.append(route("p" + i, "{'prefix':'/p" + i + "'}")).append(',');
            }
            many.append(route("p1-late", "{'path':'/p1x'}"))
                    .append(',')
                    .append(route("regex", "{'safe_regex':{'regex':'/q[0-9]+'}}"))
                    .append(',')
                    .append(route("all", "{'prefix':'/'}"));
            RouteTable table = routes(many.toString());

            assertThat(routed(table, get("h", "/p1x"))).isEqualTo("p1");
            assertThat(routed(table, get("h", "/p39/y"))).isEqualTo("p3");
            assertThat(routed(table, get("h", "/q7"))).isEqualTo("regex");
            assertThat(routed(table, get("h", "/z"))).isEqualTo("all");
        }
    }

    @Nested
    class Headers {

        @ParameterizedTest(name = "{0} on {1}: {2}")
        @CsvSource(
                delimiter = '|',
                value = {
                    "{'name':'X-A','string_match':{'exact':'red'}}|x-a=red|true",
                    "{'name':'x-a','string_match':{'exact':'red'}}|x-a=blue,x-a=red|true",
                    "{'name':'x-a','string_match':{'exact':'red'}}|x-a=red;blue|false",
                    "{'name':'x-a','string_match':{'exact':'red'}}||false",
                    "{'name':'x-a','string_match':{'exact':''}}|x-a=|true",
                    "{'name':'x-a','string_match':{'prefix':'re'}}|x-a=red|true",
                    "{'name':'x-a','string_match':{'suffix':'ed'}}|x-a=red|true",
                    "{'name':'x-a','string_match':{'contains':'E','ignore_case':true}}|x-a=red|true",
                    "{'name':'x-a','string_match':{'safe_regex':{'regex':'r.'}}}|x-a=red|false",
                    "{'name':'x-a','string_match':{'safe_regex':{'regex':'r.d'}}}|x-a=red|true",
                    "{'name':'x-a','present_match':true}|x-a=|true",
                    "{'name':'x-a','present_match':true}||false",
                    "{'name':'x-a','present_match':false}||true",
                    "{'name':'x-a','present_match':true,'invert_match':true}||true",
                    "{'name':'x-a','present_match':true,'invert_match':true,"
                            + "'treat_missing_header_as_empty':true}||true",
                    "{'name':'x-a','present_match':true,'invert_match':true}|x-a=|false",
                    "{'name':'x-a','string_match':{'exact':'red'},'invert_match':true}||false",
                    "{'name':'x-a','string_match':{'exact':'red'},'invert_match':true,"
                            + "'treat_missing_header_as_empty':true}||true",
                    "{'name':'x-a','string_match':{'safe_regex':{'regex':'.*'}},'invert_match':true,"
                            + "'treat_missing_header_as_empty':true}||false",
                    "{'name':'x-a','range_match':{'start':1,'end':5}}|x-a=4|true",
                    "{'name':'x-a','range_match':{'start':1,'end':5}}|x-a=5|false",
                    "{'name':'x-a','range_match':{'start':1,'end':5}}|x-a=four|false",
                    "{'name':':method','string_match':{'exact':'GET'}}||true",
                    "{'name':':authority','string_match':{'exact':'h:80'}}||true",
                    "{'name':':path','string_match':{'exact':'/p?q=1'}}||true",
                    "{'name':'x-a'}|x-a=|true",
                })
        void match(String header, String lines, boolean hit) {
            HeaderMap headers = new HeaderMap();
            for (String line : lines == null ? new String[0] : lines.split(",")) {
                int equals = line.indexOf('=');
                headers.add(line.substring(0, equals), line.substring(equals + 1));
            }
            RouteTable table = routes(route("r", "{'prefix':'/','headers':[" + header + "]}"));

            assertThat(routed(table, new RequestHead("GET", "http", "h:80", "/p?q=1", headers)))
                    .isEqualTo(hit ? "r" : "no route in v");
        }
    }

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':'x','string_match':{'exact':'1'}}|/?x=1|true",
                "{'name':'x','string_match':{'exact':'1'}}|/?x=1&x=2|true",
                "{'name':'x','string_match':{'exact':'2'}}|/?x=1&x=2|false",
                "{'name':'x','string_match':{'exact':'a b'}}|/?x=a%20b|false",
                "{'name':'x','string_match':{'exact':'a%20b'}}|/?x=a%20b|true",
                "{'name':'x','present_match':true}|/?x|true",
                "{'name':'x','present_match':true}|/?y;x|false",
                "{'name':'x','string_match':{'exact':''}}|/?x|true",
                "{'name':'x','string_match':{'exact':'1'}}|/|false",
                "{'name':'X','present_match':true}|/?x=1|false",
            })
    void matchesTheFirstRawQueryParameter(String parameter, String path, boolean hit) {
        RouteTable table =
                routes(route("r", "{'prefix':'/','query_parameters':[" + parameter + "]}"));

        assertThat(routed(table, get("h", path))).isEqualTo(hit ? "r" : "no route in v");
    }

    @Test
    void matchesDynamicMetadata() {
        RouteTable table =
                routes(
                        route(
                                "r",
                                "{'prefix':'/','dynamic_metadata':[{'filter':'f','path':[{'key':'a'}],"
                                        + "'value':{'list_match':{'one_of':{'string_match':{'exact':'x'}}}}}]}"));
        FixedStreamInfo with = new FixedStreamInfo();
        with.dynamicMetadata().put("f", "a", java.util.List.of("w", "x"));

        assertThat(table.decide(get("h", "/"), with, 0)).isInstanceOf(RouteDecision.Matched.class);
        assertThat(table.decide(get("h", "/"), new FixedStreamInfo(), 0))
                .isInstanceOf(RouteDecision.NoRoute.class);
    }

    @Test
    void explainsWhyEarlierRoutesDidNotMatch() {
        RouteTable table =
                routes(
                        route("api", "{'prefix':'/api'}")
                                + ","
                                + route(
                                        "beta",
                                        "{'prefix':'/','headers':[{'name':'x-beta','string_match':{'exact':'1'}}]}")
                                + ","
                                + route("all", "{'prefix':'/'}"));

        RouteTrace trace = table.explain(get("h", "/web", "x-beta", "2"), new FixedStreamInfo(), 0);

        assertThat(trace.steps())
                .extracting(step -> step.route().name())
                .containsExactly("api", "beta", "all");
        assertThat(trace.steps().get(0).failure())
                .isEqualTo(new RouteTrace.Failure("path prefix \"/api\"", "\"/web\""));
        assertThat(trace.steps().get(1).failure())
                .isEqualTo(new RouteTrace.Failure("header x-beta exactly \"1\"", "\"2\""));
        assertThat(trace.steps().get(2).failure()).isNull();
        assertThat(trace.decision())
                .isEqualTo(table.decide(get("h", "/web", "x-beta", "2"), new FixedStreamInfo(), 0));
    }

    @Test
    void redirectsPlainTextWhenTheHostRequiresTls() {
        RouteTable table =
                table(
                        "{'name':'t','virtual_hosts':[{'name':'v','domains':['*'],'require_tls':'ALL'}]}");
        RequestHead request = get("h:80", "/x?y", "x-forwarded-proto", "http");

        RouteDecision decision = table.decide(request, new FixedStreamInfo(), 0);

        assertThat(decision).isInstanceOf(RouteDecision.Matched.class);
        RouteAction action = ((RouteDecision.Matched) decision).action();
        assertThat(action).isInstanceOf(RouteAction.Redirect.class);
        assertThat(((RouteAction.Redirect) action).location(request)).isEqualTo("https://h:80/x?y");
        assertThat(routed(table, get("h", "/", "x-forwarded-proto", "https")))
                .isEqualTo("no route in v");
    }

    record Refusal(String route, String message) {}

    static java.util.List<Refusal> refusals() {
        return java.util.List.of(
                new Refusal(
                        "{'match':{'safe_regex':{'regex':'*'}},'route':{'cluster':'c'}}",
                        "no argument for repetition operator: *"),
                new Refusal(
                        "{'match':{'safe_regex':{'regex':'a('}},'route':{'cluster':'c'}}",
                        "missing ): a("),
                new Refusal(
                        "{'match':{'prefix':'/'},'route':{'weighted_clusters':{'clusters':["
                                + "{'name':'c','weight':0}]}}}",
                        "Sum of weights in the weighted_cluster must be greater than 0."),
                new Refusal(
                        "{'match':{'prefix':'/'},'route':{'weighted_clusters':{'clusters':["
                                + "{'weight':1}]}}}",
                        "At least one of name or cluster_header need to be specified"),
                new Refusal(
                        "{'match':{'prefix':'/'},'route':{'cluster':'c'},"
                                + "'request_headers_to_remove':['Host']}",
                        ":-prefixed or host headers may not be removed"),
                new Refusal(
                        "{'match':{'prefix':'/'},'route':{'cluster':'c','upgrade_configs':["
                                + "{'upgrade_type':'websocket'},{'upgrade_type':'WebSocket'}]}}",
                        "Duplicate upgrade WebSocket"),
                new Refusal(
                        "{'match':{'prefix':'/'},'route':{}}",
                        "Proto constraint validation failed (RouteConfigurationValidationError."
                                + "VirtualHosts[0]: embedded message failed validation | caused by"
                                + " VirtualHostValidationError.Routes[0]: embedded message failed"
                                + " validation | caused by RouteValidationError.Route: embedded"
                                + " message failed validation | caused by field:"
                                + " \"cluster_specifier\", reason: is required)"),
                new Refusal(
                        "{'match':{'prefix':'/'},'direct_response':{'status':100}}",
                        "Proto constraint validation failed (RouteConfigurationValidationError."
                                + "VirtualHosts[0]: embedded message failed validation | caused by"
                                + " VirtualHostValidationError.Routes[0]: embedded message failed"
                                + " validation | caused by RouteValidationError.DirectResponse:"
                                + " embedded message failed validation | caused by"
                                + " DirectResponseActionValidationError.Status: value must be inside"
                                + " range [200, 600))"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesInvalidRoutesInTheWordsOfEnvoy(Refusal refusal) {
        assertThatThrownBy(() -> routes(refusal.route()))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(refusal.message());
    }

    @Test
    void refusesTheWholeTableForOneRepeatedDomain() {
        assertThatThrownBy(
                        () ->
                                table(
                                        "{'name':'rc','virtual_hosts':[{'name':'v','domains':['a']},"
                                                + "{'name':'w','domains':['A']}]}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(
                        "Only unique values for domains are permitted. Duplicate entry of domain a in"
                                + " route rc");
    }
}
