package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which fields of built-in kinds field selectors may name. */
final class SelectableFields {

    private static final Map<String, List<String>> PATHS =
            Map.ofEntries(
                    Map.entry(
                            "Pod",
                            List.of(
                                    "spec.nodeName",
                                    "spec.restartPolicy",
                                    "spec.schedulerName",
                                    "spec.serviceAccountName",
                                    "spec.hostNetwork",
                                    "status.phase",
                                    "status.podIP",
                                    "status.nominatedNodeName")),
                    Map.entry(
                            "Event",
                            List.of(
                                    "involvedObject.kind",
                                    "involvedObject.namespace",
                                    "involvedObject.name",
                                    "involvedObject.uid",
                                    "involvedObject.apiVersion",
                                    "involvedObject.resourceVersion",
                                    "involvedObject.fieldPath",
                                    "reason",
                                    "reportingComponent",
                                    "source",
                                    "type")),
                    Map.entry("Node", List.of("spec.unschedulable")),
                    Map.entry("Namespace", List.of("status.phase")),
                    Map.entry("Secret", List.of("type")),
                    Map.entry("Service", List.of("spec.clusterIP", "spec.type")),
                    Map.entry("Job", List.of("status.successful")),
                    Map.entry("ReplicaSet", List.of("status.replicas")),
                    Map.entry("ReplicationController", List.of("status.replicas")),
                    Map.entry("CertificateSigningRequest", List.of("spec.signerName")));

    private SelectableFields() {}

    static Map<String, Function<ObjectNode, String>> of(String kind) {
        Map<String, Function<ObjectNode, String>> readers = new LinkedHashMap<>();
        for (String path : PATHS.getOrDefault(kind, List.of())) {
            String field = path.equals("status.successful") ? "status.succeeded" : path;
            readers.put(path, object -> read(object, field));
        }
        return readers;
    }

    /** Of the group events.k8s.io, whose fields have other names. */
    static Map<String, Function<ObjectNode, String>> ofNewEvents() {
        Map<String, Function<ObjectNode, String>> readers = new LinkedHashMap<>();
        for (String path : PATHS.getOrDefault("Event", List.of())) {
            if (!path.equals("source")) {
                String name =
                        path.replace("involvedObject", "regarding")
                                .replace("reportingComponent", "reportingController");
                readers.put(name, object -> read(object, name));
            }
        }
        return readers;
    }

    private static String read(ObjectNode object, String path) {
        JsonNode value = object;
        for (String part : path.split("\\.")) {
            value = value.path(part);
        }
        if (value.isMissingNode() || value.isNull()) {
            return switch (path) {
                case "spec.hostNetwork", "spec.unschedulable" -> "false";
                case "status.replicas", "status.succeeded" -> "0";
                default -> "";
            };
        }
        if (path.equals("source")) {
            return value.path("component").asText("");
        }
        return value.asText();
    }
}
