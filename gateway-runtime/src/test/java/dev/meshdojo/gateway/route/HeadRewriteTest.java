package dev.meshdojo.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.gateway.stream.FixedStreamInfo;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadRewriteTest {

    private final FixedStreamInfo info = new FixedStreamInfo();

    private RouteDecision.Matched matched(String route, RequestHead request) {
        RouteDecision decision = RouteTableTest.routes(route).decide(request, info, 0);
        assertThat(decision).isInstanceOf(RouteDecision.Matched.class);
        return (RouteDecision.Matched) decision;
    }

    @ParameterizedTest(name = "{0} rewritten to {1}: {2} -> {3}")
    @CsvSource({
        "'prefix':'/foo','prefix_rewrite':'/',/foo/bar,//bar",
        "'prefix':'/foo/','prefix_rewrite':'/',/foo/bar,/bar",
        "'prefix':'/v2','prefix_rewrite':'/new/',/v2/u?x=1,/new//u?x=1",
        "'prefix':'/','prefix_rewrite':'/front',/foo,/frontfoo",
        "'path':'/a','prefix_rewrite':'/b',/a?x,/b?x",
        "'path':'/a','prefix_rewrite':'/new?from=config',/a?x=1,/new?from=config?x=1",
        "'path_separated_prefix':'/a','prefix_rewrite':'/b',/a/c,/b/c",
        "'safe_regex':{'regex':'/r.*'},'prefix_rewrite':'/whole',/rest/x?q,/whole?q",
        "'prefix':'/','regex_rewrite':{'pattern':{'regex':'/(\\w+)/(\\w+)'};'substitution':'/\\2/\\1'},"
                + "/a/b?c,/b/a?c",
    })
    void rewritesPathsAsEnvoyDoes(String match, String rewrite, String path, String expected) {
        RequestHead request = RouteTableTest.get("h", path);
        String escaped = rewrite.replace(';', ',').replace("\\", "\\\\");

        matched("{'match':{" + match + "},'route':{'cluster':'c'," + escaped + "}}", request)
                .finalizeRequest(request, info);

        assertThat(request.path()).isEqualTo(expected);
        assertThat(request.headers().get("x-envoy-original-path")).isEqualTo(path);
    }

    @ParameterizedTest(name = "{0} for {1}{2} -> {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'path_redirect':'/n'|b:8081|/o?q|http://b:8081/n?q",
                "'path_redirect':'/n?own'|b|/o?q|http://b/n?own",
                "'prefix_rewrite':'/'|b|/strip/a?q|http://b//a?q",
                "'https_redirect':true|b:80|/x|https://b/x",
                "'https_redirect':true|b:8080|/x|https://b:8080/x",
                "'host_redirect':'c.com'|b:8080|/x?y|http://c.com/x?y",
                "'port_redirect':8443,'https_redirect':true|b:80|/x|https://b:8443/x",
                "'strip_query':true,'host_redirect':'c'|b|/x?y|http://c/x",
                "'path_redirect':'/n'|[::1]:80|/o|http://[::1]:80/n",
            })
    void makesLocationsAsEnvoyDoes(String redirect, String host, String path, String location) {
        RequestHead request = RouteTableTest.get(host, path, "x-forwarded-proto", "http");
        RouteDecision.Matched matched =
                matched(
                        "{'match':{'prefix':'/strip'},'redirect':{"
                                + redirect
                                + "}},"
                                + "{'match':{'prefix':'/'},'redirect':{"
                                + redirect
                                + "}}",
                        request);

        assertThat(matched.action()).isInstanceOf(RouteAction.Redirect.class);
        assertThat(((RouteAction.Redirect) matched.action()).location(request)).isEqualTo(location);
    }

    @Test
    void appliesOperationsOfAWeightedClusterBeforeThoseOfTheRoute() {
        RequestHead request = RouteTableTest.get("h", "/", "x-a", "client", "x-gone", "1");
        RouteDecision.Matched matched =
                matched(
                        "{'match':{'prefix':'/'},'route':{'weighted_clusters':{'clusters':[{'name':'c',"
                                + "'weight':1,'host_rewrite_literal':'inner','request_headers_to_add':["
                                + "{'header':{'key':'x-a','value':'cluster'},"
                                + "'append_action':'OVERWRITE_IF_EXISTS_OR_ADD'}]}]}},"
                                + "'request_headers_to_add':[{'header':{'key':'x-a','value':'route'},"
                                + "'append_action':'OVERWRITE_IF_EXISTS_OR_ADD'},"
                                + "{'header':{'key':'x-added','value':'%REQ(x-none)%'}},"
                                + "{'header':{'key':'x-a','value':'more'}}],"
                                + "'request_headers_to_remove':['x-gone']}",
                        request);

        matched.finalizeRequest(request, info);

        assertThat(request.headers().all("x-a")).containsExactly("route", "more");
        assertThat(request.headers().contains("x-gone")).isFalse();
        assertThat(request.headers().contains("x-added")).isFalse();
        assertThat(request.authority()).isEqualTo("inner");
        assertThat(request.headers().get("x-envoy-original-host")).isNull();
    }

    @Test
    void appliesResponseOperationsToAnyResponse() {
        RequestHead request = RouteTableTest.get("h", "/");
        info.details = "direct_response";
        HeaderMap response = HeaderMap.of("x-a", "1", "x-b", "2");

        matched(
                        "{'match':{'prefix':'/'},'direct_response':{'status':200},"
                                + "'response_headers_to_add':[{'header':{'key':'x-why',"
                                + "'value':'%RESPONSE_CODE_DETAILS%'}}],"
                                + "'response_headers_to_remove':['x-b']}",
                        request)
                .finalizeResponse(response, request, info);

        assertThat(response.toString()).isEqualTo("x-a: 1\nx-why: direct_response\n");
    }

    @Test
    void picksWeightedClustersByTheirShareOfRandomNumbers() {
        RouteTable table =
                RouteTableTest.routes(
                        "{'match':{'prefix':'/'},'route':{'weighted_clusters':{'clusters':["
                                + "{'name':'a','weight':3},{'name':'none','weight':0},{'name':'b','weight':1}]}}}");
        StringBuilder picked = new StringBuilder();
        for (long random = 0; random < 8; random++) {
            RouteDecision.Matched matched =
                    (RouteDecision.Matched)
                            table.decide(RouteTableTest.get("h", "/"), info, random);
            picked.append(Objects.requireNonNull(matched.target()).cluster());
        }

        assertThat(picked).hasToString("aaabaaab");
    }
}
