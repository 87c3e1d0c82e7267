package dev.meshdojo.simulator.pilot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.pilot.model.ObjectSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small mesh that changes at random. Names come from small pools, so that objects meet: they
 * share hosts, refer to each other, vanish while referred to.
 */
final class RandomMesh {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final List<String> NAMESPACES = List.of("apps", "edge", "other");
    private static final List<String> HOSTS =
            List.of("a.test", "b.test", "c.test", "*.test", "*", "A.test");
    private static final List<String> SERVICES =
            List.of("alpha", "beta", "alpha.apps.svc.cluster.local", "ext.test", "missing");

    private final Random random;
    private final Map<String, TreeMap<String, ObjectNode>> objects = new HashMap<>();
    private final Map<String, ObjectSet> sets = new HashMap<>();
    private int revision;

    RandomMesh(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 25; i++) {
            change();
        }
    }

    static ProxyIdentity gateway() {
        return new ProxyIdentity(
                ProxyIdentity.Role.ROUTER,
                "edge",
                "gw-1",
                "10.0.0.9",
                Map.of("istio", "ingressgateway", "app", "gw"),
                Map.of());
    }

    /** The objects now, made of the sets before. */
    MeshSnapshot incremental() {
        objects.forEach(
                (kind, items) ->
                        sets.merge(
                                kind,
                                ObjectSet.of(List.copyOf(items.values())),
                                (before, now) -> before.next(List.copyOf(items.values()))));
        return new MeshSnapshot(Integer.toString(revision), sets);
    }

    /** The objects now, read from scratch. */
    MeshSnapshot fresh() {
        Map<String, List<ObjectNode>> all = new HashMap<>();
        objects.forEach((kind, items) -> all.put(kind, List.copyOf(items.values())));
        return MeshSnapshot.of(Integer.toString(revision), all);
    }

    /** Changes one object; says which. */
    String change() {
        revision++;
        String yaml =
                switch (random.nextInt(22)) {
                    case 0, 1 -> gatewayObject();
                    case 2, 3, 4, 5 -> virtualService();
                    case 6 -> delegate();
                    case 7, 8 -> destinationRule();
                    case 9, 10 -> service();
                    case 11 -> slice();
                    case 12 -> pod();
                    case 13 -> serviceEntry();
                    case 14 -> secret();
                    case 15 -> authorizationPolicy();
                    case 16 -> envoyFilter();
                    case 17 -> peerAuthentication();
                    case 18 -> kubernetesGateway();
                    case 19 -> httpRoute();
                    case 20 -> ingress();
                    default -> meshConfig();
                };
        String kind = yaml.substring(0, yaml.indexOf('\n'));
        ObjectNode object = read(yaml.substring(yaml.indexOf('\n') + 1));
        ObjectNode metadata = (ObjectNode) object.get("metadata");
        String key = metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
        TreeMap<String, ObjectNode> all = objects.computeIfAbsent(kind, k -> new TreeMap<>());
        if (all.containsKey(key) && random.nextInt(3) == 0) {
            all.remove(key);
            return "delete " + kind + " " + key;
        }
        ObjectNode known = all.get(key);
        metadata.put(
                "creationTimestamp",
                known == null
                        ? "2026-01-01T00:00:0" + random.nextInt(3) + "Z"
                        : known.path("metadata").path("creationTimestamp").asText());
        metadata.put("resourceVersion", Integer.toString(revision));
        all.put(key, object);
        return "put " + kind + " " + key + "\n" + yaml;
    }

    private static ObjectNode read(String yaml) {
        try {
            return (ObjectNode) YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(yaml, e);
        }
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean maybe() {
        return random.nextBoolean();
    }

    private String some(String... of) {
        List<String> out = new ArrayList<>();
        for (String each : of) {
            if (maybe()) {
                out.add('"' + each + '"');
            }
        }
        return out.isEmpty() ? '"' + of[0] + '"' : String.join(", ", out);
    }

    private static String head(String plural, String version, String kind, String ns, String name) {
        return plural
                + "\napiVersion: "
                + version
                + "\nkind: "
                + kind
                + "\nmetadata: {name: "
                + name
                + ", namespace: "
                + ns
                + "%s}\n";
    }

    private String istio(String plural, String kind, String ns, String name, String spec) {
        return head(plural + ".networking.istio.io", "networking.istio.io/v1", kind, ns, name)
                        .formatted("")
                + "spec: "
                + spec;
    }

    private String gatewayObject() {
        String server =
                one(
                        List.of(
                                "{port: {number: 80, name: http, protocol: HTTP}, hosts: [%s]%s}",
                                "{port: {number: 443, name: https, protocol: HTTPS}, hosts: [%s],"
                                        + " tls: {mode: SIMPLE, credentialName: cert}}",
                                "{port: {number: 9000, name: tcp, protocol: TCP}, hosts: [%s]}",
                                "{port: {number: 8443, name: tls, protocol: TLS}, hosts: [%s],"
                                        + " tls: {mode: PASSTHROUGH}}",
                                "{port: {number: 15443, name: auto, protocol: TLS}, hosts: [%s],"
                                        + " tls: {mode: AUTO_PASSTHROUGH}}"));
        String redirect = maybe() ? ", tls: {httpsRedirect: true}" : "";
        return istio(
                "gateways",
                "Gateway",
                one(List.of("apps", "edge")),
                one(List.of("g1", "g2", "g3")),
                "{selector: {istio: ingressgateway}, servers: ["
                        + server.formatted(some("a.test", "apps/b.test", "*/*.test", "*"), redirect)
                        + "]}");
    }

    private String destination() {
        return "{destination: {host: "
                + one(SERVICES)
                + (maybe() ? ", subset: v1" : "")
                + (maybe() ? ", port: {number: 80}" : "")
                + "}, weight: "
                + random.nextInt(3)
                + "}";
    }

    private String rule() {
        String match =
                maybe()
                        ? "match: [{uri: {prefix: /%d}}, {uri: {exact: /x}, port: 80}], "
                                .formatted(random.nextInt(3))
                        : "";
        return switch (random.nextInt(4)) {
            case 0 -> "{" + match + "redirect: {uri: /gone}}";
            case 1 -> "{" + match + "delegate: {name: d1, namespace: other}}";
            case 2 -> "{" + match + "route: [" + destination() + ", " + destination() + "]}";
            default -> "{" + match + "timeout: 3s, route: [" + destination() + "]}";
        };
    }

    private String virtualService() {
        return istio(
                "virtualservices",
                "VirtualService",
                one(NAMESPACES),
                one(List.of("v1", "v2", "v3", "v4")),
                "{hosts: [\""
                        + one(HOSTS)
                        + "\", \""
                        + one(HOSTS)
                        + "\"], gateways: ["
                        + some("apps/g1", "edge/g2", "apps/g3", "edge/g1")
                        + "]"
                        + (maybe()
                                ? ""
                                : ", exportTo: [\"" + one(List.of("*", ".", "edge")) + "\"]")
                        + ", http: ["
                        + rule()
                        + ", "
                        + rule()
                        + "], tcp: [{route: [{destination: {host: "
                        + one(SERVICES)
                        + ", port: {number: 80}}}]}], tls: [{match: [{sniHosts: [a.test]}], route:"
                        + " [{destination: {host: alpha.apps.svc.cluster.local}}]}]}");
    }

    private String delegate() {
        return istio(
                "virtualservices",
                "VirtualService",
                "other",
                "d1",
                "{http: [{match: [{uri: {prefix: /%d/y}}], route: [%s]}]}"
                        .formatted(random.nextInt(3), destination()));
    }

    private String destinationRule() {
        return istio(
                "destinationrules",
                "DestinationRule",
                one(NAMESPACES),
                one(List.of("r1", "r2")),
                "{host: \""
                        + one(
                                List.of(
                                        "alpha",
                                        "alpha.apps.svc.cluster.local",
                                        "*.apps.svc.cluster.local",
                                        "ext.test"))
                        + "\", trafficPolicy: {loadBalancer: "
                        + one(
                                List.of(
                                        "{simple: RANDOM}",
                                        "{consistentHash: {httpHeaderName: x-user}}",
                                        "{consistentHash: {useSourceIp: true}}"))
                        + "}, subsets: [{name: "
                        + one(List.of("v1", "v2"))
                        + ", labels: {version: v1}}]}");
    }

    private String service() {
        String name = one(List.of("alpha", "beta", "gw"));
        String ns = name.equals("gw") ? "edge" : "apps";
        return head("services", "v1", "Service", ns, name)
                        .formatted(
                                maybe()
                                        ? ""
                                        : ", annotations: {networking.istio.io/exportTo: \""
                                                + one(List.of(".", "*"))
                                                + "\"}")
                + "spec: {selector: {app: "
                + name
                + "}, ports: [{name: http, port: 80, targetPort: "
                + one(List.of("8080", "web"))
                + "}"
                + (maybe() ? "" : ", {name: https, port: 443, targetPort: 8443}")
                + "]}";
    }

    private String slice() {
        String service = one(List.of("alpha", "beta"));
        return head(
                                "endpointslices.discovery.k8s.io",
                                "discovery.k8s.io/v1",
                                "EndpointSlice",
                                "apps",
                                one(List.of("s1", "s2")))
                        .formatted(", labels: {kubernetes.io/service-name: " + service + "}")
                + "addressType: IPv4\nports: [{name: http, port: 8080}]\nendpoints: [{addresses:"
                + " [10.0.0."
                + random.nextInt(5)
                + "], conditions: {ready: "
                + maybe()
                + "}, targetRef: {kind: Pod, name: p1}}]";
    }

    private String pod() {
        String name = one(List.of("p1", "gw-1"));
        return head("pods", "v1", "Pod", name.equals("p1") ? "apps" : "edge", name)
                        .formatted(
                                ", labels: {app: x, version: "
                                        + one(List.of("v1", "v2"))
                                        + (maybe() ? "" : ", security.istio.io/tlsMode: istio")
                                        + "}")
                + "spec: {serviceAccountName: "
                + one(List.of("s1", "s2"))
                + ", containers: [{ports: [{name: web, containerPort: "
                + one(List.of("8080", "9090"))
                + "}]}]}\nstatus: {podIP: 10.0.0.7, conditions: [{type: Ready, status: \"True\"}]}";
    }

    private String serviceEntry() {
        return istio(
                "serviceentries",
                "ServiceEntry",
                one(List.of("apps", "other")),
                "e1",
                "{hosts: [ext.test, \""
                        + one(List.of("alpha.apps.svc.cluster.local", "two.test"))
                        + "\"], resolution: "
                        + one(List.of("DNS", "STATIC", "NONE"))
                        + ", ports: [{number: 80, name: http, protocol: HTTP}], "
                        + one(
                                List.of(
                                        "endpoints: [{address: 1.2.3.4}]",
                                        "workloadSelector: {labels: {app: x}}"))
                        + "}");
    }

    private String secret() {
        return head("secrets", "v1", "Secret", "edge", "cert").formatted("")
                + "data: {tls.crt: "
                + one(List.of("YQ==", "Yg=="))
                + ", tls.key: Yw==}";
    }

    private String authorizationPolicy() {
        return head(
                                "authorizationpolicies.security.istio.io",
                                "security.istio.io/v1",
                                "AuthorizationPolicy",
                                one(List.of("edge", "istio-system", "apps")),
                                "p")
                        .formatted("")
                + "spec: {action: "
                + one(List.of("ALLOW", "DENY"))
                + ", rules: [{to: [{operation: {paths: [/admin]}}]}]}";
    }

    private String envoyFilter() {
        return istio(
                "envoyfilters",
                "EnvoyFilter",
                one(List.of("edge", "istio-system")),
                "f",
                "{configPatches: [{applyTo: "
                        + one(
                                List.of(
                                        "CLUSTER, match: {cluster: {service:"
                                                + " alpha.apps.svc.cluster.local}}, patch:"
                                                + " {operation: MERGE, value: {connect_timeout:"
                                                + " 7s}}",
                                        "VIRTUAL_HOST, patch: {operation: MERGE, value:"
                                                + " {response_headers_to_remove: [x]}}",
                                        "LISTENER, patch: {operation: MERGE, value:"
                                                + " {per_connection_buffer_limit_bytes: 9}}"))
                        + "}]}");
    }

    private String peerAuthentication() {
        return head(
                                "peerauthentications.security.istio.io",
                                "security.istio.io/v1",
                                "PeerAuthentication",
                                one(List.of("apps", "istio-system")),
                                "default")
                        .formatted("")
                + "spec: {mtls: {mode: "
                + one(List.of("DISABLE", "STRICT", "PERMISSIVE"))
                + "}}";
    }

    private String kubernetesGateway() {
        return head(
                                "gateways.gateway.networking.k8s.io",
                                "gateway.networking.k8s.io/v1",
                                "Gateway",
                                "edge",
                                "k")
                        .formatted("")
                + "spec: {gatewayClassName: istio, addresses: [{type: Hostname, value: gw}],"
                + " listeners: [{name: http, port: 80, protocol: HTTP, hostname: \"*.test\","
                + " allowedRoutes: {namespaces: {from: "
                + one(List.of("All", "Same"))
                + "}}}]}";
    }

    private String httpRoute() {
        return head(
                                "httproutes.gateway.networking.k8s.io",
                                "gateway.networking.k8s.io/v1",
                                "HTTPRoute",
                                one(List.of("apps", "edge")),
                                one(List.of("h1", "h2")))
                        .formatted("")
                + "spec: {parentRefs: [{name: k, namespace: edge}], hostnames: [\""
                + one(List.of("a.test", "*.test"))
                + "\"], rules: [{matches: [{path: {type: PathPrefix, value: /"
                + random.nextInt(3)
                + "}}], backendRefs: [{name: "
                + one(List.of("alpha", "beta"))
                + ", port: 80}]}]}";
    }

    private String ingress() {
        return head("ingresses.networking.k8s.io", "networking.k8s.io/v1", "Ingress", "apps", "i")
                        .formatted(", annotations: {kubernetes.io/ingress.class: istio}")
                + "spec: {rules: [{host: "
                + one(List.of("a.test", "i.test"))
                + ", http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: alpha,"
                + " port: {number: 80}}}}]}}]}";
    }

    private String meshConfig() {
        return head("configmaps", "v1", "ConfigMap", "istio-system", "istio").formatted("")
                + "data: {mesh: \"accessLogFile: "
                + one(List.of("/dev/stdout", "/dev/stderr"))
                + "\"}";
    }
}
