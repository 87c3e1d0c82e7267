package dev.meshdojo.junit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.lab.Lab;
import dev.meshdojo.simulator.lab.LabListener;
import dev.meshdojo.simulator.lab.LabLoader;
import dev.meshdojo.simulator.lab.LabResult;
import dev.meshdojo.simulator.lab.LabRun;
import dev.meshdojo.simulator.scenario.CheckResult;
import dev.meshdojo.simulator.scenario.CheckResult.Status;
import dev.meshdojo.simulator.scenario.spec.InvalidSpecException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Uses the local ports 8081, 1234 and 1443, as the lab's text does, so only one run at a time. */
@ResourceLock("ports 8081, 1234 and 1443")
class Lab03Test {

    private static final Path ROOT = Path.of("..");

    private static LabResult run(Path root, LoadBalancer loadBalancer)
            throws IOException, InvalidSpecException, InterruptedException {
        Lab lab = new LabLoader(root).load("03");
        return new LabRun(Clock.systemUTC())
                .run(lab, loadBalancer, lab.steps().size(), new LabListener() {});
    }

    private static List<CheckResult> failures(LabResult result) {
        return result.steps().stream()
                .flatMap(step -> step.checks().stream())
                .filter(check -> check.status() == Status.FAILED)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(LoadBalancer.class)
    @DisplayName("Lab 03 runs from start to end with every check holding")
    void everyCheckHolds(LoadBalancer loadBalancer) throws Exception {
        LabResult result = run(ROOT, loadBalancer);
        assertThat(failures(result)).isEmpty();
        assertThat(result.checks(Status.PASSED)).isGreaterThan(20);
        String skipped = loadBalancer == LoadBalancer.NONE ? "with-address" : "without-address";
        assertThat(result.steps().stream().filter(step -> !step.skipped().isEmpty()))
                .extracting(LabResult.StepResult::id)
                .containsExactly("05-" + skipped, "11-https-" + skipped);
    }

    @Test
    @DisplayName(
            "A wrong route makes the check of that route fail, with what was expected and seen")
    void aWrongRouteIsNoticed(@TempDir Path copy) throws Exception {
        copyLabs(copy);
        Path file = copy.resolve("labs/03/virtualservices.yaml");
        Files.writeString(
                file,
                Files.readString(file).replace("uri: {prefix: /follow}", "uri: {prefix: /fallow}"));
        LabResult result = run(copy, LoadBalancer.NONE);
        assertThat(result.passed()).isFalse();
        assertThat(failures(result))
                .anySatisfy(
                        check -> {
                            assertThat(check.name())
                                    .isEqualTo("/follow reaches follow, greetings and order");
                            assertThat(check.expected()).contains("status 200");
                            assertThat(check.seen()).contains("status 404");
                        });
    }

    private static void copyLabs(Path to) throws IOException {
        Path labs = ROOT.resolve("labs");
        try (Stream<Path> files = Files.walk(labs)) {
            files.forEach(
                    file -> {
                        try {
                            Files.copy(file, to.resolve("labs").resolve(labs.relativize(file)));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }
}
