package dev.meshdojo.simulator.cluster.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What Java programs do with the fabric8 client, done to the in-process cluster. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaClientTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private FakeCluster cluster;
    private KubernetesClient client;

    @BeforeAll
    void start() throws InterruptedException {
        cluster = FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
        client = cluster.client();
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @Test
    void an_informer_follows_adds_updates_deletes_and_resyncs() {
        List<String> seen = new CopyOnWriteArrayList<>();
        AtomicInteger resyncs = new AtomicInteger();
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps()
                        .inNamespace("default")
                        .withLabel("test", "informer")
                        .inform(
                                new ResourceEventHandler<>() {
                                    @Override
                                    public void onAdd(ConfigMap map) {
                                        seen.add("add " + map.getMetadata().getName());
                                    }

                                    @Override
                                    public void onUpdate(ConfigMap before, ConfigMap after) {
                                        if (before.equals(after)) {
                                            resyncs.incrementAndGet();
                                        } else {
                                            seen.add("update " + after.getData().get("k"));
                                        }
                                    }

                                    @Override
                                    public void onDelete(ConfigMap map, boolean unknown) {
                                        seen.add("delete " + map.getMetadata().getName());
                                    }
                                },
                                1000)) {
            client.resource(configMap("i1", "informer", "1")).create();
            client.resource(configMap("i1", "informer", "2")).update();
            client.configMaps().inNamespace("default").withName("i1").delete();
            await().atMost(LIMIT)
                    .untilAsserted(
                            () ->
                                    assertThat(seen)
                                            .containsExactly("add i1", "update 2", "delete i1"));
            client.resource(configMap("i2", "informer", "1")).create();
            await().atMost(LIMIT).until(() -> resyncs.get() > 1);
            assertThat(informer.getStore().list()).hasSize(1);
        }
    }

    @Test
    void a_watch_from_too_far_back_is_told_so_and_an_informer_recovers() throws Exception {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        client.resource(configMap("old", "gone", "1")).create();
        for (int i = 0; i < 9_000; i++) {
            cluster.api()
                    .edit(
                            new dev.meshdojo.simulator.apiserver.ResourceKey(
                                    "", "configmaps", "default", "old"),
                            live -> {
                                if (live != null) {
                                    live.withObject("/data")
                                            .put("k", Long.toString(System.nanoTime()));
                                }
                                return live;
                            });
        }
        try (var watch =
                client.configMaps()
                        .inNamespace("default")
                        .withResourceVersion("1")
                        .watch(
                                new io.fabric8.kubernetes.client.Watcher<ConfigMap>() {
                                    @Override
                                    public void eventReceived(Action action, ConfigMap map) {}

                                    @Override
                                    public void onClose(
                                            io.fabric8.kubernetes.client.WatcherException cause) {
                                        code.complete(cause.isHttpGone() ? 410 : 0);
                                    }
                                })) {
            assertThat(watch).isNotNull();
            assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(410);
        }
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace("default").withLabel("test", "gone").inform()) {
            assertThat(informer.getStore().list()).hasSize(1);
        }
    }

    @Test
    void two_candidates_have_one_leader_and_the_other_takes_over() throws Exception {
        List<String> leaders = new CopyOnWriteArrayList<>();
        LeaderElector first = elector("first", leaders);
        LeaderElector second = elector("second", leaders);
        CompletableFuture<?> running = first.start();
        await().atMost(LIMIT).until(() -> leaders.equals(List.of("first")));
        CompletableFuture<?> waiting = second.start();
        assertThat(holder()).isEqualTo("first");

        running.cancel(true);

        await().atMost(LIMIT).until(() -> leaders.equals(List.of("first", "second")));
        assertThat(holder()).isEqualTo("second");
        waiting.cancel(true);
    }

    private String holder() {
        return client.leases()
                .inNamespace("default")
                .withName("lock")
                .get()
                .getSpec()
                .getHolderIdentity();
    }

    private LeaderElector elector(String name, List<String> leaders) {
        return client.leaderElector()
                .withConfig(
                        new LeaderElectionConfigBuilder()
                                .withName("test")
                                .withLock(new LeaseLock("default", "lock", name))
                                .withLeaseDuration(Duration.ofSeconds(3))
                                .withRenewDeadline(Duration.ofSeconds(2))
                                .withRetryPeriod(Duration.ofMillis(200))
                                .withReleaseOnCancel(true)
                                .withLeaderCallbacks(
                                        new LeaderCallbacks(
                                                () -> leaders.add(name), () -> {}, holder -> {}))
                                .build())
                .build();
    }

    @Test
    void server_side_apply_shares_an_object_and_refuses_what_another_owns() {
        ConfigMap mine = configMap("shared", "ssa", "mine");
        client.resource(mine).fieldManager("one").serverSideApply();
        ConfigMap other =
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("shared")
                        .withNamespace("default")
                        .endMetadata()
                        .withData(Map.of("other", "2"))
                        .build();
        client.resource(other).fieldManager("two").serverSideApply();
        other.setData(Map.of("other", "2", "k", "theirs"));

        assertThatThrownBy(() -> client.resource(other).fieldManager("two").serverSideApply())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> {
                            assertThat(e.getCode()).isEqualTo(409);
                            assertThat(e.getStatus().getMessage())
                                    .contains("conflict with \"one\": .data.k");
                        });

        ConfigMap forced =
                client.resource(other).fieldManager("two").forceConflicts().serverSideApply();
        assertThat(forced.getData())
                .containsOnly(Map.entry("k", "theirs"), Map.entry("other", "2"));
        assertThat(forced.getMetadata().getManagedFields())
                .extracting(field -> field.getManager() + " " + field.getOperation())
                .contains("one Apply", "two Apply");
    }

    @Test
    void patches_of_every_type() {
        client.resource(configMap("patched", "patch", "1")).create();
        var resource = client.configMaps().inNamespace("default").withName("patched");

        resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"m\":\"2\"}}");
        resource.patch(
                PatchContext.of(PatchType.JSON),
                "[{\"op\":\"replace\",\"path\":\"/data/k\",\"value\":\"3\"}]");
        resource.patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"metadata\":{\"labels\":{\"s\":\"4\"}}}");

        ConfigMap result = resource.get();
        assertThat(result.getData()).containsOnly(Map.entry("k", "3"), Map.entry("m", "2"));
        assertThat(result.getMetadata().getLabels()).containsEntry("s", "4");
    }

    @Test
    void commands_run_in_pods_with_input_output_and_exit_code() throws Exception {
        pod("execs");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ExecWatch exec =
                client.pods()
                        .inNamespace("default")
                        .withName("execs")
                        .writingOutput(out)
                        .writingError(err)
                        .exec("sh", "-c", "echo out; echo err >&2; exit 3")) {
            assertThat(exec.exitCode().get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
        assertThat(out).hasToString("out\n");
        assertThat(err).hasToString("err\n");

        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        try (ExecWatch exec =
                client.pods()
                        .inNamespace("default")
                        .withName("execs")
                        .redirectingInput()
                        .writingOutput(copy)
                        .exec("head", "-n", "1")) {
            exec.getInput().write("typed\n".getBytes(StandardCharsets.UTF_8));
            exec.getInput().close();
            assertThat(exec.exitCode().get(30, TimeUnit.SECONDS)).isZero();
        }
        assertThat(copy).hasToString("typed\n");
    }

    @Test
    void files_are_copied_both_ways() throws Exception {
        pod("files");
        var file = client.pods().inNamespace("default").withName("files").file("/tmp/a.txt");

        assertThat(file.upload(new ByteArrayInputStream("text".getBytes(StandardCharsets.UTF_8))))
                .isTrue();

        try (var in = file.read()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("text");
        }
    }

    @Test
    void a_port_is_forwarded() throws Exception {
        client.resource(
                        new PodBuilder()
                                .withNewMetadata()
                                .withName("forwarded")
                                .withNamespace("default")
                                .endMetadata()
                                .withNewSpec()
                                .addNewContainer()
                                .withName("c")
                                .withImage("hashicorp/http-echo")
                                .withArgs("-text=through")
                                .endContainer()
                                .endSpec()
                                .build())
                .create();
        awaitReady("forwarded");
        try (LocalPortForward forward =
                        client.pods()
                                .inNamespace("default")
                                .withName("forwarded")
                                .portForward(5678);
                HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:" + forward.getLocalPort()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("through\n");
            assertThat(forward.getServerThrowables()).isEmpty();
        }
    }

    @Test
    void a_log_is_followed_to_its_end() throws Exception {
        client.resource(
                        new PodBuilder(podSpec("logs"))
                                .editSpec()
                                .withRestartPolicy("Never")
                                .editFirstContainer()
                                .withCommand("sh", "-c", "echo one; sleep 1; echo two")
                                .endContainer()
                                .endSpec()
                                .build())
                .create();
        var pod = client.pods().inNamespace("default").withName("logs");
        pod.waitUntilCondition(p -> p != null && !"Pending".equals(phase(p)), 60, TimeUnit.SECONDS);
        try (LogWatch log = pod.watchLog()) {
            assertThat(new String(log.getOutput().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("one\ntwo\n");
        }
        assertThat(pod.tailingLines(1).getLog()).isEqualTo("two\n");
    }

    private static String phase(Pod pod) {
        return pod.getStatus().getPhase();
    }

    @Test
    void a_deployment_is_scaled_and_its_pods_are_evicted_within_the_budget() {
        Deployment deployment =
                new DeploymentBuilder()
                        .withNewMetadata()
                        .withName("scaled")
                        .withNamespace("default")
                        .endMetadata()
                        .withNewSpec()
                        .withNewSelector()
                        .addToMatchLabels("app", "scaled")
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .addToLabels("app", "scaled")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("c")
                        .withImage("busybox")
                        .withCommand("sleep", "infinity")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build();
        client.resource(deployment).create();
        client.apps().deployments().inNamespace("default").withName("scaled").scale(2);
        client.apps()
                .deployments()
                .inNamespace("default")
                .withName("scaled")
                .waitUntilCondition(
                        d -> Integer.valueOf(2).equals(d.getStatus().getReadyReplicas()),
                        60,
                        TimeUnit.SECONDS);
        client.resource(
                        new PodDisruptionBudgetBuilder()
                                .withNewMetadata()
                                .withName("scaled")
                                .withNamespace("default")
                                .endMetadata()
                                .withNewSpec()
                                .withMinAvailable(new IntOrString(2))
                                .withNewSelector()
                                .addToMatchLabels("app", "scaled")
                                .endSelector()
                                .endSpec()
                                .build())
                .create();
        var budget =
                client.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace("default")
                        .withName("scaled");
        budget.waitUntilCondition(
                b -> b.getStatus() != null && b.getStatus().getCurrentHealthy() == 2,
                60,
                TimeUnit.SECONDS);
        String name =
                client.pods()
                        .inNamespace("default")
                        .withLabel("app", "scaled")
                        .list()
                        .getItems()
                        .getFirst()
                        .getMetadata()
                        .getName();
        try (KubernetesClient impatient =
                new KubernetesClientBuilder()
                        .withConfig(
                                new ConfigBuilder(client.getConfiguration())
                                        .withRequestRetryBackoffLimit(0)
                                        .build())
                        .build()) {
            var pod = impatient.pods().inNamespace("default").withName(name);
            assertThat(pod.evict()).as("the budget allows none").isFalse();
            budget.delete();
            assertThat(pod.evict()).isTrue();
            await().atMost(LIMIT).until(() -> pod.get() == null);
        }
    }

    private void pod(String name) {
        client.resource(podSpec(name)).create();
        awaitReady(name);
    }

    private static Pod podSpec(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withImage("busybox")
                .withCommand("sleep", "infinity")
                .endContainer()
                .endSpec()
                .build();
    }

    private void awaitReady(String name) {
        client.pods().inNamespace("default").withName(name).waitUntilReady(60, TimeUnit.SECONDS);
    }

    private static ConfigMap configMap(String name, String test, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .addToLabels("test", test)
                .endMetadata()
                .addToData("k", value)
                .build();
    }
}
