package dev.meshdojo.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A later version of a route table")
@SuppressWarnings("ReferenceEquality") // the same instance is the point
class RouteTableRecompileTest {

    private static RouteConfiguration table(List<String> hosts) {
        return RouteTableTest.table(json(hosts, "")).proto();
    }

    private static String json(List<String> hosts, String more) {
        List<String> written = new ArrayList<>();
        for (String host : hosts) {
            String[] parts = host.split("=");
            written.add(
                    "{'name':'%s','domains':['%s.test'],'routes':[%s]}"
                            .formatted(
                                    parts[0],
                                    parts[0],
                                    RouteTableTest.route(parts[1], "{'prefix':'/'}")));
        }
        return "{'name':'t',%s'virtual_hosts':[%s]}".formatted(more, String.join(",", written));
    }

    @ParameterizedTest(name = "{0} -> {1}: keeps {2}")
    @CsvSource({
        "a=1 b=1 c=1, a=1 b=2 c=1, a c",
        "a=1 b=1 c=1, a=1 c=1, a c",
        "a=1 c=1, a=1 b=1 c=1, a c",
        "a=1 b=1 c=1, c=1 b=1 a=1, a b c",
        "a=1 b=1, a=2 b=2, ''",
        "a=1, b=1, ''"
    })
    @DisplayName("takes over the virtual hosts that are the same and routes as if compiled whole")
    void takesOver(String before, String after, String kept) {
        RouteTable first = RouteTableTest.table(json(List.of(before.split(" ")), ""));
        RouteConfiguration proto = table(List.of(after.split(" ")));
        RouteTable next = first.recompile(proto, FilterConfigs.uncompiled());
        List<String> same =
                next.virtualHosts().stream()
                        .filter(host -> first.virtualHosts().stream().anyMatch(old -> old == host))
                        .map(VirtualHost::name)
                        .sorted()
                        .toList();
        assertThat(String.join(" ", same)).isEqualTo(kept);
        RouteTable whole = RouteTable.compile(proto, FilterConfigs.uncompiled());
        for (String host : List.of("a.test", "b.test", "c.test")) {
            assertThat(RouteTableTest.routed(next, RouteTableTest.get(host, "/x")))
                    .isEqualTo(RouteTableTest.routed(whole, RouteTableTest.get(host, "/x")));
        }
    }

    @Test
    @DisplayName("takes over nothing when what virtual hosts inherit changed")
    void compilesAnewWhenTheTableChanged() {
        RouteTable first = RouteTableTest.table(json(List.of("a=1"), ""));
        RouteTable next =
                first.recompile(
                        RouteTableTest.table(
                                        json(List.of("a=1"), "'response_headers_to_remove':['x'],"))
                                .proto(),
                        FilterConfigs.uncompiled());
        assertThat(next.virtualHosts().getFirst()).isNotSameAs(first.virtualHosts().getFirst());
    }

    @Test
    @DisplayName("is refused in the same words as when compiled whole")
    void refusesInTheSameWords() {
        RouteTable first = RouteTableTest.table(json(List.of("a=1"), ""));
        RouteConfiguration.Builder broken = first.proto().toBuilder();
        broken.addVirtualHostsBuilder().setName("b");
        Throwable whole =
                catchThrowable(
                        () -> RouteTable.compile(broken.build(), FilterConfigs.uncompiled()));
        assertThatThrownBy(() -> first.recompile(broken.build(), FilterConfigs.uncompiled()))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(whole.getMessage());
    }
}
