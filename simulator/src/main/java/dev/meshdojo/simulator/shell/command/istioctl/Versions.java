package dev.meshdojo.simulator.shell.command.istioctl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.istio.IstioRelease;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code istioctl version}: the control plane's pods and the proxies tell theirs by their images.
 */
final class Versions {

    private Versions() {}

    static int run(Session session) throws InterruptedException {
        String client = IstioRelease.CURRENT.version();
        if (!session.flags().is("remote", true)) {
            session.println("client version: " + client);
            return 0;
        }
        String namespace = session.flags().value("istioNamespace", "istio-system");
        TreeSet<String> control = new TreeSet<>();
        for (JsonNode pod :
                session.client()
                        .get(
                                "/api/v1/namespaces/"
                                        + namespace
                                        + "/pods?labelSelector=app%3Distiod&fieldSelector=status.phase%3DRunning")
                        .path("items")) {
            pod.path("spec").path("containers").forEach(c -> control.add(tag(c)));
        }
        if (control.isEmpty()) {
            session.err()
                    .print(
                            "Istio is not present in the cluster: no running Istio pods in namespace \""
                                    + namespace
                                    + "\"\n");
            session.println("client version: " + client);
            return 0;
        }
        session.println("client version: " + client);
        session.println("control plane version: " + String.join(", ", control));
        session.println("data plane version: " + proxies(session));
        return 0;
    }

    private static String proxies(Session session) throws InterruptedException {
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (JsonNode pod :
                session.client()
                        .get("/api/v1/pods?fieldSelector=status.phase%3DRunning")
                        .path("items")) {
            for (JsonNode container : pod.path("spec").path("containers")) {
                if (container.path("name").asText().equals("istio-proxy")) {
                    counts.merge(tag(container), 1, Integer::sum);
                }
            }
        }
        if (counts.isEmpty()) {
            return "none";
        }
        return String.join(
                ", ",
                counts.entrySet().stream()
                        .map(e -> e.getKey() + " (" + e.getValue() + " proxies)")
                        .toList());
    }

    private static String tag(JsonNode container) {
        String image = container.path("image").asText("");
        String name = image.substring(image.lastIndexOf('/') + 1);
        int colon = name.indexOf(':');
        return colon < 0 ? "latest" : name.substring(colon + 1);
    }
}
