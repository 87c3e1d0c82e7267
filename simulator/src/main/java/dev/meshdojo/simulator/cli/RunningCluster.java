package dev.meshdojo.simulator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meshdojo.simulator.cluster.fake.SnapshotEndpoint;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;

/** A cluster that some {@code meshdojo cluster up} runs, reached by its kubeconfig. */
final class RunningCluster implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;

    private RunningCluster(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Reads a kubeconfig.
     *
     * @throws CliException when there is none, or it cannot be read
     */
    static RunningCluster open(Path kubeconfig) {
        if (!Files.isRegularFile(kubeconfig)) {
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    "--kubeconfig: no file "
                            + kubeconfig
                            + "; name the one that `meshdojo cluster up` wrote");
        }
        try {
            Config config = Config.fromKubeconfig(kubeconfig.toFile());
            config.setRequestRetryBackoffLimit(0);
            return new RunningCluster(new KubernetesClientBuilder().withConfig(config).build());
        } catch (KubernetesClientException e) {
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    "--kubeconfig: " + kubeconfig + " cannot be read: " + e.getMessage());
        }
    }

    /** Where it is. */
    String address() {
        return client.getMasterUrl().toString().replaceAll("/$", "");
    }

    /** Its state as the bytes of a snapshot file. */
    byte[] state() throws InterruptedException {
        return exchange(UnaryOperator.identity());
    }

    /** Takes it back to a state. */
    void restore(byte[] state) throws InterruptedException {
        exchange(request -> request.post(SnapshotEndpoint.MEDIA_TYPE, state));
    }

    private byte[] exchange(UnaryOperator<HttpRequest.Builder> made) throws InterruptedException {
        HttpRequest request =
                made.apply(
                                client.getHttpClient()
                                        .newHttpRequestBuilder()
                                        .uri(address() + SnapshotEndpoint.PATH))
                        .build();
        HttpResponse<byte[]> response;
        try {
            response = client.getHttpClient().sendAsync(request, byte[].class).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CliException(
                    ExitCode.ENVIRONMENT,
                    "no cluster answers at "
                            + address()
                            + " ("
                            + (cause instanceof ConnectException ? "connection refused" : cause)
                            + "); does `meshdojo cluster up` still run?");
        }
        if (response.code() == NOT_FOUND) {
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    "the cluster at "
                            + address()
                            + " is not run by this version of meshdojo; no other can be saved"
                            + " and restored");
        }
        if (!response.isSuccessful()) {
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    "the cluster at " + address() + " refuses: " + message(response.body()));
        }
        return response.body();
    }

    private static String message(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            return JSON.readTree(text).path("message").asText(text);
        } catch (JsonProcessingException _) {
            return text;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
