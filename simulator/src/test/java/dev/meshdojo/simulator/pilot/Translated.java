package dev.meshdojo.simulator.pilot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What objects written as YAML mean to the ingress gateway of {@code istio-system}, for tests.
 *
 * @param xds the translation
 */
public record Translated(XdsSnapshot xds) {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final ProxyIdentity GATEWAY =
            new ProxyIdentity(
                    ProxyIdentity.Role.ROUTER,
                    "istio-system",
                    "gateway",
                    "10.244.0.1",
                    Map.of("istio", "ingressgateway"),
                    Map.of());

    /** Translates documents, each an object of its own. */
    public static Translated of(String... documents) {
        Map<String, List<ObjectNode>> objects = new HashMap<>();
        for (String document : documents) {
            try (var parser = new YAMLFactory().createParser(document)) {
                for (ObjectNode object : YAML.readValues(parser, ObjectNode.class).readAll()) {
                    ObjectNode metadata = (ObjectNode) object.path("metadata");
                    if (!metadata.has("creationTimestamp")) {
                        metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
                    }
                    objects.computeIfAbsent(kind(object), k -> new ArrayList<>()).add(object);
                }
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(document, e);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return new Translated(Pilot.translate(MeshSnapshot.of("1", objects), GATEWAY));
    }

    private static String kind(ObjectNode object) {
        String kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
        String plural =
                kind.endsWith("s")
                        ? kind + "es"
                        : kind.endsWith("cy") || kind.endsWith("ry")
                                ? kind.substring(0, kind.length() - 1) + "ies"
                                : kind + "s";
        String version = object.path("apiVersion").asText();
        int slash = version.indexOf('/');
        return slash < 0 ? plural : plural + "." + version.substring(0, slash);
    }

    /** The cluster of that name. */
    public Cluster cluster(String name) {
        return xds.clusters().stream()
                .filter(cluster -> cluster.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cluster " + name));
    }

    /** Addresses with ports of a cluster's endpoints, those of EDS or its own. */
    public List<String> endpoints(String cluster) {
        ClusterLoadAssignment own = cluster(cluster).getLoadAssignment();
        return xds.endpoints().stream()
                .filter(assignment -> assignment.getClusterName().equals(cluster))
                .findFirst()
                .orElse(own)
                .getEndpointsList()
                .stream()
                .flatMap(locality -> locality.getLbEndpointsList().stream())
                .map(LbEndpoint::getEndpoint)
                .map(endpoint -> endpoint.getAddress().getSocketAddress())
                .map(address -> address.getAddress() + ":" + address.getPortValue())
                .toList();
    }

    /** The listener on that port. */
    public Listener listener(int port) {
        return xds.listeners().stream()
                .filter(l -> l.getAddress().getSocketAddress().getPortValue() == port)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no listener on " + port));
    }

    /** The route table of that name. */
    public RouteConfiguration routes(String name) {
        return xds.routes().stream()
                .filter(table -> table.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no route table " + name));
    }
}
