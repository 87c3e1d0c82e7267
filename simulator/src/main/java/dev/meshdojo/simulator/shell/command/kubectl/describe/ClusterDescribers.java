package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Namespaces and nodes. */
final class ClusterDescribers {

    private ClusterDescribers() {}

    static void namespace(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode metadata = object.path("metadata");
        out.field(0, "Name", metadata.path("name").asText());
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        out.field(0, "Status", object.path("status").path("phase").asText());
        String root = "/api/v1/namespaces/" + metadata.path("name").asText();
        out.raw(
                source.list(root + "/resourcequotas").isEmpty()
                        ? "\nNo resource quota.\n"
                        : "\nResource Quotas\n");
        out.raw(
                source.list(root + "/limitranges").isEmpty()
                        ? "\nNo LimitRange resource.\n"
                        : "\nResource Limits\n");
    }

    static void node(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode metadata = object.path("metadata");
        JsonNode spec = object.path("spec");
        JsonNode status = object.path("status");
        out.field(0, "Name", metadata.path("name").asText());
        List<String> roles = new ArrayList<>();
        metadata.path("labels")
                .properties()
                .forEach(
                        e -> {
                            if (e.getKey().startsWith("node-role.kubernetes.io/")) {
                                roles.add(
                                        e.getKey().substring("node-role.kubernetes.io/".length()));
                            }
                        });
        out.field(0, "Roles", Description.orNone(String.join(",", roles)));
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        out.field(0, "CreationTimestamp", Description.time(metadata.path("creationTimestamp")));
        List<String> taints = new ArrayList<>();
        spec.path("taints")
                .forEach(t -> taints.add(t.path("key").asText() + ":" + t.path("effect").asText()));
        out.field(0, "Taints", Description.orNone(String.join("\n\t", taints)));
        out.field(0, "Unschedulable", String.valueOf(spec.path("unschedulable").asBoolean()));
        if (!status.path("conditions").isEmpty()) {
            out.raw(
                    "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n");
            out.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
            status.path("conditions")
                    .forEach(
                            c ->
                                    out.line(
                                            1,
                                            String.join(
                                                    "\t",
                                                    c.path("type").asText() + " ",
                                                    c.path("status").asText() + " ",
                                                    Description.time(c.path("lastHeartbeatTime"))
                                                            + " ",
                                                    Description.time(c.path("lastTransitionTime"))
                                                            + " ",
                                                    c.path("reason").asText() + " ",
                                                    c.path("message").asText())));
        }
        out.line(0, "Addresses:");
        status.path("addresses")
                .forEach(a -> out.field(1, a.path("type").asText(), a.path("address").asText()));
        quantities("Capacity", status.path("capacity"), out);
        quantities("Allocatable", status.path("allocatable"), out);
        out.line(0, "System Info:");
        JsonNode info = status.path("nodeInfo");
        out.field(1, "Machine ID", info.path("machineID").asText(""));
        out.field(1, "System UUID", info.path("systemUUID").asText(""));
        out.field(1, "Boot ID", info.path("bootID").asText(""));
        out.field(1, "Kernel Version", info.path("kernelVersion").asText(""));
        out.field(1, "OS Image", info.path("osImage").asText(""));
        out.field(1, "Operating System", info.path("operatingSystem").asText(""));
        out.field(1, "Architecture", info.path("architecture").asText(""));
        out.field(1, "Container Runtime Version", info.path("containerRuntimeVersion").asText(""));
        out.field(1, "Kubelet Version", info.path("kubeletVersion").asText(""));
        out.field(1, "Kube-Proxy Version", info.path("kubeProxyVersion").asText(""));
        if (spec.has("podCIDR")) {
            out.field(0, "PodCIDR", spec.path("podCIDR").asText());
            out.field(
                    0,
                    "PodCIDRs",
                    spec.path("podCIDRs").path(0).asText(spec.path("podCIDR").asText()));
        }
        EventList.write(object, source, out);
    }

    private static void quantities(String title, JsonNode map, Description out) {
        if (map.isEmpty()) {
            return;
        }
        out.line(0, title + ":");
        TreeMap<String, String> sorted = new TreeMap<>();
        map.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        sorted.forEach((k, v) -> out.field(1, k, v));
    }
}
