package dev.meshdojo.simulator.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.telemetry.TrafficEvent;
import dev.meshdojo.simulator.check.SourceObject;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Explains by doing: applies the files to an in-process cluster of its own, sends the request
 * through its gateways, and reads what the gateway considered. Stateless and thread-safe.
 */
public final class Explainer {

    private static final Duration CONFIGURED = Duration.ofSeconds(30);
    private static final int EVENT_SECONDS = 5;

    private Explainer() {}

    /**
     * Explains one request.
     *
     * @param objects Kubernetes and Istio objects, applied in this order
     * @param only the gateway's Service as {@code namespace/name}; null for any
     * @throws RefusedObjectsException when objects are refused, with file, line and the refusal
     * @throws IllegalArgumentException when no gateway has the port
     */
    public static Explanation explain(
            List<SourceObject> objects, ExplainedRequest request, @Nullable String only)
            throws RefusedObjectsException, InterruptedException, TimeoutException {
        RouteOrigins origins = new RouteOrigins(objects);
        try (FakeCluster cluster =
                FakeCluster.start(new ClusterSpec(IstioProfile.DEFAULT, LoadBalancer.NONE))) {
            apply(objects, cluster.client());
            cluster.awaitConfigured(CONFIGURED);
            Explanation best = null;
            for (Service gateway : gateways(cluster.client(), request.port(), only)) {
                Explanation explanation = send(cluster, origins, request, gateway);
                if (best == null || rank(explanation) > rank(best)) {
                    best = explanation;
                }
            }
            if (best == null) {
                throw new IllegalArgumentException(noGateway(cluster.client(), request, only));
            }
            return best;
        }
    }

    private static int rank(Explanation explanation) {
        return explanation.matched() ? 2 : explanation.listener() != null ? 1 : 0;
    }

    private static void apply(List<SourceObject> objects, KubernetesClient client)
            throws RefusedObjectsException {
        List<String> refused = new ArrayList<>();
        for (SourceObject object : objects) {
            String namespace = Placement.namespace(object.json());
            if (client.namespaces().withName(namespace).get() == null) {
                client.resource(
                                new NamespaceBuilder()
                                        .withNewMetadata()
                                        .withName(namespace)
                                        .endMetadata()
                                        .build())
                        .create();
            }
            String json = Placement.placed(object.json()).toString();
            try {
                HasMetadata item = client.getKubernetesSerialization().unmarshal(json);
                client.resource(item)
                        .fieldValidation(FieldValidateable.Validation.STRICT)
                        .serverSideApply();
            } catch (KubernetesClientException e) {
                String reason = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
                refused.add(
                        object.file()
                                + ":"
                                + object.line("")
                                + ": "
                                + object.origin()
                                + ": "
                                + reason);
            }
        }
        if (!refused.isEmpty()) {
            throw new RefusedObjectsException(refused);
        }
        for (SourceObject source : objects) {
            JsonNode object = source.json();
            if (object.path("kind").asText().equals("Deployment")) {
                client.apps()
                        .deployments()
                        .inNamespace(Placement.namespace(object))
                        .withName(object.path("metadata").path("name").asText())
                        .waitUntilReady(CONFIGURED.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private static List<Service> gateways(
            KubernetesClient client, int port, @Nullable String only) {
        return client.services().inAnyNamespace().list().getItems().stream()
                .filter(
                        service ->
                                only == null
                                        ? isGateway(client, service)
                                        : name(service).equals(only))
                .filter(
                        service ->
                                service.getSpec().getPorts().stream()
                                        .map(ServicePort::getPort)
                                        .anyMatch(number -> number == port))
                .toList();
    }

    private static String name(Service service) {
        return service.getMetadata().getNamespace() + "/" + service.getMetadata().getName();
    }

    /** Whether one of its pods runs Istio's proxy as its only container. */
    private static boolean isGateway(KubernetesClient client, Service service) {
        Map<String, String> selector = service.getSpec().getSelector();
        if (selector == null || selector.isEmpty()) {
            return false;
        }
        return client
                .pods()
                .inNamespace(service.getMetadata().getNamespace())
                .withLabels(selector)
                .list()
                .getItems()
                .stream()
                .anyMatch(
                        pod ->
                                pod.getSpec().getContainers().size() == 1
                                        && pod.getSpec()
                                                .getContainers()
                                                .getFirst()
                                                .getName()
                                                .equals("istio-proxy"));
    }

    private static String noGateway(
            KubernetesClient client, ExplainedRequest request, @Nullable String only) {
        List<String> known = new ArrayList<>();
        for (Service service : client.services().inAnyNamespace().list().getItems()) {
            if (isGateway(client, service)) {
                known.add(
                        name(service)
                                + " "
                                + service.getSpec().getPorts().stream()
                                        .map(ServicePort::getPort)
                                        .toList());
            }
        }
        return (only == null ? "no gateway's Service" : only + " is no Service that")
                + " has port "
                + request.port()
                + "; gateways and their ports: "
                + String.join(", ", known);
    }

    @SuppressWarnings("try") // the watch is there to be closed
    private static Explanation send(
            FakeCluster cluster, RouteOrigins origins, ExplainedRequest request, Service gateway)
            throws InterruptedException {
        BlockingQueue<TrafficEvent> events = new LinkedBlockingQueue<>();
        String host = request.url().getHost();
        StringBuilder command = new StringBuilder("curl -sk -m 10 -o /dev/null -w '%{http_code}'");
        command.append(" -X ").append(request.method());
        command.append(" --resolve ")
                .append(
                        quoted(
                                host
                                        + ":"
                                        + request.port()
                                        + ":"
                                        + gateway.getSpec().getClusterIP()));
        request.headers().forEach(header -> command.append(" -H ").append(quoted(header)));
        command.append(' ').append(quoted(request.url().toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status;
        String watched = gateway.getMetadata().getNamespace() + "/";
        try (AutoCloseable watch =
                        cluster.watchGateways(
                                (name, event) -> {
                                    if (name.startsWith(watched)) {
                                        events.add(event);
                                    }
                                });
                Shell shell = StandardCommands.open(cluster, Path.of("").toAbsolutePath())) {
            status = shell.run(command.toString(), out, OutputStream.nullOutputStream());
            TrafficEvent event =
                    status == 7 || status == 6
                            ? null
                            : events.poll(EVENT_SECONDS, TimeUnit.SECONDS);
            return describe(
                    origins,
                    request,
                    name(gateway),
                    status,
                    out.toString(StandardCharsets.UTF_8),
                    event);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the watch on gateways did not end", e);
        }
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static Explanation describe(
            RouteOrigins origins,
            ExplainedRequest request,
            String gateway,
            int curl,
            String code,
            @Nullable TrafficEvent event) {
        TrafficEvent.RouteChoice route = event == null ? null : event.route();
        List<Explanation.Step> steps = new ArrayList<>();
        if (route != null) {
            Map<String, Integer> seen = new HashMap<>();
            for (TrafficEvent.Considered each : route.considered()) {
                String origin = each.origin();
                int nth = origin == null ? 0 : seen.merge(origin, 1, Integer::sum) - 1;
                steps.add(
                        new Explanation.Step(
                                each.route(),
                                origin == null ? "" : shown(origin),
                                origin == null
                                        ? null
                                        : origins.line(origin, each.route(), nth).orElse(null),
                                each.conditions(),
                                each.failed(),
                                each.observed()));
            }
        }
        boolean flagged = event != null && !event.response().flags().isEmpty();
        String flags =
                event == null || !flagged ? "" : ResponseFlag.print(event.response().flags());
        String details = event == null ? "" : String.valueOf(event.response().details());
        return new Explanation(
                request.toString(),
                gateway,
                outcome(curl, code),
                flags.isEmpty() ? details : details + " (" + flags + ")",
                event == null ? null : event.connection().listener(),
                route == null ? null : route.table(),
                route == null ? null : route.virtualHost(),
                steps,
                route == null ? null : route.cluster(),
                event == null || event.attempts().isEmpty()
                        ? null
                        : event.attempts().getLast().host(),
                Hints.of(request, curl, event));
    }

    private static String outcome(int curl, String code) {
        return switch (curl) {
            case 0 -> code;
            case 7 -> "connection refused";
            case 35 -> "TLS handshake failed";
            case 52, 56 -> "connection closed without an answer";
            case 28 -> "no answer in time";
            default -> "curl exit code " + curl;
        };
    }

    /** {@code /apis/…/namespaces/NS/virtual-service/NAME} as {@code VirtualService NS/NAME}. */
    private static String shown(String origin) {
        String[] parts = origin.split("/");
        if (parts.length < 3) {
            return origin;
        }
        StringBuilder kind = new StringBuilder();
        for (String word : parts[parts.length - 2].split("-")) {
            kind.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return kind + " " + parts[parts.length - 3] + "/" + parts[parts.length - 1];
    }
}
