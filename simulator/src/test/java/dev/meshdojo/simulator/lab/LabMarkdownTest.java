package dev.meshdojo.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LabMarkdownTest {

    record Row(String name, String text, List<LabBlock> blocks) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        return List.of(
                new Row("nothing", "", List.of()),
                new Row("text alone", "Hello\n", List.of(new LabBlock.Prose("Hello\n"))),
                new Row(
                        "a command between texts",
                        "Before\n\n```plain\nls\n```{{exec}}\n\nAfter\n",
                        List.of(
                                new LabBlock.Prose("Before\n"),
                                new LabBlock.Command("ls\n", 4),
                                new LabBlock.Prose("After\n"))),
                new Row(
                        "a listing is not run",
                        "```yaml\na: 1\n```\n",
                        List.of(new LabBlock.Listing("yaml", "a: 1\n"))),
                new Row(
                        "exec with an option",
                        "```\nls\n```{{exec interrupt}}\n",
                        List.of(new LabBlock.Command("ls\n", 2))),
                new Row(
                        "an unclosed fence ends with the file",
                        "```\nls\n",
                        List.of(new LabBlock.Listing("", "ls\n"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void splitsIntoBlocks(Row row) {
        assertThat(LabMarkdown.parse(row.text())).isEqualTo(row.blocks());
    }

    @Test
    void theFirstHeadingIsTheTitle() {
        assertThat(LabMarkdown.title("text\n## Second *level*\n# First\n", "x"))
                .isEqualTo("Second *level*");
        assertThat(LabMarkdown.title("no heading\n", "03-step")).isEqualTo("03-step");
    }
}
