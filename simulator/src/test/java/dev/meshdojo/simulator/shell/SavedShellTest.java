package dev.meshdojo.simulator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedShellTest {

    private static final String PROBE =
            "echo $PWD-$A-$B-${C-unset}; env | grep -c ^B=; f x; set -o | grep -c 'pipefail *on'";

    @TempDir Path directory;

    private static String run(Shell shell, String script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        shell.run(script, out, OutputStream.nullOutputStream());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void prepare(Shell shell) {
        run(shell, "mkdir -p d; cd d; A=1; export B=2; f() { echo f-$1; }; set -o pipefail");
    }

    @Test
    void goesBackToWhatItWas() {
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            prepare(shell);
            String before = run(shell, PROBE);
            String kubeconfig = shell.variable("KUBECONFIG");
            SavedShell saved = shell.save();
            run(
                    shell,
                    "cd /; A=9; unset B; C=new; f() { echo other; }; set +o pipefail; export"
                            + " KUBECONFIG=/other");

            assertThat(shell.restore(saved)).isEmpty();

            assertThat(run(shell, PROBE)).isEqualTo(before);
            assertThat(shell.variable("KUBECONFIG")).isEqualTo(kubeconfig);
            assertThat(shell.save()).isEqualTo(saved);
        }
    }

    @Test
    void anotherShellGoesOn() {
        String before;
        SavedShell saved;
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            prepare(shell);
            before = run(shell, PROBE);
            saved = shell.save();
        }
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            shell.restore(saved);
            assertThat(run(shell, PROBE)).isEqualTo(before);
            assertThat(Path.of(String.valueOf(shell.variable("KUBECONFIG"))))
                    .as("its own kubeconfig")
                    .exists();
        }
    }

    @Test
    void endsJobsThatAreNewerAndNamesThoseThatEnded() {
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            run(shell, "sleep 1000 &");
            run(shell, "sleep 2000 &");
            SavedShell saved = shell.save();
            run(shell, "kill %1; wait %1");
            run(shell, "sleep 3000 &");

            assertThat(shell.restore(saved)).containsExactly("sleep 1000");

            assertThat(shell.jobs())
                    .extracting(Shell.RunningJob::source)
                    .containsExactly("sleep 2000");
        }
    }

    @Test
    void staysWhereItIsWhenTheDirectoryIsGone() throws Exception {
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            run(shell, "mkdir gone; cd gone");
            SavedShell saved = shell.save();
            run(shell, "cd ..");
            Files.delete(directory.resolve("gone"));
            shell.restore(saved);
            assertThat(shell.directory()).isEqualTo(directory);
        }
    }
}
