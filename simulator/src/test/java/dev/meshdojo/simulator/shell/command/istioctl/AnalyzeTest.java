package dev.meshdojo.simulator.shell.command.istioctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyzeTest {

    @TempDir private Path directory;

    @Test
    void endsWithIstioctlsCodeWhenTheClusterHoldsErrors() throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String script =
                """
                kubectl create namespace shop > /dev/null
                kubectl label namespace shop istio-injection=disabled > /dev/null
                istioctl analyze -n shop
                echo "clean: $?"
                kubectl apply -n shop -f - > /dev/null <<EOF
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web}
                spec:
                  hosts: [web.example.test]
                  http: [{route: [{destination: {host: gone}}]}]
                EOF
                istioctl analyze -n shop
                echo "broken: $?"
                """;
        try (FakeCluster cluster =
                        FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
                Shell shell = StandardCommands.open(cluster, directory)) {
            shell.run(script, out, err);
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "\nclean: 0\n"
                                + "Error [IST0101] (VirtualService shop/web) Referenced host not"
                                + " found: \"gone\"\n"
                                + "broken: 79\n");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("No validation issues found when analyzing namespace: shop.")
                .contains("Error: Analyzers found issues when analyzing namespace: shop.");
    }
}
