package dev.meshdojo.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.apiserver.storage.SnapshotException;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import dev.meshdojo.simulator.scenario.CheckResult;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Going back a step, and going on another day. */
@Timeout(90)
class UndoTest {

    @TempDir Path root;

    @BeforeEach
    void writeLab() throws Exception {
        Path lab = Files.createDirectories(root.resolve("labs/u/steps"));
        Files.writeString(
                root.resolve("labs/u/lab.yaml"),
                """
                apiVersion: meshdojo.dev/v1alpha1
                kind: Lab
                metadata: {name: u}
                spec:
                  title: Undo
                  summary: Steps that build on each other.
                  cluster: {istio: none, namespaces: [shop]}
                  steps:
                    - file: steps/1.md
                      checks:
                        - name: the app answers
                          run: kubectl rollout status -n shop deploy/web
                          expect: {stdout: {contains: [successfully rolled out]}}
                    - file: steps/2.md
                      checks:
                        - name: the variable is still known
                          run: echo $APP in $(basename $PWD)
                          expect: {stdout: {equals: "web in steps\\n"}}
                    - file: steps/3.md
                      checks:
                        - name: nothing is left
                          run: kubectl get deploy -n shop
                          expect: {stderr: {contains: [No resources found]}}
                """);
        step(lab, 1, "kubectl create deploy web -n shop --image nginx\nAPP=web");
        step(
                lab,
                2,
                "cd labs/u/steps\nkubectl expose -n shop deploy/$APP --port 80 --target-port 80");
        step(lab, 3, "kubectl delete -n shop deploy/$APP svc/$APP");
    }

    private static void step(Path folder, int number, String script) throws Exception {
        Files.writeString(
                folder.resolve(number + ".md"),
                "# Step " + number + "\n\n```plain\n" + script + "\n```{{exec}}\n");
    }

    private Lab lab() throws Exception {
        return new LabLoader(root).load("u");
    }

    private static final class Heard implements LabListener {
        private final List<String> said = new ArrayList<>();

        @Override
        public synchronized void progress(String message) {
            said.add(message);
        }

        @Override
        public synchronized void stepResumed(Lab.Step step) {
            said.add("resumed " + step.id());
        }

        @Override
        public synchronized void stepStarted(Lab.Step step) {
            said.add("started " + step.id());
        }

        @Override
        public synchronized void stepUndone(Lab.Step step, List<String> notes) {
            said.add("undone " + step.id() + ": " + notes);
        }
    }

    @Test
    void aSessionGoesBackStepByStep() throws Exception {
        Lab lab = lab();
        Heard heard = new Heard();
        try (LabRun.OpenLab open =
                new LabRun(Clock.systemUTC()).open(lab, LoadBalancer.NONE, heard)) {
            LabSession session = open.session();
            assertThat(session.undo()).isEmpty();
            for (Lab.Step step : lab.steps()) {
                session.run(step);
            }
            assertThat(open.cluster().client().services().inNamespace("shop").list().getItems())
                    .isEmpty();
            assertThat(session.undoable()).contains(lab.steps().get(2));

            assertThat(session.undo()).contains(lab.steps().get(2));

            assertThat(open.cluster().client().services().inNamespace("shop").list().getItems())
                    .hasSize(1);
            assertThat(session.check(lab.steps().getFirst()))
                    .as("its pods run again")
                    .extracting(CheckResult::status)
                    .containsExactly(CheckResult.Status.PASSED);
            assertThat(session.check(lab.steps().get(1)))
                    .extracting(CheckResult::status)
                    .containsExactly(CheckResult.Status.PASSED);

            assertThat(session.undo()).contains(lab.steps().get(1));
            assertThat(open.shell().directory()).isEqualTo(root);
            assertThat(session.undo()).contains(lab.steps().getFirst());
            assertThat(open.shell().variable("APP")).isNull();
            assertThat(
                            open.cluster()
                                    .client()
                                    .apps()
                                    .deployments()
                                    .inNamespace("shop")
                                    .list()
                                    .getItems())
                    .isEmpty();
            assertThat(session.undo()).isEmpty();
        }
        assertThat(heard.said).contains("undone 3: [" + UndoLog.LOST + "]");
    }

    @Test
    void aRunGoesOnWhereAnEarlierOneStopped() throws Exception {
        Lab lab = lab();
        Path file = root.resolve("u.snapshot");
        LabResult first =
                new LabRun(Clock.systemUTC())
                        .run(lab, LoadBalancer.METALLB, 1, new Heard(), null, file);
        SavedLab saved = SavedLab.load(file);
        assertThat(saved.mismatch(lab)).isNull();
        assertThat(saved.progress().steps()).isEqualTo(first.steps());
        assertThat(saved.progress().loadBalancer()).isEqualTo(LoadBalancer.METALLB);

        Heard heard = new Heard();
        LabResult second =
                new LabRun(Clock.systemUTC()).run(lab, LoadBalancer.NONE, 3, heard, saved, file);

        assertThat(second.passed()).as(second.toString()).isTrue();
        assertThat(second.steps())
                .extracting(LabResult.StepResult::id)
                .containsExactly("1", "2", "3");
        assertThat(second.steps().getFirst()).isEqualTo(first.steps().getFirst());
        assertThat(heard.said)
                .contains("resumed 1", "started 2", "started 3", "Resumed. " + UndoLog.LOST)
                .doesNotContain("started 1");
        assertThat(SavedLab.load(file).progress().steps()).isEqualTo(second.steps());
    }

    @Test
    void aFileFitsItsOwnLabOnly() throws Exception {
        Path file = root.resolve("u.snapshot");
        new LabRun(Clock.systemUTC())
                .run(lab(), LoadBalancer.NONE, 1, new LabListener() {}, null, file);
        SavedLab saved = SavedLab.load(file);
        Path yaml = root.resolve("labs/u/lab.yaml");
        String text = Files.readString(yaml);
        Files.move(root.resolve("labs/u/steps/1.md"), root.resolve("labs/u/steps/one.md"));
        Files.writeString(yaml, text.replace("steps/1.md", "steps/one.md"));
        assertThat(saved.mismatch(lab())).contains("steps have changed");
        try (FakeCluster cluster =
                FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE))) {
            cluster.checkpoint().orElseThrow().save(file, java.util.Map.of());
        }
        Assertions.assertThatThrownBy(() -> SavedLab.load(file))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("holds a cluster but no lab");
    }

    @Test
    void linesThatChangeNothingAreNotInTheWay() throws Exception {
        try (FakeCluster cluster =
                        FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
                Shell shell = StandardCommands.open(cluster, root)) {
            UndoLog<String> log =
                    new UndoLog<>(
                            cluster,
                            shell,
                            OutputStream.nullOutputStream(),
                            OutputStream.nullOutputStream());
            for (String line :
                    List.of(
                            "kubectl create configmap one",
                            "kubectl get configmaps",
                            "X=1",
                            "kubectl auth can-i get pods",
                            "kubectl run forwarded --image nginx",
                            "kubectl wait --for condition=Ready pod/forwarded",
                            "kubectl port-forward forwarded :80 &",
                            "kubectl delete pod forwarded --now; kubectl create configmap two")) {
                log.remember(line);
                run(shell, line);
                log.forgetUnchanged();
            }
            assertThat(log.labels().reversed())
                    .containsExactly(
                            "kubectl create configmap one",
                            "X=1",
                            "kubectl run forwarded --image nginx",
                            "kubectl port-forward forwarded :80 &",
                            "kubectl delete pod forwarded --now; kubectl create configmap two");
        }
    }

    @Test
    void portForwardsOfThenStartAgain() throws Exception {
        try (FakeCluster cluster =
                        FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
                Shell shell = StandardCommands.open(cluster, root)) {
            UndoLog<String> log =
                    new UndoLog<>(
                            cluster,
                            shell,
                            OutputStream.nullOutputStream(),
                            OutputStream.nullOutputStream());
            run(
                    shell,
                    "kubectl run web --image nginx; kubectl wait --for"
                            + " condition=Ready pod/web");
            run(shell, "kubectl port-forward web :80 &");
            run(shell, "sleep 1000 &");
            log.remember("clean up");
            run(shell, "kill %1 %2; wait; kubectl delete pod web --now");

            Optional<UndoLog.Undone<String>> undone = log.undo();

            assertThat(undone.orElseThrow().notes())
                    .containsExactly(
                            UndoLog.LOST,
                            "Started again: kubectl port-forward web :80 &",
                            "Ran in the background and does not any more: sleep 1000");
            assertThat(shell.jobs())
                    .extracting(Shell.RunningJob::source)
                    .containsExactly("kubectl port-forward web :80");
            int port =
                    shell.jobs().getFirst().job().ports().stream().findFirst().orElseThrow().port();
            assertThat(run(shell, "curl -s localhost:" + port)).contains("Welcome to nginx!");
        }
    }

    private static String run(Shell shell, String script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        shell.run(script, out, OutputStream.nullOutputStream());
        return out.toString(StandardCharsets.UTF_8);
    }
}
