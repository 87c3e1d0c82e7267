package dev.meshdojo.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.BoolValue;
import dev.meshdojo.gateway.stream.FixedStreamInfo;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The compiled, indexed table against a plain walk over the same rules. */
class RouteTablePropertyTest {

    enum Kind {
        PREFIX,
        EXACT,
        SEPARATED,
        REGEX
    }

    record Rule(Kind kind, String text, boolean caseSensitive) {

        boolean matches(String path) {
            String left = caseSensitive ? path : path.toLowerCase(Locale.ROOT);
            String right = caseSensitive ? text : text.toLowerCase(Locale.ROOT);
            return switch (kind) {
                case PREFIX -> left.startsWith(right);
                case EXACT -> left.equals(right);
                case SEPARATED -> left.equals(right) || left.startsWith(right + "/");
                case REGEX -> Pattern.matches(Pattern.quote(text) + ".*", path);
            };
        }

        RouteMatch proto() {
            RouteMatch.Builder match =
                    RouteMatch.newBuilder().setCaseSensitive(BoolValue.of(caseSensitive));
            return switch (kind) {
                case PREFIX -> match.setPrefix(text).build();
                case EXACT -> match.setPath(text).build();
                case SEPARATED -> match.setPathSeparatedPrefix(text).build();
                case REGEX ->
                        match.setSafeRegex(
                                        RegexMatcher.newBuilder().setRegex("\\Q" + text + "\\E.*"))
                                .build();
            };
        }
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("a", "b", "A", "ab")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(segments -> "/" + String.join("/", segments));
    }

    @Provide
    Arbitrary<List<Rule>> rules() {
        return Combinators.combine(Arbitraries.of(Kind.class), paths(), Arbitraries.of(true, false))
                .as(Rule::new)
                .list()
                .ofMaxSize(30);
    }

    @Property(tries = 500)
    void agreesWithAPlainWalk(@ForAll("rules") List<Rule> rules, @ForAll("paths") String path) {
        RouteTable table = table(rules);
        int expected = 0;
        while (expected < rules.size() && !rules.get(expected).matches(path)) {
            expected++;
        }

        RouteDecision decision = table.decide(get("h", path + "?q"), new FixedStreamInfo(), 0);

        if (expected == rules.size()) {
            assertThat(decision).isInstanceOf(RouteDecision.NoRoute.class);
        } else {
            assertThat(decision).isInstanceOf(RouteDecision.Matched.class);
            assertThat(((RouteDecision.Matched) decision).route().name())
                    .isEqualTo(String.valueOf(expected));
        }
    }

    @Property(tries = 300)
    void explainsWhatItDecides(@ForAll("rules") List<Rule> rules, @ForAll("paths") String path) {
        RouteTable table = table(rules);
        RequestHead request = get("h", path);

        assertThat(table.explain(request, new FixedStreamInfo(), 0).decision())
                .isEqualTo(table.decide(request, new FixedStreamInfo(), 0));
    }

    @Property(tries = 500)
    void takesAnyHostAndPath(@ForAll String host, @ForAll String path) {
        RouteTable table = table(List.of(new Rule(Kind.PREFIX, "/a", true)));

        assertThat(table.decide(get(host, path), new FixedStreamInfo(), 0)).isNotNull();
        assertThat(RedirectRule.HTTPS.location(get(host, path))).startsWith("https://");
    }

    private static RouteTable table(List<Rule> rules) {
        VirtualHost.Builder host = VirtualHost.newBuilder().setName("v").addDomains("*");
        for (int i = 0; i < rules.size(); i++) {
            host.addRoutes(
                    Route.newBuilder()
                            .setName(String.valueOf(i))
                            .setMatch(rules.get(i).proto())
                            .setDirectResponse(DirectResponseAction.newBuilder().setStatus(200)));
        }
        return RouteTable.compile(
                RouteConfiguration.newBuilder().setName("t").addVirtualHosts(host).build(),
                FilterConfigs.uncompiled());
    }

    private static RequestHead get(String authority, String path) {
        return new RequestHead("GET", "http", authority, path, new HeaderMap());
    }
}
