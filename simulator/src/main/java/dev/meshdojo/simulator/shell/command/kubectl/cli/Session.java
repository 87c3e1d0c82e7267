package dev.meshdojo.simulator.shell.command.kubectl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.command.kubectl.rest.Discovery;
import dev.meshdojo.simulator.shell.command.kubectl.rest.KubeConfig;
import dev.meshdojo.simulator.shell.command.kubectl.rest.Resource;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import dev.meshdojo.simulator.shell.command.kubectl.rest.TrustMaterial;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One call of kubectl: its flags, its cluster, its streams. Used by one thread. */
public final class Session implements AutoCloseable {

    private static final JsonNode MISSING =
            com.fasterxml.jackson.databind.node.MissingNode.getInstance();

    private final Invocation invocation;
    private final Flags flags;
    private @Nullable KubeConfig config;
    private @Nullable RestClient client;
    private @Nullable Discovery discovery;

    /** For a parsed command line. */
    public Session(Invocation invocation, Flags flags) {
        this.invocation = invocation;
        this.flags = flags;
    }

    /** The call. */
    public Invocation invocation() {
        return invocation;
    }

    /** The command line. */
    public Flags flags() {
        return flags;
    }

    /** Standard output. */
    public PrintStream out() {
        return invocation.stdout();
    }

    /** Standard error. */
    public PrintStream err() {
        return invocation.stderr();
    }

    /** Prints a line with Go's line end. */
    public void println(String line) {
        invocation.stdout().print(line + "\n");
    }

    /** The kubeconfig: {@code --kubeconfig}, {@code KUBECONFIG}, else the lab cluster's own. */
    public KubeConfig config() {
        if (config == null) {
            String name =
                    flags.value(
                            "kubeconfig", invocation.environment().getOrDefault("KUBECONFIG", ""));
            try {
                config =
                        name.isEmpty()
                                ? KubeConfig.parse(invocation.cluster().kubeconfig())
                                : KubeConfig.read(
                                        invocation.file(
                                                name.split(java.io.File.pathSeparator, 2)[0]));
            } catch (IOException e) {
                throw KubectlException.error(
                        "error loading config file \"" + name + "\": " + e.getMessage());
            }
        }
        return config;
    }

    /** The context that this call uses; missing when there is none. */
    public JsonNode context() {
        String name = flags.value("context", config().currentContext());
        JsonNode context = config().entry("contexts", name);
        if (context == null && flags.given("context")) {
            throw KubectlException.error("context \"" + name + "\" does not exist");
        }
        return context == null ? MISSING : context;
    }

    /** The namespace in force. */
    public String namespace() {
        String explicit = flags.value("namespace");
        if (!explicit.isEmpty()) {
            return explicit;
        }
        String own = context().path("namespace").asText("");
        return own.isEmpty() ? "default" : own;
    }

    /** Whether {@code -n} was given. */
    public boolean namespaceGiven() {
        return flags.given("namespace");
    }

    /** The API server's client. */
    public RestClient client() {
        if (client == null) {
            client = connect();
        }
        return client;
    }

    private RestClient connect() {
        KubeConfig kubeconfig = config();
        JsonNode context = context();
        String clusterName = flags.value("cluster", context.path("cluster").asText(""));
        String userName = flags.value("user", context.path("user").asText(""));
        JsonNode found = kubeconfig.entry("clusters", clusterName);
        JsonNode cluster = found == null ? MISSING : found;
        JsonNode user = kubeconfig.entry("users", userName);
        JsonNode identity = user == null ? MISSING : user;
        String server =
                flags.value("server", cluster.path("server").asText("http://localhost:8080"));
        boolean insecure =
                flags.is("insecure-skip-tls-verify")
                        || cluster.path("insecure-skip-tls-verify").asBoolean(false);
        try {
            HttpClient http =
                    HttpClient.newBuilder()
                            .sslContext(
                                    TrustMaterial.context(
                                            kubeconfig.bytes(cluster, "certificate-authority"),
                                            kubeconfig.bytes(identity, "client-certificate"),
                                            kubeconfig.bytes(identity, "client-key"),
                                            insecure))
                            .connectTimeout(Duration.ofSeconds(30))
                            .version(HttpClient.Version.HTTP_1_1)
                            .build();
            String token = flags.value("token", identity.path("token").asText(""));
            return new RestClient(
                    http,
                    URI.create(server),
                    token.isEmpty() ? null : token,
                    text -> err().print("Warning: " + text + "\n"));
        } catch (IOException e) {
            throw KubectlException.error(String.valueOf(e.getMessage()));
        }
    }

    /** What the server serves. */
    public Discovery discovery() throws InterruptedException {
        if (discovery == null) {
            discovery = Discovery.read(client());
        }
        return discovery;
    }

    /** The kind that the user named. */
    public Resource resource(String word) throws InterruptedException {
        Resource resource = discovery().find(word);
        if (resource == null) {
            throw KubectlException.error(
                    "the server doesn't have a resource type \"" + word + "\"");
        }
        return resource;
    }

    /** A file that the user named. */
    public Path file(String name) {
        return invocation.file(name);
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
