package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.admission.NodeTaints;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** Makes the Node object and its Lease, and keeps them fresh. */
final class NodeRegistration {

    private static final String VERSION = "v1.35.4";

    private final ResourceApi api;
    private final KubeletOptions options;

    NodeRegistration(ResourceApi api, KubeletOptions options) {
        this.api = api;
        this.options = options;
    }

    /** Registers the node, ready; one that exists gets a fresh status. */
    void register() {
        ResourceKey key = new ResourceKey("", "nodes", "", options.nodeName());
        Instant now = options.clock().instant();
        if (api.find(key) == null) {
            try {
                ObjectNode created = api.create(node());
                assert !Meta.uid(created).isEmpty() : "the API server gives uids";
            } catch (ApiException e) {
                if (e.code() != 409) {
                    throw e;
                }
            }
        }
        api.editStatus(
                key,
                live -> {
                    if (live != null) {
                        status(Fields.child(live, "status"), now);
                    }
                    return live;
                });
        api.edit(
                key,
                live -> {
                    if (live != null) {
                        untaint(Fields.child(live, "spec"));
                    }
                    return live;
                });
        renewLease();
    }

    /** Renews the node's Lease. */
    void renewLease() {
        String now =
                options.clock()
                        .instant()
                        .truncatedTo(java.time.temporal.ChronoUnit.MICROS)
                        .toString();
        ResourceKey key =
                new ResourceKey(
                        "coordination.k8s.io", "leases", "kube-node-lease", options.nodeName());
        try {
            if (api.find(key) == null) {
                ObjectNode lease =
                        Fields.manifest(
                                "coordination.k8s.io/v1",
                                "Lease",
                                "kube-node-lease",
                                options.nodeName());
                lease.putObject("spec")
                        .put("holderIdentity", options.nodeName())
                        .put("leaseDurationSeconds", 40)
                        .put("renewTime", now);
                api.create(lease);
                return;
            }
            api.edit(
                    key,
                    live -> {
                        if (live != null) {
                            Fields.child(live, "spec").put("renewTime", now);
                        }
                        return live;
                    });
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 409) {
                throw e;
            }
        }
    }

    private ObjectNode node() {
        ObjectNode node = Fields.manifest("v1", "Node", "", options.nodeName());
        ObjectNode labels = Fields.child(node, "metadata", "labels");
        labels.put("beta.kubernetes.io/arch", "amd64")
                .put("beta.kubernetes.io/os", "linux")
                .put("kubernetes.io/arch", "amd64")
                .put("kubernetes.io/hostname", options.nodeName())
                .put("kubernetes.io/os", "linux");
        ObjectNode spec = node.putObject("spec").put("podCIDR", "10.244.0.0/24");
        spec.putArray("podCIDRs").add("10.244.0.0/24");
        return node;
    }

    /** The node lifecycle controller's part: a node that is ready takes pods. */
    private static void untaint(ObjectNode spec) {
        if (spec.get("taints") instanceof ArrayNode taints) {
            for (int i = taints.size() - 1; i >= 0; i--) {
                if (NodeTaints.isNotReady(taints.get(i))) {
                    taints.remove(i);
                }
            }
            if (taints.isEmpty()) {
                spec.remove("taints");
            }
        }
    }

    private void status(ObjectNode status, Instant now) {
        for (String field : List.of("capacity", "allocatable")) {
            status.set(field, Fields.object(new TreeMap<>(Quantities.NODE)));
        }
        ArrayNode conditions = status.putArray("conditions");
        condition(
                conditions,
                now,
                "MemoryPressure",
                "KubeletHasSufficientMemory",
                "memory available");
        condition(conditions, now, "DiskPressure", "KubeletHasNoDiskPressure", "disk pressure");
        condition(conditions, now, "PIDPressure", "KubeletHasSufficientPID", "PID available");
        conditions
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("lastHeartbeatTime", Meta.time(now))
                .put("lastTransitionTime", Meta.time(now))
                .put("reason", "KubeletReady")
                .put("message", "kubelet is posting ready status");
        ArrayNode addresses = status.putArray("addresses");
        addresses.addObject().put("type", "InternalIP").put("address", LoopbackNetwork.NODE_IP);
        addresses.addObject().put("type", "Hostname").put("address", options.nodeName());
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", 10250);
        status.putObject("nodeInfo")
                .put("architecture", "amd64")
                .put("bootID", java.util.UUID.randomUUID().toString())
                .put("containerRuntimeVersion", "containerd://2.1.4")
                .put("kernelVersion", "6.8.0")
                .put("kubeProxyVersion", "")
                .put("kubeletVersion", VERSION)
                .put("machineID", Ids.hex64().substring(0, 32))
                .put("operatingSystem", "linux")
                .put("osImage", "Mesh Dojo")
                .put("systemUUID", java.util.UUID.randomUUID().toString());
    }

    private static void condition(
            ArrayNode conditions, Instant now, String type, String reason, String what) {
        String has = reason.contains("HasNo") ? "kubelet has no " : "kubelet has sufficient ";
        conditions
                .addObject()
                .put("type", type)
                .put("status", "False")
                .put("lastHeartbeatTime", Meta.time(now))
                .put("lastTransitionTime", Meta.time(now))
                .put("reason", reason)
                .put("message", has + what);
    }
}
