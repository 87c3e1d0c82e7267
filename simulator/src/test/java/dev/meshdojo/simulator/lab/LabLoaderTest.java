package dev.meshdojo.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshdojo.simulator.scenario.spec.InvalidSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabLoaderTest {

    private static final String VALID =
            """
            apiVersion: meshdojo.dev/v1alpha1
            kind: Lab
            metadata: {name: "01"}
            spec:
              title: One
              summary: The first.
              cluster: {istio: minimal}
              steps:
                - file: step.md
                  checks:
                    - name: answers
                      request: {url: "http://x/"}
                      expect: {status: 200}
            """;

    @TempDir Path root;

    private LabLoader lab(String yaml) throws IOException {
        Path directory = Files.createDirectories(root.resolve("labs/01"));
        Files.writeString(directory.resolve("lab.yaml"), yaml);
        Files.writeString(directory.resolve("step.md"), "# Hello\n\n```\nls\n```{{exec}}\n");
        return new LabLoader(root);
    }

    @Test
    void readsStepsAndChecks() throws IOException, InvalidSpecException {
        Lab lab = lab(VALID).load("01");
        assertThat(lab.steps()).hasSize(1);
        assertThat(lab.steps().getFirst().title()).isEqualTo("Hello");
        assertThat(lab.steps().getFirst().commands()).hasSize(1);
        assertThat(lab.steps().getFirst().checks().getFirst().location())
                .isEqualTo("labs/01/lab.yaml:11");
    }

    @Test
    void namesTheLabsThatExistWhenOneDoesNot() throws IOException {
        assertThatThrownBy(() -> lab(VALID).load("99"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no lab \"99\"")
                .hasMessageContaining("labs there: 01");
    }

    @Test
    void reportsEveryMistakeWithItsPlace() {
        assertThatThrownBy(
                        () ->
                                lab(VALID.replace("istio: minimal", "istio: big")
                                                .replace("file: step.md", "file: other.md")
                                                .replace("status: 200", "statsu: 200"))
                                        .load("01"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("labs/01/lab.yaml:7:")
                .hasMessageContaining("must be none, minimal, default or demo, but is big")
                .hasMessageContaining("no such file: other.md")
                .hasMessageContaining("unknown key; expected outcome, headers, json, status, body");
    }

    @Test
    void saysWhereYamlIsBroken() {
        assertThatThrownBy(() -> lab("a: [1\nb: 2\n").load("01"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith("labs/01/lab.yaml:")
                .hasMessageContaining("is no valid YAML");
    }
}
