package dev.meshdojo.simulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterSnapshotCommandTest {

    private FakeCluster cluster;
    private Path folder;
    private Path kubeconfig;
    private Path saved;

    record Outcome(int code, String out, String err) {}

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        cluster = FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), cluster.kubeconfig());
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @BeforeEach
    void clean() throws Exception {
        saved = folder.resolve("saved");
        Files.deleteIfExists(saved);
    }

    private Outcome run(Path config, String command, Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] words = new String[4 + arguments.length];
        words[0] = "cluster";
        words[1] = command;
        words[2] = "--kubeconfig";
        words[3] = config.toString();
        for (int i = 0; i < arguments.length; i++) {
            words[4 + i] = arguments[i].toString();
        }
        return new Outcome(line.execute(words), out.toString(), err.toString());
    }

    private void create(String name) {
        cluster.client()
                .resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .withNamespace("default")
                                .endMetadata()
                                .build())
                .create();
    }

    private boolean exists(String name) {
        KubernetesClient client = cluster.client();
        return client.configMaps().inNamespace("default").withName(name).get() != null;
    }

    @Test
    void savesAndRestoresAClusterThatRunsOn() throws Exception {
        create("before");

        Outcome outcome = run(kubeconfig, "snapshot", saved);

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("objects of the cluster at https://127.0.0.1:")
                .contains("Go back: meshdojo cluster restore " + saved);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(saved)))
                .isEqualTo("rw-------");

        create("after");
        cluster.client().configMaps().inNamespace("default").withName("before").delete();
        Outcome back = run(kubeconfig, "restore", saved);

        assertThat(back.code()).as(back.err()).isZero();
        assertThat(back.out()).contains("is as " + saved + " says.").contains("Not brought back");
        assertThat(exists("before")).isTrue();
        assertThat(exists("after")).isFalse();
    }

    @Test
    void keepsAFileThatExistsUnlessForced() throws Exception {
        Files.writeString(saved, "precious");
        Outcome refused = run(kubeconfig, "snapshot", saved);
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(refused.err()).contains(saved + " exists; name another file, or add --force");
        assertThat(saved).hasContent("precious");
        assertThat(run(kubeconfig, "snapshot", "--force", saved).code()).isZero();
        assertThat(Files.readString(saved, java.nio.charset.StandardCharsets.ISO_8859_1))
                .startsWith("meshdojo-snapshot ");
    }

    @Test
    void saysWhatIsWrongWithFiles() throws Exception {
        Path none = folder.resolve("none");
        assertThat(run(none, "snapshot", saved))
                .isEqualTo(
                        new Outcome(
                                ExitCode.BAD_INPUT,
                                "",
                                "meshdojo: --kubeconfig: no file "
                                        + none
                                        + "; name the one that `meshdojo cluster up` wrote\n"));
        assertThat(run(kubeconfig, "restore", none).err()).contains("no file " + none);
        Path other = Files.writeString(folder.resolve("other"), "no snapshot");
        Outcome damaged = run(kubeconfig, "restore", other);
        assertThat(damaged.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(damaged.err()).contains("is no snapshot of a meshdojo cluster");
        Outcome nowhere = run(kubeconfig, "snapshot", folder.resolve("no/folder"));
        assertThat(nowhere.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(nowhere.err()).contains("cannot be written").contains("create it first");
    }

    @Test
    void saysThatNothingAnswers() throws Exception {
        Path gone =
                Files.writeString(
                        folder.resolve("gone"),
                        cluster.kubeconfig().replaceAll("127.0.0.1:\\d+", "127.0.0.1:1"));
        Outcome outcome = run(gone, "snapshot", saved);
        assertThat(outcome.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(outcome.err())
                .contains("no cluster answers at https://127.0.0.1:1")
                .contains("connection refused");
        assertThat(saved).doesNotExist();
    }

    @Test
    void isForTheAdministratorAlone() throws Exception {
        String token =
                cluster.apiServer()
                        .serviceAccountToken("default", "default", null, java.util.List.of(), null);
        cluster.client()
                .rbac()
                .clusterRoleBindings()
                .resource(
                        new io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder()
                                .withNewMetadata()
                                .withName("everything")
                                .endMetadata()
                                .withNewRoleRef(
                                        "rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                                .addNewSubject("", "ServiceAccount", "default", "default")
                                .build())
                .create();
        Path weaker =
                Files.writeString(
                        folder.resolve("weaker"),
                        cluster.kubeconfig().replace(cluster.apiServer().token(), token));
        Outcome outcome = run(weaker, "snapshot", saved);
        assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.err()).contains("is not in group \"system:masters\"");
        assertThat(saved).doesNotExist();
    }
}
