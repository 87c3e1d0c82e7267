package dev.meshdojo.simulator.shell.command.istioctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.analysis.Analysis;
import dev.meshdojo.simulator.analysis.Level;
import dev.meshdojo.simulator.analysis.Message;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code istioctl analyze} of a running cluster: one namespace, or all of them. */
final class Analyze {

    /** What istioctl ends with when the analyzers found errors. */
    private static final int FOUND_ERRORS = 79;

    private static final List<String> COLLECTIONS =
            List.of(
                    "/api/v1/namespaces",
                    "/api/v1/nodes",
                    "/api/v1/services",
                    "/api/v1/pods",
                    "/api/v1/secrets",
                    "/api/v1/namespaces/istio-system/configmaps",
                    "/apis/apps/v1/deployments",
                    "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
                    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
                    "/apis/gateway.networking.k8s.io/v1/gateways",
                    "/apis/gateway.networking.k8s.io/v1/httproutes",
                    "/apis/gateway.networking.k8s.io/v1/grpcroutes",
                    "/apis/networking.istio.io/v1/gateways",
                    "/apis/networking.istio.io/v1/virtualservices",
                    "/apis/networking.istio.io/v1/destinationrules",
                    "/apis/networking.istio.io/v1/serviceentries",
                    "/apis/networking.istio.io/v1/workloadentries",
                    "/apis/networking.istio.io/v1/workloadgroups",
                    "/apis/networking.istio.io/v1/sidecars",
                    "/apis/networking.istio.io/v1alpha3/envoyfilters",
                    "/apis/networking.istio.io/v1beta1/proxyconfigs",
                    "/apis/security.istio.io/v1/authorizationpolicies",
                    "/apis/security.istio.io/v1/peerauthentications",
                    "/apis/security.istio.io/v1/requestauthentications",
                    "/apis/telemetry.istio.io/v1/telemetries",
                    "/apis/extensions.istio.io/v1alpha1/wasmplugins");

    private Analyze() {}

    static int run(Session session) throws InterruptedException {
        boolean all = session.flags().is("all-namespaces");
        String namespace = session.namespace();
        List<Message> messages =
                new Analysis(Clock.systemUTC())
                        .analyze(objects(session)).stream()
                                .filter(message -> all || concerns(message, namespace))
                                .toList();
        if (session.flags().value("output", "log").equals("json")) {
            session.println(json(messages));
            return 0;
        }
        for (Message message : messages) {
            session.println(
                    message.level()
                            + " ["
                            + message.code()
                            + "] ("
                            + message.origin()
                            + ") "
                            + message.text());
        }
        String scope = all ? "all namespaces" : "namespace: " + namespace;
        if (messages.isEmpty()) {
            session.println("");
            session.err()
                    .print("\u2714 No validation issues found when analyzing " + scope + ".\n");
            return 0;
        }
        if (messages.stream().noneMatch(message -> message.type().level() == Level.ERROR)) {
            return 0;
        }
        session.err()
                .print(
                        "Error: Analyzers found issues when analyzing "
                                + scope
                                + ".\nSee https://istio.io/latest/docs/reference/config/analysis for"
                                + " more information about causes and resolutions.\n");
        return FOUND_ERRORS;
    }

    private static boolean concerns(Message message, String namespace) {
        String of =
                message.subject().kind() == ObjectKind.NAMESPACE
                        ? message.subject().name()
                        : message.subject().namespace();
        return of.isEmpty() || of.equals(namespace);
    }

    /** Everything that analyzers look at; kinds that the cluster does not serve are left out. */
    private static List<JsonNode> objects(Session session) throws InterruptedException {
        List<JsonNode> objects = new ArrayList<>();
        for (String collection : COLLECTIONS) {
            JsonNode list;
            try {
                list = session.client().get(collection);
            } catch (StatusException e) {
                continue;
            }
            String kind = list.path("kind").asText().replaceFirst("List$", "");
            for (JsonNode item : list.path("items")) {
                if (item instanceof ObjectNode object) {
                    object.put("apiVersion", list.path("apiVersion").asText()).put("kind", kind);
                    objects.add(object);
                }
            }
        }
        return objects;
    }

    private static String json(List<Message> messages) {
        ArrayNode array = new ObjectMapper().createArrayNode();
        for (Message message : messages) {
            array.addObject()
                    .put("code", message.code())
                    .put(
                            "documentationUrl",
                            "https://istio.io/latest/docs/reference/config/analysis/"
                                    + message.code().toLowerCase(Locale.ROOT)
                                    + "/?ref=istioctl-analyze")
                    .put("level", message.level())
                    .put("message", message.text())
                    .put("origin", message.origin());
        }
        return array.toPrettyString();
    }
}
