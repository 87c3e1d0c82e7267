package dev.meshdojo.simulator.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The empty home, working directory and {@code kubectl proxy} of one replay. */
final class Workspace implements AutoCloseable {

    private static final Pattern SERVING = Pattern.compile("Starting to serve on [\\d.]+:(\\d+)");
    private static final int RECORDED_PROXY_PORT = 8001;

    private final Path root;
    private final ReplayTools tools;
    private @Nullable Process proxy;
    private int proxyPort = RECORDED_PROXY_PORT;

    /** What a command left. */
    record Outcome(int exit, String stdout, String stderr) {}

    private Workspace(Path root, ReplayTools tools) {
        this.root = root;
        this.tools = tools;
    }

    static Workspace create(Transcript transcript, LabKubeconfig kubeconfig, ReplayTools tools)
            throws IOException {
        Workspace workspace = new Workspace(Files.createTempDirectory("meshdojo-replay-"), tools);
        try {
            workspace.prepare(transcript, kubeconfig);
            return workspace;
        } catch (IOException e) {
            workspace.close();
            throw e;
        }
    }

    private void prepare(Transcript transcript, LabKubeconfig kubeconfig) throws IOException {
        Files.createDirectories(root.resolve("home"));
        Path work = Files.createDirectories(root.resolve("work"));
        Files.writeString(root.resolve("kubeconfig"), kubeconfig.yaml());
        for (Map.Entry<String, String> file : transcript.files().entrySet()) {
            Path target = work.resolve(file.getKey());
            Files.createDirectories(target.getParent() == null ? work : target.getParent());
            Files.writeString(target, file.getValue());
        }
        if (transcript.proxy()) {
            startProxy();
        }
    }

    private void startProxy() throws IOException {
        Process process = process("kubectl", "proxy", "--port=0").redirectErrorStream(true).start();
        proxy = process;
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        Matcher matcher = SERVING.matcher(line == null ? "" : line);
        if (!matcher.find()) {
            throw new IOException("kubectl proxy did not start; it said: " + line);
        }
        proxyPort = Integer.parseInt(matcher.group(1));
    }

    /** Runs a command line; one that takes longer than {@code limit} is killed. */
    Outcome run(String command, Duration limit) throws IOException, InterruptedException {
        Path stdout = root.resolve("stdout");
        Path stderr = root.resolve("stderr");
        Process process =
                process("bash", "-c", command.replace(":" + RECORDED_PROXY_PORT, ":" + proxyPort))
                        .redirectOutput(stdout.toFile())
                        .redirectError(stderr.toFile())
                        .start();
        String note = "";
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            kill(process);
            note = "killed after " + limit.toSeconds() + " s\n";
        }
        return new Outcome(
                process.waitFor(), Files.readString(stdout), Files.readString(stderr) + note);
    }

    private ProcessBuilder process(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
        environment.keySet().removeIf(name -> name.startsWith("HELM_") || name.startsWith("KUBE"));
        environment.keySet().removeIf(name -> name.startsWith("XDG_"));
        environment.put("PATH", tools.searchPath(path));
        environment.put("HOME", root.resolve("home").toString());
        environment.put("KUBECONFIG", root.resolve("kubeconfig").toString());
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("TZ", "UTC");
        return builder.directory(root.resolve("work").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        Process running = proxy;
        if (running != null) {
            kill(running);
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
