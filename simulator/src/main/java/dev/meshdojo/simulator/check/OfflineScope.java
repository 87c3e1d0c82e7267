package dev.meshdojo.simulator.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.analysis.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What files alone can tell. The pods of workloads are added, and istioctl's stand-in for the
 * default ingress gateway; findings that something is missing count only when the files hold
 * anything of its kind, since the rest may be on the cluster.
 */
final class OfflineScope {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INGRESS = "istio-ingressgateway";
    private static final List<Integer> INGRESS_PORTS = List.of(80, 443, 31400, 15443);

    private final Set<String> kinds = new HashSet<>();
    private final List<JsonNode> objects = new ArrayList<>();

    OfflineScope(List<ObjectNode> given) {
        for (ObjectNode object : given) {
            kinds.add(object.path("kind").asText());
            objects.add(object);
            if (object.path("spec").path("template").path("metadata").has("labels")
                    && object.path("apiVersion").asText().startsWith("apps/")) {
                kinds.add("Pod");
                objects.add(pod(object));
            }
        }
        objects.addAll(ingress());
    }

    /** The objects to analyze. */
    List<JsonNode> objects() {
        return List.copyOf(objects);
    }

    /** Whether the files are enough to say this. */
    boolean canTell(Message message) {
        return switch (message.type()) {
            case REFERENCED_RESOURCE_NOT_FOUND -> holdsTarget(message.text());
            case UNKNOWN_DESTINATION_RULE_HOST -> holds("Service", "ServiceEntry");
            case SUBSET_WITHOUT_PODS, CLAIM_ROUTING_WITHOUT_REQUEST_AUTHENTICATION -> holds("Pod");
            case NO_MATCHING_WORKLOADS -> holds("Pod") && holds("Namespace");
            case HOST_NOT_IN_GATEWAY -> holds("Gateway");
            case GATEWAY_PORT_NOT_ON_SERVICE -> holds("Service");
            case IMAGE_AUTO_NOT_INJECTED_ERROR, IMAGE_AUTO_NOT_INJECTED_WARNING ->
                    holds("MutatingWebhookConfiguration");
            default -> true;
        };
    }

    private boolean holdsTarget(String text) {
        String what = text.replaceFirst("^Referenced (.*) not found: .*", "$1");
        return switch (what) {
            case "gateway" -> holds("Gateway");
            case "namespace" -> holds("Namespace");
            case "credentialName" -> holds("Secret");
            case "selector" -> holds("Pod");
            case "host", "mirror host" -> holds("Service", "ServiceEntry");
            case "host+subset in destinationrule", "mirror+subset in destinationrule" ->
                    holds("DestinationRule");
            default -> true;
        };
    }

    private boolean holds(String... any) {
        return List.of(any).stream().anyMatch(kinds::contains);
    }

    private static ObjectNode pod(ObjectNode workload) {
        JsonNode template = workload.path("spec").path("template");
        ObjectNode pod = JSON.createObjectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = template.path("metadata").deepCopy();
        metadata.put("name", workload.path("metadata").path("name").asText() + "-pod");
        metadata.put("namespace", workload.path("metadata").path("namespace").asText("default"));
        pod.set("metadata", metadata);
        pod.set("spec", template.path("spec").deepCopy());
        return pod;
    }

    private static List<JsonNode> ingress() {
        ObjectNode pod = JSON.createObjectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata")
                .put("name", INGRESS + "-pod")
                .put("namespace", "istio-system")
                .putObject("labels")
                .put("istio", "ingressgateway");
        pod.putObject("spec").putArray("containers").addObject().put("name", "istio-proxy");
        ObjectNode service = JSON.createObjectNode();
        service.put("apiVersion", "v1").put("kind", "Service");
        service.putObject("metadata").put("name", INGRESS).put("namespace", "istio-system");
        ObjectNode spec = service.putObject("spec");
        spec.putObject("selector").put("istio", "ingressgateway");
        for (int port : INGRESS_PORTS) {
            spec.withArray("/ports").addObject().put("port", port).put("protocol", "TCP");
        }
        return List.of(pod, service);
    }
}
