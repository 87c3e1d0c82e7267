package dev.meshdojo.simulator.istio.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.istio.operator.OperatorValues;
import java.util.Map;

/** The injection webhooks of one revision, and of the default one when it is none. */
final class Webhooks {

    private static final String REVISION = "istio.io/rev";
    private static final String NAMESPACE = "istio-injection";
    private static final String POD = "sidecar.istio.io/inject";

    private Webhooks() {}

    static ArrayNode injection(OperatorValues input, Map<String, String> holes) {
        ArrayNode webhooks = JsonNodeFactory.instance.arrayNode();
        String revision = input.revisionLabel();
        ObjectNode byNamespace = webhook(webhooks, "rev.namespace.", input, holes);
        require(byNamespace, "namespaceSelector", REVISION, "In", revision);
        require(byNamespace, "namespaceSelector", NAMESPACE, "DoesNotExist");
        require(byNamespace, "objectSelector", POD, "NotIn", "false");
        ObjectNode byPod = webhook(webhooks, "rev.object.", input, holes);
        require(byPod, "namespaceSelector", REVISION, "DoesNotExist");
        require(byPod, "namespaceSelector", NAMESPACE, "DoesNotExist");
        require(byPod, "objectSelector", POD, "NotIn", "false");
        require(byPod, "objectSelector", REVISION, "In", revision);
        if (!input.revision().isEmpty()) {
            return webhooks;
        }
        ObjectNode enabled = webhook(webhooks, "namespace.", input, holes);
        require(enabled, "namespaceSelector", NAMESPACE, "In", "enabled");
        require(enabled, "objectSelector", POD, "NotIn", "false");
        ObjectNode asked = webhook(webhooks, "object.", input, holes);
        require(asked, "namespaceSelector", NAMESPACE, "DoesNotExist");
        require(asked, "namespaceSelector", REVISION, "DoesNotExist");
        require(asked, "objectSelector", POD, "In", "true");
        require(asked, "objectSelector", REVISION, "DoesNotExist");
        if (input.at("spec.values.sidecarInjectorWebhook.enableNamespacesByDefault")
                .asBoolean(false)) {
            ObjectNode auto = webhook(webhooks, "auto.", input, holes);
            require(auto, "namespaceSelector", NAMESPACE, "DoesNotExist");
            require(auto, "namespaceSelector", REVISION, "DoesNotExist");
            require(
                    auto,
                    "namespaceSelector",
                    "kubernetes.io/metadata.name",
                    "NotIn",
                    "kube-system",
                    "kube-public",
                    "kube-node-lease",
                    "local-path-storage");
            require(auto, "objectSelector", POD, "DoesNotExist");
            require(auto, "objectSelector", REVISION, "DoesNotExist");
        }
        return webhooks;
    }

    private static ObjectNode webhook(
            ArrayNode all, String prefix, OperatorValues input, Map<String, String> holes) {
        ObjectNode webhook = all.addObject();
        webhook.put("name", prefix + "sidecar-injector.istio.io");
        webhook.putObject("clientConfig")
                .putObject("service")
                .put("name", holes.get("discovery"))
                .put("namespace", holes.get("namespace"))
                .put("path", "/inject")
                .put("port", 443);
        webhook.put("sideEffects", "None");
        ObjectNode rule = webhook.putArray("rules").addObject();
        rule.putArray("operations").add("CREATE");
        rule.putArray("apiGroups").add("");
        rule.putArray("apiVersions").add("v1");
        rule.putArray("resources").add("pods");
        webhook.put("failurePolicy", "Fail");
        webhook.put(
                "reinvocationPolicy",
                input.value("sidecarInjectorWebhook.reinvocationPolicy", "Never"));
        webhook.putArray("admissionReviewVersions").add("v1");
        return webhook;
    }

    private static void require(
            ObjectNode webhook, String selector, String key, String operator, String... values) {
        ObjectNode node =
                webhook.get(selector) instanceof ObjectNode found
                        ? found
                        : webhook.putObject(selector);
        ArrayNode expressions =
                node.get("matchExpressions") instanceof ArrayNode found
                        ? found
                        : node.putArray("matchExpressions");
        ObjectNode expression = expressions.addObject().put("key", key).put("operator", operator);
        if (values.length > 0) {
            ArrayNode list = expression.putArray("values");
            for (String value : values) {
                list.add(value);
            }
        }
    }
}
