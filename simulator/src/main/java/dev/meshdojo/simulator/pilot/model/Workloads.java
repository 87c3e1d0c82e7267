package dev.meshdojo.simulator.pilot.model;

import dev.meshdojo.simulator.pilot.MeshSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pods and WorkloadEntries, as endpoints are made of them. Immutable. */
final class Workloads {

    private static final String REGION = "topology.kubernetes.io/region";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String SUBZONE = "topology.istio.io/subzone";
    private static final String HOSTNAME = "kubernetes.io/hostname";
    private static final String NETWORK = "topology.istio.io/network";
    private static final String LOCALITY = "istio-locality";
    private static final String TLS_MODE = "security.istio.io/tlsMode";

    private static final String HEALTH_CHECKS = "proxy.istio.io/health-checks-enabled";

    /** The ways to write true that Go knows. */
    private static final Set<String> HEALTH_CHECKED = Set.of("1", "t", "T", "true", "TRUE", "True");

    private final ObjectSet pods;
    private final ObjectSet nodes;
    private final ObjectSet entries;
    private final String trustDomain;

    Workloads(MeshSnapshot snapshot, MeshConfig mesh) {
        this.trustDomain = mesh.trustDomain();
        this.nodes = snapshot.all("nodes");
        this.pods = snapshot.all("pods");
        this.entries = snapshot.all("workloadentries.networking.istio.io");
    }

    @Nullable KubeObject pod(String namespace, String name) {
        return pods.find(namespace, name);
    }

    /** Ready pods of a namespace that carry all of {@code selector}. */
    List<KubeObject> readyPods(String namespace, Map<String, String> selector) {
        return pods.of(namespace).stream()
                .filter(pod -> pod.labels().entrySet().containsAll(selector.entrySet()))
                .filter(pod -> !podIp(pod).isEmpty() && ready(pod))
                .toList();
    }

    List<KubeObject> entries(String namespace, Map<String, String> selector) {
        return entries.of(namespace).stream()
                .filter(Workloads::healthy)
                .filter(entry -> workloadLabels(entry).entrySet().containsAll(selector.entrySet()))
                .sorted(KubeObject.BY_AGE)
                .toList();
    }

    /** An endpoint at {@code address} that is backed by {@code pod}. */
    Endpoint ofPod(
            @Nullable KubeObject pod, String address, int port, String portName, boolean healthy) {
        if (pod == null) {
            return new Endpoint(
                    address, port, portName, Map.of(), "", 1, healthy, "disabled", "", "", "", "");
        }
        JsonView spec = pod.spec();
        KubeObject node = nodes.find("", spec.text("nodeName"));
        Map<String, String> nodeLabels = node == null ? Map.of() : node.labels();
        String locality = pod.labels().getOrDefault(LOCALITY, "").replace('.', '/');
        if (locality.isEmpty()) {
            locality =
                    locality(
                            nodeLabels.getOrDefault(REGION, ""),
                            nodeLabels.getOrDefault(ZONE, ""),
                            nodeLabels.getOrDefault(SUBZONE, ""));
        }
        Map<String, String> labels = new LinkedHashMap<>(pod.labels());
        addTopology(labels, locality);
        if (!spec.text("nodeName").isEmpty()) {
            labels.putIfAbsent(HOSTNAME, spec.text("nodeName"));
        }
        String account = spec.text("serviceAccountName");
        return new Endpoint(
                address,
                port,
                portName,
                labels,
                locality,
                1,
                healthy,
                tlsMode(pod.labels()),
                pod.namespace(),
                account.isEmpty() ? "" : spiffe(pod.namespace(), account),
                pod.labels().getOrDefault(NETWORK, ""),
                WorkloadNames.of(pod));
    }

    /** The number a workload has a port of that name at, else {@code otherwise}. */
    static int port(JsonView entry, String name, int otherwise) {
        return entry.at("ports").has(name) ? entry.at("ports").integer(name) : otherwise;
    }

    /**
     * An endpoint described by a WorkloadEntry's spec or an endpoint of a ServiceEntry; one with a
     * service account takes mesh TLS unless its labels say otherwise.
     *
     * @param workload name of the workload for telemetry
     */
    Endpoint ofEntry(
            JsonView entry,
            Map<String, String> objectLabels,
            String namespace,
            String portName,
            int port,
            String workload) {
        Map<String, String> labels = new LinkedHashMap<>(entry.textMap("labels"));
        labels.putAll(objectLabels);
        String locality = entry.text("locality");
        if (locality.isEmpty()) {
            locality = labels.getOrDefault(LOCALITY, "").replace('.', '/');
        }
        String account = entry.text("serviceAccount");
        String tlsMode = labels.getOrDefault(TLS_MODE, account.isEmpty() ? "disabled" : "istio");
        addTopology(labels, locality);
        return new Endpoint(
                entry.text("address"),
                port,
                portName,
                labels,
                locality,
                Math.max(1, entry.integer("weight")),
                true,
                tlsMode,
                namespace,
                account.isEmpty() ? "" : spiffe(namespace, account),
                entry.text("network"),
                workload);
    }

    /** Whether its health checks succeed, where there are any. */
    private static boolean healthy(KubeObject entry) {
        if (!HEALTH_CHECKED.contains(entry.annotations().getOrDefault(HEALTH_CHECKS, ""))) {
            return true;
        }
        for (JsonView condition : entry.view().at("status").list("conditions")) {
            if (condition.text("type").equals("Healthy")) {
                return condition.text("status").equals("True");
            }
        }
        return false;
    }

    static Map<String, String> workloadLabels(KubeObject entry) {
        Map<String, String> labels = new LinkedHashMap<>(entry.spec().textMap("labels"));
        labels.putAll(entry.labels());
        return labels;
    }

    static String podIp(KubeObject pod) {
        return pod.view().at("status").text("podIP");
    }

    private static boolean ready(KubeObject pod) {
        for (JsonView condition : pod.view().at("status").list("conditions")) {
            if (condition.text("type").equals("Ready")) {
                return condition.text("status").equals("True");
            }
        }
        return false;
    }

    private String spiffe(String namespace, String account) {
        return "spiffe://" + trustDomain + "/ns/" + namespace + "/sa/" + account;
    }

    private static String tlsMode(Map<String, String> labels) {
        return labels.getOrDefault(TLS_MODE, "disabled");
    }

    private static String locality(String region, String zone, String subzone) {
        if (region.isEmpty() && zone.isEmpty() && subzone.isEmpty()) {
            return "";
        }
        return region + "/" + zone + "/" + subzone;
    }

    private static void addTopology(Map<String, String> labels, String locality) {
        if (locality.isEmpty()) {
            return;
        }
        String[] parts = locality.split("/", 3);
        labels.putIfAbsent(REGION, parts[0]);
        if (parts.length > 1 && !parts[1].isEmpty()) {
            labels.putIfAbsent(ZONE, parts[1]);
        }
        if (parts.length > 2 && !parts[2].isEmpty()) {
            labels.putIfAbsent(SUBZONE, parts[2]);
        }
    }
}
