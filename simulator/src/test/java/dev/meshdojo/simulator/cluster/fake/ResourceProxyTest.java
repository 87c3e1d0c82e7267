package dev.meshdojo.simulator.cluster.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to pods and services through the API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResourceProxyTest {

    private FakeCluster cluster;
    private Shell shell;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        cluster = FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
        shell = StandardCommands.open(cluster, folder);
        run(
                "kubectl run app --image kennethreitz/httpbin --port 80 -l app=app; kubectl expose"
                        + " pod app --port 8000 --target-port 80; kubectl create service clusterip"
                        + " empty --tcp 80; kubectl wait --for condition=Ready pod/app");
    }

    @AfterAll
    void stop() {
        shell.close();
        cluster.close();
    }

    private String run(String script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        shell.run(script, out, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pods/app/proxy/status/200              | ''
                    pods/app:80/proxy/get?a=1%262          | "a": "1&2"
                    pods/http:app:80/proxy/anything/a%20b  | /api/v1/namespaces/default/pods/http:app:80/proxy/anything/a%20b
                    services/app:8000/proxy/get            | "User-Agent": "kubectl/
                    pods/app:81/proxy/                     | :81: connect: connection refused
                    pods/ftp:app:80/proxy/                 | invalid pod request "ftp:app:80"
                    pods/none/proxy/                       | pods "none" not found
                    services/none/proxy/                   | endpoints "none" not found
                    services/app:9/proxy/                  | no service port 9 found for service "app"
                    services/empty:80/proxy/               | no endpoints available for service "empty"
                    """)
    void reachesPodsOrSaysWhyNot(String path, String answer) {
        assertThat(run("kubectl get --raw '/api/v1/namespaces/default/" + path + "'"))
                .contains(answer);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pods/app/proxy                        | /pods/app/proxy/
                    pods/app/proxy/redirect-to?url=/get   | /pods/app/proxy/get
                    """)
    void redirectsStayBehindTheProxy(String path, String location) {
        String base = cluster.apiServer().address() + "/api/v1/namespaces/default/";
        assertThat(
                        run(
                                "curl -sik -H 'Authorization: Bearer "
                                        + cluster.apiServer().token()
                                        + "' '"
                                        + base
                                        + path
                                        + "'"))
                .containsIgnoringCase("location: /api/v1/namespaces/default" + location);
    }
}
