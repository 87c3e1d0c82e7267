package dev.meshdojo.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NormalizerTest {

    private static final Path CORPUS = Path.of("../scenarios/corpus/kubectl");
    private static final String SERVER = "https://127.0.0.1:34567";

    record Row(String name, String run, String given, String output, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        return List.of(
                new Row(
                        "a table's widths and ages go",
                        "kubectl get cm",
                        "",
                        "NAME               DATA   AGE\nkube-root-ca.crt   1      5m30s\n",
                        "NAME   DATA   AGE\nkube-root-ca.crt   1   <age>\n"),
                new Row(
                        "an empty cell shows",
                        "kubectl get ing",
                        "",
                        "NAME   CLASS    HOSTS   ADDRESS   PORTS\nweb    <none>   *                 80\n",
                        "NAME   CLASS   HOSTS   ADDRESS   PORTS\nweb   <none>   *   <blank>   80\n"),
                new Row(
                        "repeated events are an age",
                        "kubectl get events",
                        "",
                        "LAST SEEN            TYPE     REASON\n5s (x2 over 1m10s)   Normal   Killing\n",
                        "LAST SEEN   TYPE   REASON\n<age>   Normal   Killing\n"),
                new Row(
                        "generated names go, given ones stay",
                        "kubectl get po web-qqqqq",
                        "",
                        "pod/web-qqqqq pod/web-7d4b9c6f5b-x2x4z pod/web-zzzzz web-https",
                        "pod/web-qqqqq pod/web-<hash>-<hash> pod/web-<hash> web-https"),
                new Row(
                        "addresses go, ranges and given ones stay",
                        "kubectl describe svc --ip=10.96.1.1",
                        "",
                        "10.96.1.1 10.96.7.7 10.244.0.0/24 192.168.49.2:6443 10.0.0.1",
                        "10.96.1.1 <ip> 10.244.0.0/24 <ip>:6443 10.0.0.1"),
                new Row(
                        "the server's URL goes",
                        "kubectl cluster-info",
                        "",
                        "running at " + SERVER,
                        "running at <server>"),
                new Row(
                        "node ports go",
                        "kubectl get svc",
                        "nodePort: 30080",
                        "80:30080/TCP,53:31999/UDP\n    nodePort: 32001",
                        "80:30080/TCP,53:<nodeport>/UDP\n    nodePort: <nodeport>"),
                new Row(
                        "curl keeps widths but not ages of cells",
                        "curl -s localhost:8001/x",
                        "",
                        "NAME  AGE\n[\"a\", \"12s\"] {\"k\": \"12s\"}",
                        "NAME  AGE\n[\"a\", \"<age>\"] {\"k\": \"12s\"}"),
                new Row(
                        "progress goes",
                        "kubectl rollout status deploy/web",
                        "",
                        "Waiting for deployment \"web\" rollout to finish\ndone\n",
                        "done\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void outputIsBroughtToItsRecordedForm(Row row) {
        Transcript.Step step = new Transcript.Step(row.run(), 0, "", "", false);
        Transcript transcript =
                new Transcript("a", "n", "", Map.of("f", row.given()), false, List.of(step));
        assertThat(new Normalizer(transcript, SERVER).normalize(step, row.output()))
                .isEqualTo(row.expected());
    }

    @Test
    void whatWasRecordedIsInItsRecordedFormAlready() throws IOException {
        List<String> changed = new ArrayList<>();
        for (Transcript transcript : TranscriptReader.readAll(CORPUS)) {
            Normalizer normalizer = new Normalizer(transcript, SERVER);
            for (Transcript.Step step : transcript.steps()) {
                String again = normalizer.normalize(step, step.stdout());
                List<String> difference =
                        OutputComparison.compare(
                                step, withoutEmptyEnd(step.stdout()), withoutEmptyEnd(again));
                if (!difference.isEmpty()) {
                    changed.add(transcript.id() + ": " + step.run() + "\n" + difference);
                }
            }
        }
        assertThat(changed).isEmpty();
    }

    /** A row whose columns are squeezed already can seem to have empty cells at its end. */
    private static String withoutEmptyEnd(String text) {
        return text.replaceAll("(?m)(   <blank>)+$", "");
    }
}
