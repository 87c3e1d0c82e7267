package dev.meshdojo.simulator.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.model.MeshIndex;
import dev.meshdojo.simulator.pilot.security.JwksSource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Translating change by change")
class IncrementalTranslationTest {

    private static final int STEPS = 50;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 25);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("gives after any sequence of changes what translating from scratch gives")
    void equalsTranslationFromScratch(long seed) {
        RandomMesh mesh = new RandomMesh(seed);
        MeshIndex index = Pilot.index();
        ProxyTranslator translator = new ProxyTranslator(RandomMesh.gateway());
        String last = "start";
        for (int step = 0; step < STEPS; step++) {
            XdsSnapshot incremental =
                    translator.translate(index.update(mesh.incremental()), "1", JwksSource.NONE);
            MeshSnapshot fresh = mesh.fresh();
            XdsSnapshot scratch =
                    Pilot.translate(new MeshSnapshot("1", fresh.kinds()), RandomMesh.gateway());
            assertThat(incremental).as("after step %d: %s", step, last).isEqualTo(scratch);
            last = mesh.change();
        }
    }

    @Test
    @DisplayName("keeps every resource that the change does not touch")
    void keepsWhatIsUntouched() {
        int untouched = 0;
        int resources = 0;
        for (long seed = 1; seed <= 10; seed++) {
            RandomMesh mesh = new RandomMesh(seed);
            MeshIndex index = Pilot.index();
            ProxyTranslator translator = new ProxyTranslator(RandomMesh.gateway());
            XdsSnapshot before =
                    translator.translate(index.update(mesh.incremental()), "1", JwksSource.NONE);
            for (int step = 0; step < STEPS; step++) {
                mesh.change();
                XdsSnapshot after =
                        translator.translate(
                                index.update(mesh.incremental()), "2", JwksSource.NONE);
                assertEqualOnesAreKept(before.clusters(), after.clusters(), Cluster::getName);
                assertEqualOnesAreKept(
                        before.routes(), after.routes(), RouteConfiguration::getName);
                assertEqualOnesAreKept(before.listeners(), after.listeners(), l -> l.getName());
                untouched += kept(hosts(before), hosts(after));
                resources += hosts(after).size();
                before = after;
            }
        }
        assertThat(untouched).isPositive();
        assertThat(resources).isGreaterThan(untouched);
    }

    private static List<VirtualHost> hosts(XdsSnapshot snapshot) {
        return snapshot.routes().stream()
                .flatMap(table -> table.getVirtualHostsList().stream())
                .toList();
    }

    private static <T> int kept(List<T> before, List<T> after) {
        Set<T> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(before);
        return (int) after.stream().filter(known::contains).count();
    }

    private static <T> void assertEqualOnesAreKept(
            List<T> before, List<T> after, Function<T, String> name) {
        for (T now : after) {
            for (T old : before) {
                if (name.apply(now).equals(name.apply(old)) && now.equals(old)) {
                    assertThat(now).isSameAs(old);
                }
            }
        }
    }
}
