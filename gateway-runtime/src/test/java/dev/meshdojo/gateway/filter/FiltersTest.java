package dev.meshdojo.gateway.filter;

import static dev.meshdojo.gateway.filter.FilterFixture.request;
import static dev.meshdojo.gateway.filter.FilterFixture.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshdojo.gateway.stream.FixedStreamInfo;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.ResponseHead;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {

    private static final String PASS = "Continue[]";

    @Nested
    class Fault {

        private static final String FILTER =
                "envoy.filters.http.fault={'@type':'type.googleapis.com/envoy.extensions.filters.http"
                        + ".fault.v3.HTTPFault'}";

        private static FilterFixture with(String fault) {
            return new FilterFixture(
                    FILTER,
                    "'envoy.filters.http.fault':"
                            + type("envoy.extensions.filters.http.fault.v3.HTTPFault", fault));
        }

        @Test
        void abortsWithTheStatusOfTheRoute() {
            LocalReply reply =
                    with("'abort':{'http_status':418,'percentage':{'numerator':100}}")
                            .reply(request("GET", "/"));

            assertThat(reply.status()).isEqualTo(418);
            assertThat(reply.body()).isEqualTo("fault filter abort");
            assertThat(reply.details()).isEqualTo("fault_filter_abort");
            assertThat(reply.flags()).containsExactly(ResponseFlag.FAULT_INJECTED);
        }

        @Test
        void neverFiresAtZeroPercent() {
            FilterFixture fixture =
                    with("'abort':{'http_status':418,'percentage':{'numerator':0}}");

            assertThat(fixture.begin(request("GET", "/")).proceed()).hasToString(PASS);
        }

        @Test
        void delaysFirstAndThenAborts() {
            FilterFixture fixture =
                    with(
                            "'delay':{'fixed_delay':'0.3s','percentage':{'numerator':100}},"
                                    + "'abort':{'grpc_status':14,'percentage':{'numerator':100}}");

            FilterResult result = fixture.begin(request("GET", "/")).proceed();

            assertThat(result).isInstanceOf(FilterResult.Delay.class);
            FilterResult.Delay delay = (FilterResult.Delay) result;
            assertThat(delay.delay()).isEqualTo(Duration.ofMillis(300));
            assertThat(delay.then()).isInstanceOf(FilterResult.Reply.class);
            LocalReply reply = ((FilterResult.Reply) delay.then()).reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.grpcStatus()).isEqualTo(14);
            assertThat(fixture.info.flags).containsExactly(ResponseFlag.DELAY_INJECTED);
        }

        @Test
        void firesForItsShareOfManyRequests() {
            FilterFixture fixture =
                    with(
                            "'abort':{'http_status':503,'percentage':{'numerator':500000,"
                                    + "'denominator':'MILLION'}}");
            int aborted = 0;
            for (int i = 0; i < 2000; i++) {
                aborted +=
                        fixture.begin(request("GET", "/")).proceed() instanceof FilterResult.Reply
                                ? 1
                                : 0;
            }

            assertThat(aborted).isBetween(900, 1100);
        }
    }

    @Nested
    class Cors {

        private static FilterFixture with(String policy) {
            return new FilterFixture(
                    "envoy.filters.http.cors="
                            + type("envoy.extensions.filters.http.cors.v3.Cors", ""),
                    "'envoy.filters.http.cors':"
                            + type("envoy.extensions.filters.http.cors.v3.CorsPolicy", policy));
        }

        private static final String POLICY =
                "'allow_origin_string_match':[{'exact':'http://good'}],'allow_methods':'GET,PUT',"
                        + "'allow_headers':'*','expose_headers':'x-e','max_age':'60',"
                        + "'allow_credentials':true";

        private static RequestHead preflight(String origin) {
            return request(
                    "OPTIONS",
                    "/",
                    "origin",
                    origin,
                    "access-control-request-method",
                    "DELETE",
                    "access-control-request-headers",
                    "x-a,x-b");
        }

        @Test
        void answersThePreflightOfAnAllowedOrigin() {
            LocalReply reply = with(POLICY).reply(preflight("http://good"));

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.details()).isEqualTo("cors_response");
            assertThat(reply.headers().toString().lines())
                    .containsExactlyInAnyOrder(
                            "access-control-allow-origin: http://good",
                            "access-control-allow-credentials: true",
                            "access-control-allow-methods: GET,PUT",
                            "access-control-allow-headers: x-a,x-b",
                            "access-control-expose-headers: x-e",
                            "access-control-max-age: 60");
        }

        @Test
        void forwardsThePreflightOfAnotherOrigin() {
            assertThat(with(POLICY).begin(preflight("http://bad")).proceed()).hasToString(PASS);
        }

        @Test
        void answersItWithoutAllowOriginWhenUnmatchedPreflightsAreIgnored() {
            LocalReply reply =
                    with(POLICY + ",'forward_not_matching_preflights':false")
                            .reply(preflight("http://bad"));

            assertThat(reply.headers().contains("access-control-allow-origin")).isFalse();
            assertThat(reply.headers().get("access-control-max-age")).isEqualTo("60");
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource({"http://good,http://good", "http://bad,"})
        void marksResponsesToAllowedOriginsOnly(String origin, String allowed) {
            HttpFilterChain.Run run = with(POLICY).begin(request("GET", "/", "origin", origin));
            run.proceed();
            ResponseHead response = new ResponseHead(503, new HeaderMap());

            run.onResponse(response);

            assertThat(response.headers().get("access-control-allow-origin")).isEqualTo(allowed);
            assertThat(response.headers().contains("access-control-allow-methods")).isFalse();
        }
    }

    @Nested
    class Rbac {

        private static FilterFixture with(String action, String permission, String principal) {
            return new FilterFixture(
                    "envoy.filters.http.rbac="
                            + type(
                                    "envoy.extensions.filters.http.rbac.v3.RBAC",
                                    "'rules':{'action':'"
                                            + action
                                            + "','policies':{'ns[a]-policy[p]-rule[0]':{'permissions':["
                                            + permission
                                            + "],'principals':["
                                            + principal
                                            + "]}}}"),
                    "");
        }

        @Test
        void namesThePolicyThatDenies() {
            LocalReply reply =
                    with("DENY", "{'any':true}", "{'any':true}").reply(request("GET", "/"));

            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.body()).isEqualTo("RBAC: access denied");
            assertThat(reply.details())
                    .isEqualTo("rbac_access_denied_matched_policy[ns[a]-policy[p]-rule[0]]");
            assertThat(reply.flags()).isEmpty();
        }

        @ParameterizedTest(name = "{0} {1} {2}: allowed {3}")
        @CsvSource(
                delimiter = '|',
                value = {
                    "{'url_path':{'path':{'prefix':'/admin'}}}|{'any':true}|/admin?x|true",
                    "{'url_path':{'path':{'prefix':'/admin'}}}|{'any':true}|//admin|false",
                    "{'url_path':{'path':{'exact':'/a'}}}|{'any':true}|/a?q=1|true",
                    "{'header':{'name':':method','string_match':{'exact':'GET'}}}|{'any':true}|/|true",
                    "{'header':{'name':':authority','string_match':{'exact':'A.example.com',"
                            + "'ignore_case':true}}}|{'any':true}|/|true",
                    "{'destination_port':8080}|{'any':true}|/|true",
                    "{'destination_port':80}|{'any':true}|/|false",
                    "{'not_rule':{'destination_port':80}}|{'any':true}|/|true",
                    "{'any':true}|{'remote_ip':{'address_prefix':'203.0.113.0','prefix_len':24}}|/|true",
                    "{'any':true}|{'direct_remote_ip':{'address_prefix':'10.0.0.0','prefix_len':8}}|/|false",
                    "{'any':true}|{'authenticated':{'principal_name':{'prefix':'spiffe://'}}}|/|false",
                    "{'any':true}|{'not_id':{'authenticated':{'principal_name':{'prefix':'s'}}}}|/|true",
                    "{'any':true}|{'filter_state':{'key':'io.istio.peer_principal',"
                            + "'string_match':{'prefix':'spiffe://'}}}|/|false",
                    "{'uri_template':{'name':'t','typed_config':{'@type':'type.googleapis.com/envoy"
                            + ".extensions.path.match.uri_template.v3.UriTemplateMatchConfig',"
                            + "'path_template':'/allow/**'}}}|{'any':true}|/allow/|true",
                    "{'uri_template':{'name':'t','typed_config':{'@type':'type.googleapis.com/envoy"
                            + ".extensions.path.match.uri_template.v3.UriTemplateMatchConfig',"
                            + "'path_template':'/allow/**'}}}|{'any':true}|/allow|false",
                })
        void allowsWhatAPolicyCovers(
                String permission, String principal, String path, boolean allowed) {
            FilterFixture fixture = with("ALLOW", permission, principal);

            if (allowed) {
                assertThat(fixture.begin(request("GET", path)).proceed()).hasToString(PASS);
            } else {
                assertThat(fixture.reply(request("GET", path)).details())
                        .isEqualTo("rbac_access_denied_matched_policy[none]");
            }
        }

        @Test
        void comparesDirectAndTrustedAddressesApart() {
            FilterFixture fixture =
                    with(
                            "ALLOW",
                            "{'any':true}",
                            "{'direct_remote_ip':{'address_prefix':'10.0.0.0','prefix_len':8}}");
            fixture.info.direct = FixedStreamInfo.address("10.9.9.9", 1);

            assertThat(fixture.begin(request("GET", "/")).proceed()).hasToString(PASS);
        }

        @Test
        void onlyRecordsWhatShadowRulesWouldDo() {
            FilterFixture fixture =
                    new FilterFixture(
                            "envoy.filters.http.rbac="
                                    + type(
                                            "envoy.extensions.filters.http.rbac.v3.RBAC",
                                            "'shadow_rules_stat_prefix':'dry_','shadow_rules':{'action':'DENY',"
                                                    + "'policies':{'p':{'permissions':[{'any':true}],"
                                                    + "'principals':[{'any':true}]}}}"),
                            "");

            assertThat(fixture.begin(request("GET", "/")).proceed()).hasToString(PASS);
            assertThat(fixture.info.dynamicMetadata().all().get("envoy.filters.http.rbac"))
                    .containsEntry("dry_shadow_effective_policy_id", "p")
                    .containsEntry("dry_shadow_engine_result", "denied");
        }
    }

    @Nested
    class LocalRateLimit {

        private static String limit(int tokens, String more) {
            return type(
                    "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
                    "'stat_prefix':'s','token_bucket':{'max_tokens':"
                            + tokens
                            + ",'tokens_per_fill':1,'fill_interval':'60s'},"
                            + "'filter_enabled':{'default_value':{'numerator':100}},"
                            + "'filter_enforced':{'default_value':{'numerator':100}},"
                            + "'response_headers_to_add':[{'header':{'key':'x-limited','value':'yes'}}]"
                            + more);
        }

        @Test
        void refusesWhatTheBucketDoesNotHold() {
            FilterFixture fixture =
                    new FilterFixture("envoy.filters.http.local_ratelimit=" + limit(2, ""), "");

            assertThat(fixture.begin(request("GET", "/")).proceed()).hasToString(PASS);
            assertThat(fixture.begin(request("GET", "/")).proceed()).hasToString(PASS);
            LocalReply reply = fixture.reply(request("GET", "/"));

            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.body()).isEqualTo("local_rate_limited");
            assertThat(reply.details()).isEqualTo("local_rate_limited");
            assertThat(reply.flags()).containsExactly(ResponseFlag.RATE_LIMITED);
            assertThat(reply.headers().get("x-limited")).isEqualTo("yes");
        }

        @Test
        void drawsFromTheRoutesOwnBucket() {
            FilterFixture fixture =
                    new FilterFixture(
                            "envoy.filters.http.local_ratelimit=" + limit(5, ""),
                            "'envoy.filters.http.local_ratelimit':"
                                    + limit(1, ",'status':{'code':'ServiceUnavailable'}"));

            assertThat(fixture.begin(request("GET", "/")).proceed()).hasToString(PASS);
            assertThat(fixture.reply(request("GET", "/")).status()).isEqualTo(503);
        }
    }

    @Test
    void refusesFiltersItCannotRunByName() {
        assertThatThrownBy(
                        () ->
                                new FilterFixture(
                                        "envoy.filters.http.wasm="
                                                + type("google.protobuf.Struct", "'value':{}"),
                                        ""))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(
                        "Didn't find a registered implementation for 'envoy.filters.http.wasm' with type"
                                + " URL: 'google.protobuf.Struct'");
    }

    @Test
    void skipsAFilterThatTheRouteSwitchesOff() {
        FilterFixture fixture =
                new FilterFixture(
                        "envoy.filters.http.rbac="
                                + type(
                                        "envoy.extensions.filters.http.rbac.v3.RBAC",
                                        "'rules':{'action':'ALLOW'}"),
                        "'envoy.filters.http.rbac':"
                                + type("envoy.config.route.v3.FilterConfig", "'disabled':true"));

        assertThat(fixture.begin(request("GET", "/")).proceed()).hasToString(PASS);
    }
}
