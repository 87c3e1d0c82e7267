package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.controller.object.Fields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a program says about its end: the file at {@code terminationMessagePath}, or the end of its
 * log when it failed and the container asks for that. Source: kubelet's {@code
 * kuberuntime_container.go}.
 */
final class TerminationMessage {

    private static final int MOST_BYTES = 4096;
    private static final int MOST_LOG_LINES = 80;
    private static final int MOST_LOG_CHARS = 2048;

    private TerminationMessage() {}

    static String of(ContainerSpec spec, RunningContainer run, int exitCode) {
        byte[] written = run.files().read(Fields.text(spec.json(), "terminationMessagePath"));
        if (written != null && written.length > 0) {
            int from = Math.max(0, written.length - MOST_BYTES);
            return new String(written, from, written.length - from, StandardCharsets.UTF_8);
        }
        boolean fallBack =
                exitCode != 0
                        && Fields.text(spec.json(), "terminationMessagePolicy")
                                .equals("FallbackToLogsOnError");
        return fallBack ? endOf(run.output()) : "";
    }

    private static String endOf(ContainerLog log) {
        List<ContainerLog.Line> lines = log.from(Math.max(0, log.next() - MOST_LOG_LINES));
        String text = lines.stream().map(line -> line.text() + "\n").collect(Collectors.joining());
        return text.substring(Math.max(0, text.length() - MOST_LOG_CHARS));
    }
}
