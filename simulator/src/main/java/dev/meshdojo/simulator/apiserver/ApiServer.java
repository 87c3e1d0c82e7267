package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.admission.CertificateRequester;
import dev.meshdojo.simulator.apiserver.admission.IngressAdmission;
import dev.meshdojo.simulator.apiserver.admission.LimitRanger;
import dev.meshdojo.simulator.apiserver.admission.NamespaceLifecycle;
import dev.meshdojo.simulator.apiserver.admission.NodeTaints;
import dev.meshdojo.simulator.apiserver.admission.PodAdmission;
import dev.meshdojo.simulator.apiserver.admission.StorageAdmission;
import dev.meshdojo.simulator.apiserver.builtin.BuiltinResources;
import dev.meshdojo.simulator.apiserver.collect.Collector;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import dev.meshdojo.simulator.apiserver.podsecurity.PodSecurity;
import dev.meshdojo.simulator.apiserver.quota.QuotaAdmission;
import dev.meshdojo.simulator.apiserver.rest.Authenticator;
import dev.meshdojo.simulator.apiserver.rest.Certificates;
import dev.meshdojo.simulator.apiserver.rest.Dispatcher;
import dev.meshdojo.simulator.apiserver.rest.HttpsServer;
import dev.meshdojo.simulator.apiserver.rest.Representation;
import dev.meshdojo.simulator.apiserver.rest.ResourceHandler;
import dev.meshdojo.simulator.apiserver.rest.ServerIdentity;
import dev.meshdojo.simulator.apiserver.rest.TokenIssuer;
import dev.meshdojo.simulator.apiserver.storage.ResourceStore;
import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import io.netty.handler.ssl.SslContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/**
 * An in-process Kubernetes API server: HTTPS on loopback for real clients, {@link ResourceApi} for
 * code in this JVM, one store behind both. Thread-safe. Whoever starts it closes it; closing frees
 * port and threads.
 */
public final class ApiServer implements AutoCloseable {

    private static final Logger LOG = System.getLogger(ApiServer.class.getName());
    private static final String SERVICE_IP = "10.96.0.1";

    private final ApiServerOptions options;
    private final ApiCore core;
    private final ServerIdentity identity;
    private final TokenIssuer tokens;
    private final Collector collector;
    private final List<Runnable> afterRestore = new CopyOnWriteArrayList<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<AutoCloseable> closeables = new ArrayDeque<>();
    private final Dispatcher dispatcher;
    private final HttpsServer https;

    private ApiServer(ApiServerOptions options) {
        this.options = options;
        ResourceRegistry registry = new ResourceRegistry();
        registry.add(BuiltinResources.all());
        Snapshot saved = options.snapshot();
        ResourceStore store =
                saved == null
                        ? new ResourceStore(1, options.history())
                        : new ResourceStore(saved.image(), options.history());
        this.core = new ApiCore(store, registry, options.clock());
        this.identity =
                saved == null ? ServerIdentity.create() : ServerIdentity.of(saved.attributes());
        Future<SslContext> tls =
                executor.submit(() -> HttpsServer.tls(identity.certificates(), SERVICE_IP));
        this.tokens = new TokenIssuer(identity.tokenKeys(), options.clock());
        Representation representation = new Representation();
        this.dispatcher =
                new Dispatcher(
                        new Authenticator(
                                identity.adminToken(),
                                new UserInfo(
                                        "kubernetes-admin",
                                        "u-admin",
                                        List.of(UserInfo.MASTERS, "system:authenticated"),
                                        Map.of()),
                                this::serviceAccount),
                        new ResourceHandler(core, representation, tokens),
                        executor);
        this.collector = new Collector(core);
        closeables.push(collector);
        if (saved == null) {
            createNamespaces();
        }
        ResourceApi internal = api("kube-apiserver");
        core.admission(new NamespaceLifecycle(internal));
        core.admission(new PodAdmission(internal, core.store()));
        core.admission(new LimitRanger(internal));
        core.admission(new PodSecurity(internal));
        core.admission(new CertificateRequester());
        core.admission(new NodeTaints());
        core.admission(new StorageAdmission(internal));
        core.admission(new IngressAdmission(internal));
        core.admission(new QuotaAdmission(internal, options.clock()));
        ExtensionPoints points = new Points(representation);
        options.extensions().forEach(extension -> extension.install(points));
        this.https = new HttpsServer(made(tls), options.port(), dispatcher);
    }

    private static SslContext made(Future<SslContext> tls) {
        try {
            return tls.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the API server starts", e);
        }
    }

    /** Starts a server; it answers when this returns. */
    public static ApiServer start(ApiServerOptions options) {
        return new ApiServer(options);
    }

    /** Where it listens, such as {@code https://127.0.0.1:41234}. */
    public URI address() {
        return URI.create("https://127.0.0.1:" + https.port());
    }

    /** The certificate authority that clients have to trust, as PEM. */
    public String authorityPem() {
        return identity.certificates().authorityPem();
    }

    /** A new mesh certificate for the workload {@code spiffe}, signed by the authority. */
    public Certificates.Identity workloadIdentity(String spiffe) {
        return identity.certificates().workload(spiffe);
    }

    /** A new serving certificate for a Service, signed by the authority. */
    public Certificates.Identity serviceIdentity(String name, String namespace) {
        return identity.certificates().service(name, namespace);
    }

    /**
     * The user name that a service account's token stands for, as a TokenReview would tell; null
     * when it is not good.
     *
     * @param audiences one of them has to be the token's
     */
    public @Nullable String tokenUser(String token, List<String> audiences) {
        UserInfo user = current(tokens.read(token, audiences));
        return user == null ? null : user.username();
    }

    /** A certificate for a request that was approved, as PEM. */
    public String signCertificate(
            PKCS10CertificationRequest request, List<String> usages, Duration life) {
        return identity.certificates().sign(request, usages, life);
    }

    /** The administrator's bearer token. */
    public String token() {
        return identity.adminToken();
    }

    /**
     * A token of a service account. A secret.
     *
     * @param validity null for one that does not expire
     * @param audiences whom it is for; empty for this server
     * @param pod the pod that it is bound to, or null
     * @throws ApiException when there is no such service account
     */
    public String serviceAccountToken(
            String namespace,
            String name,
            @Nullable Duration validity,
            List<String> audiences,
            TokenIssuer.@Nullable BoundPod pod) {
        ObjectNode account = api().find(new ResourceKey("", "serviceaccounts", namespace, name));
        if (account == null) {
            throw Statuses.notFound("", "serviceaccounts", name);
        }
        return tokens.issue(
                new TokenIssuer.Claims(
                        namespace,
                        name,
                        account.path("metadata").path("uid").asText(),
                        audiences,
                        validity == null ? null : options.clock().instant().plus(validity),
                        pod));
    }

    /** A token is good for as long as its service account is the same. */
    private @Nullable UserInfo serviceAccount(String token) {
        return current(tokens.read(token));
    }

    private @Nullable UserInfo current(@Nullable UserInfo user) {
        if (user == null) {
            return null;
        }
        String[] subject = user.username().split(":");
        ObjectNode account =
                api().find(new ResourceKey("", "serviceaccounts", subject[2], subject[3]));
        return account != null && account.path("metadata").path("uid").asText().equals(user.uid())
                ? user
                : null;
    }

    /** A kubeconfig of the administrator, with the bearer token. A secret. */
    public String kubeconfig() {
        return kubeconfig("token: " + identity.adminToken());
    }

    /** A kubeconfig of the administrator, with a client certificate. A secret. */
    public String certificateKubeconfig() {
        Certificates.Identity client =
                identity.certificates().client("kubernetes-admin", UserInfo.MASTERS);
        return kubeconfig(
                "client-certificate-data: "
                        + base64(client.certificatePem())
                        + "\n    client-key-data: "
                        + base64(client.keyPem()));
    }

    private String kubeconfig(String credentials) {
        String name = options.clusterName();
        return """
               apiVersion: v1
               kind: Config
               clusters:
               - name: %1$s
                 cluster:
                   server: %2$s
                   certificate-authority-data: %3$s
               contexts:
               - name: %1$s
                 context:
                   cluster: %1$s
                   user: admin
                   namespace: %4$s
               current-context: %1$s
               users:
               - name: admin
                 user:
                   %5$s
               """
                .formatted(
                        name, address(), base64(authorityPem()), options.namespace(), credentials);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** All verbs with full rights. */
    public ResourceApi api() {
        return api("kube-controller-manager");
    }

    /** All verbs with full rights, under a field manager's name. */
    public ResourceApi api(String fieldManager) {
        return new LocalResourceApi(core, UserInfo.controlPlane(fieldManager), fieldManager);
    }

    /** All objects as they are now, and what makes another server go on as this one. A secret. */
    public Snapshot snapshot() {
        return new Snapshot(core.store().image(), identity.attributes());
    }

    /**
     * Makes the objects those of a snapshot; watches see the difference as changes, and resource
     * versions go on. The server's keys and address stay.
     */
    public void restore(Snapshot snapshot) {
        collector.paused(() -> core.store().restore(snapshot.image()));
        afterRestore.forEach(Runnable::run);
    }

    /** How many requests of clients, that is over HTTPS, could have changed an object. */
    public long clientWrites() {
        return dispatcher.writes();
    }

    /** The served kinds. */
    public ResourceRegistry registry() {
        return core.registry();
    }

    private void createNamespaces() {
        ResourceApi api = api("kube-apiserver");
        for (String name : List.of("default", "kube-node-lease", "kube-public", "kube-system")) {
            ObjectNode namespace = JsonNodeFactory.instance.objectNode();
            namespace.put("apiVersion", "v1").put("kind", "Namespace");
            namespace.putObject("metadata").put("name", name);
            api.create(namespace);
        }
    }

    @Override
    public void close() {
        https.close();
        while (!closeables.isEmpty()) {
            AutoCloseable next = closeables.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, () -> "closing " + next + " failed", e);
            }
        }
        core.store().close();
        executor.shutdownNow();
    }

    private final class Points implements ExtensionPoints {
        private final Representation representation;

        Points(Representation representation) {
            this.representation = representation;
        }

        @Override
        public ResourceApi api(String fieldManager) {
            return ApiServer.this.api(fieldManager);
        }

        @Override
        public ResourceRegistry registry() {
            return core.registry();
        }

        @Override
        public @Nullable UserInfo tokenUser(String token, List<String> audiences) {
            return current(tokens.read(token, audiences));
        }

        @Override
        public void admission(AdmissionPlugin plugin) {
            core.admission(plugin);
        }

        @Override
        public void connect(
                UserInfo user,
                String namespace,
                String pod,
                String subresource,
                ObjectNode options) {
            ResourceDefinition pods = Objects.requireNonNull(core.registry().find("", "pods"));
            core.admit(
                    new RequestScope(pods, "v1", namespace, subresource, user, "", false, _ -> {}),
                    AdmissionRequest.Operation.CONNECT,
                    pod,
                    options);
        }

        @Override
        public void tables(TableRenderer renderer) {
            representation.tables(renderer);
        }

        @Override
        public void http(HttpExtension extension) {
            dispatcher.extension(extension);
        }

        @Override
        public void allowAnonymous() {
            dispatcher.allowAnonymous();
        }

        @Override
        public boolean restored() {
            return options.snapshot() != null;
        }

        @Override
        public void onRestore(Runnable action) {
            afterRestore.add(action);
        }

        @Override
        public void onClose(AutoCloseable resource) {
            closeables.push(resource);
        }
    }
}
