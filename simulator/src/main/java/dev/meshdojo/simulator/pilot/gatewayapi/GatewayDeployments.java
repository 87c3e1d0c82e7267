package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What istiod creates by itself for the Gateway API: its GatewayClasses, and for each Gateway that
 * names no Service of its own a ServiceAccount, a Deployment and a Service. Pure.
 */
public final class GatewayDeployments {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String TEMPLATE = template();
    private static final String LABELS = "gateway.networking.k8s.io/";
    private static final int LONGEST_NAME = 63;
    private static final Set<String> OWN_ANNOTATIONS =
            Set.of(
                    "kubectl.kubernetes.io/last-applied-configuration",
                    "gateway.istio.io/name-override",
                    "gateway.istio.io/service-account",
                    "gateway.istio.io/controller-version");

    private GatewayDeployments() {}

    private static String template() {
        try (InputStream in =
                Objects.requireNonNull(
                        GatewayDeployments.class.getResourceAsStream("kube-gateway.yaml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("kube-gateway.yaml lies beside this class", e);
        }
    }

    /** The GatewayClasses that are missing. */
    public static List<ObjectNode> classes(MeshModel model) {
        Map<String, List<String>> known = new LinkedHashMap<>();
        known.put("istio", List.of(GatewayApi.CONTROLLER, "The default Istio GatewayClass"));
        known.put(
                "istio-remote",
                List.of(
                        "istio.io/unmanaged-gateway",
                        "Remote to this cluster. Does not deploy or affect configuration."));
        List<ObjectNode> out = new ArrayList<>();
        known.forEach(
                (name, facts) -> {
                    if (model.objects("gatewayclasses." + Grants.GROUP).find("", name) == null) {
                        ObjectNode object = JsonNodeFactory.instance.objectNode();
                        object.put("apiVersion", Grants.GROUP + "/v1").put("kind", "GatewayClass");
                        object.putObject("metadata").put("name", name);
                        object.putObject("spec")
                                .put("controllerName", facts.getFirst())
                                .put("description", facts.getLast());
                        out.add(object);
                    }
                });
        return out;
    }

    /** The objects that Gateways need, whether they exist or not. */
    public static List<ObjectNode> wanted(MeshModel model) {
        World world = new World(model.snapshot(), model.mesh());
        List<ObjectNode> out = new ArrayList<>();
        for (KubeObject gateway : model.all("gateways." + Grants.GROUP)) {
            boolean ours =
                    world.controller(gateway.spec().text("gatewayClassName"))
                            .equals(GatewayApi.CONTROLLER);
            if (ours && ListenerHost.managed(gateway)) {
                out.addAll(wanted(model, gateway));
            }
        }
        return out;
    }

    private static List<ObjectNode> wanted(MeshModel model, KubeObject gateway) {
        String gatewayClass = gateway.spec().text("gatewayClassName");
        String fallback = gateway.name() + "-" + gatewayClass;
        Map<String, String> annotations = gateway.annotations();
        Map<String, String> holes = new HashMap<>();
        holes.put("gateway", gateway.name());
        holes.put("class", gatewayClass);
        holes.put("namespace", gateway.namespace());
        holes.put("name", annotations.getOrDefault("gateway.istio.io/name-override", fallback));
        holes.put(
                "account", annotations.getOrDefault("gateway.istio.io/service-account", fallback));
        holes.put("image", image(model, gateway));
        holes.put("trustDomain", model.mesh().trustDomain());
        holes.put(
                "serviceType",
                annotations.getOrDefault("networking.istio.io/service-type", "LoadBalancer"));
        String text = TEMPLATE;
        for (Map.Entry<String, String> hole : holes.entrySet()) {
            text = text.replace("${" + hole.getKey() + "}", hole.getValue());
        }
        List<ObjectNode> out = new ArrayList<>();
        try (MappingIterator<ObjectNode> objects =
                YAML.readerFor(ObjectNode.class).readValues(text)) {
            while (objects.hasNext()) {
                ObjectNode object = objects.next();
                describe(object, gateway, gatewayClass);
                switch (object.path("kind").asText()) {
                    case "Service" -> service(object, gateway);
                    case "Deployment" -> pods(object, gateway);
                    default -> {}
                }
                out.add(object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the objects of Gateway " + gateway.key() + " do not read as YAML", e);
        }
        return out;
    }

    private static Map<String, String> infrastructure(KubeObject gateway, String kind) {
        JsonView written = gateway.spec().at("infrastructure");
        Map<String, String> out = new LinkedHashMap<>();
        if (written.has(kind)) {
            written.textMap(kind)
                    .forEach(
                            (key, value) -> {
                                if (!key.startsWith(LABELS)) {
                                    out.put(key, value);
                                }
                            });
        } else {
            out.putAll(kind.equals("labels") ? gateway.labels() : gateway.annotations());
        }
        out.keySet().removeAll(OWN_ANNOTATIONS);
        return out;
    }

    private static void describe(ObjectNode object, KubeObject gateway, String gatewayClass) {
        ObjectNode metadata = (ObjectNode) object.get("metadata");
        ObjectNode labels = metadata.putObject("labels");
        infrastructure(gateway, "labels").forEach(labels::put);
        labels.put(LABELS + "gateway-name", gateway.name());
        labels.put(LABELS + "gateway-class-name", gatewayClass);
        if (object.path("kind").asText().equals("Deployment")) {
            labels.put("gateway.istio.io/managed", "istio.io-gateway-controller");
        }
        Map<String, String> annotations = infrastructure(gateway, "annotations");
        if (!annotations.isEmpty()) {
            ObjectNode written = metadata.putObject("annotations");
            annotations.forEach(written::put);
        }
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", Grants.GROUP + "/v1")
                .put("kind", "Gateway")
                .put("name", gateway.name())
                .put("uid", gateway.view().at("metadata").text("uid"));
    }

    private static void pods(ObjectNode deployment, KubeObject gateway) {
        ObjectNode metadata = deployment.withObject("/spec/template/metadata");
        infrastructure(gateway, "labels").forEach(metadata.withObject("/labels")::put);
        infrastructure(gateway, "annotations").forEach(metadata.withObject("/annotations")::put);
    }

    private static void service(ObjectNode service, KubeObject gateway) {
        ArrayNode ports = service.withObject("/spec").putArray("ports");
        port(ports, "status-port", 15021, "tcp");
        Set<String> names = new HashSet<>(Set.of("status-port"));
        Set<Integer> numbers = new HashSet<>();
        for (JsonView listener : gateway.spec().list("listeners")) {
            int number = listener.integer("port");
            if (numbers.add(number)) {
                port(
                        ports,
                        unique(listener.text("name").replace('.', '-'), number, names),
                        number,
                        listener.text("protocol").toLowerCase(Locale.ROOT));
            }
        }
        List<JsonView> addresses = gateway.spec().list("addresses");
        if (!addresses.isEmpty()
                && service.path("spec").path("type").asText().equals("LoadBalancer")) {
            service.withObject("/spec").put("loadBalancerIP", addresses.getFirst().text("value"));
        }
    }

    private static String unique(String wanted, int port, Set<String> taken) {
        String name = wanted.substring(0, Math.min(wanted.length(), LONGEST_NAME));
        String candidate = name;
        for (StringBuilder suffix = new StringBuilder("-" + port);
                !taken.add(candidate);
                suffix.append('x')) {
            candidate =
                    name.substring(0, Math.min(name.length(), LONGEST_NAME - suffix.length()))
                            + suffix;
        }
        return candidate;
    }

    private static void port(ArrayNode ports, String name, int number, String protocol) {
        ports.addObject()
                .put("name", name)
                .put("port", number)
                .put("protocol", "TCP")
                .put("appProtocol", protocol);
    }

    /** The proxy's image: the Gateway's own, else the one that sidecars are injected with. */
    private static String image(MeshModel model, KubeObject gateway) {
        KubeObject injector =
                model.objects("configmaps").find("istio-system", "istio-sidecar-injector");
        JsonView global = JsonView.ABSENT;
        if (injector != null) {
            try {
                global =
                        JsonView.of(YAML.readTree(injector.view().at("data").text("values")))
                                .at("global");
            } catch (JsonProcessingException e) {
                global = JsonView.ABSENT;
            }
        }
        String name =
                gateway.annotations()
                        .getOrDefault(
                                "sidecar.istio.io/proxyImage", global.at("proxy").text("image"));
        if (name.contains("/")) {
            return name;
        }
        return orElse(global.text("hub"), "docker.io/istio")
                + "/"
                + orElse(name, "proxyv2")
                + ":"
                + orElse(global.text("tag"), "latest");
    }

    private static String orElse(String text, String fallback) {
        return text.isEmpty() ? fallback : text;
    }
}
