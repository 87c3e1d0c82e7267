package dev.meshdojo.simulator.cluster.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server and the kubelet say of logs, exec, attach and files that cannot be had. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamErrorsTest {

    private static final String PODS =
            """
            {apiVersion: v1, kind: Pod, metadata: {name: two}, spec: {
              initContainers: [{name: setup, image: busybox, command: [echo, done]}],
              containers: [{name: a, image: busybox, command: [sleep, infinity]}, {name: b, image: nginx}]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: ended}, spec: {restartPolicy: Never,
              containers: [{name: c, image: busybox, command: [echo, done]}]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: homeless}, spec: {nodeSelector: {none: such},
              containers: [{name: c, image: nginx}]}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: waits}, spec: {
              volumes: [{name: v, configMap: {name: not-there}}],
              containers: [{name: c, image: nginx, volumeMounts: [{name: v, mountPath: /v}]}]}}
            """;

    private FakeCluster cluster;
    private Shell shell;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        cluster = FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
        shell = StandardCommands.open(cluster, folder);
        Files.writeString(folder.resolve("pods.yaml"), PODS);
        run("kubectl apply -f pods.yaml");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(run("kubectl get pods --no-headers"))
                                        .containsPattern("two +2/2 +Running")
                                        .containsPattern("ended +0/1 +Completed")
                                        .containsPattern("homeless +0/1 +Pending")
                                        .containsPattern("waits +0/1 +ContainerCreating"));
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
                    logs waits                  | container "c" in pod "waits" is waiting to start: ContainerCreating
                    logs waits --previous       | previous terminated container "c" in pod "waits" not found
                    logs two -c a --previous    | previous terminated container "a" in pod "two" not found
                    exec waits -- ls            | container not found ("c")
                    exec two -c setup -- ls     | container not found ("setup")
                    exec homeless -- ls         | pod homeless does not have a host assigned
                    exec two -c a -- sh -c 'echo x > /no/x' | can't create /no/x: nonexistent directory
                    get --raw /api/v1/namespaces/default/pods/two/log | choose one of: [setup a b]
                    get --raw /api/v1/namespaces/default/pods/two/log?container=z | container z is not valid for pod two
                    get --raw '/api/v1/namespaces/default/pods/two/log?container=a&tailLines=-1' | tailLines: Invalid value: -1: must be greater than or equal to 0
                    get --raw '/api/v1/namespaces/default/pods/two/log?container=a&limitBytes=0' | limitBytes: Invalid value: 0: must be greater than 0
                    get --raw '/api/v1/namespaces/default/pods/two/log?container=a&sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z' | at most one of `sinceTime` or `sinceSeconds` may be specified
                    get --raw '/api/v1/namespaces/default/pods/two/log?container=a&stream=Stdout' | stream: Forbidden: may not be specified
                    """)
    void saysWhatIsWrong(String command, String message) {
        assertThat(run("kubectl " + command)).contains(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    logs ended         | done
                    logs two -c setup  | done
                    """)
    void readsLogsOfWhatHasEnded(String command, String text) {
        assertThat(run("kubectl " + command)).isEqualTo(text + "\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    cat /etc/resolv.conf                               | search default.svc.cluster.local svc.cluster.local cluster.local
                    cat /etc/hostname                                  | two
                    nslookup kubernetes                                | kubernetes.default.svc.cluster.local
                    dig +short kubernetes.default.svc.cluster.local    | 10.96.0.1
                    dig kubernetes                                     | status: NXDOMAIN
                    dig +search kubernetes                             | status: NOERROR
                    host kubernetes.default                            | has address 10.96.0.1
                    ping -c 1 kubernetes                               | no ICMP
                    ping nosuch                                        | bad address
                    """)
    void containersKnowTheClustersNames(String command, String text) {
        assertThat(run("kubectl exec two -c a -- " + command)).contains(text);
    }
}
