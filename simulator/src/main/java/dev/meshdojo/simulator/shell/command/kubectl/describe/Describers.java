package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The describers by kind; a kind without one gets the generic form. */
public final class Describers {

    private static final Map<String, Describer> TABLE =
            Map.ofEntries(
                    Map.entry("v1/Pod", PodDescriber::describe),
                    Map.entry("v1/Service", ServiceDescriber::describe),
                    Map.entry("v1/ConfigMap", ConfigDescribers::configMap),
                    Map.entry("v1/Secret", ConfigDescribers::secret),
                    Map.entry("v1/ServiceAccount", ConfigDescribers::serviceAccount),
                    Map.entry("v1/Namespace", ClusterDescribers::namespace),
                    Map.entry("v1/Node", ClusterDescribers::node),
                    Map.entry("v1/Endpoints", NetworkDescribers::endpoints),
                    Map.entry(
                            "discovery.k8s.io/v1/EndpointSlice", NetworkDescribers::endpointSlice),
                    Map.entry("networking.k8s.io/v1/Ingress", IngressDescriber::describe),
                    Map.entry("apps/v1/Deployment", WorkloadDescribers::deployment),
                    Map.entry("apps/v1/ReplicaSet", WorkloadDescribers::replicaSet),
                    Map.entry("apps/v1/StatefulSet", WorkloadDescribers::statefulSet),
                    Map.entry("apps/v1/DaemonSet", WorkloadDescribers::daemonSet),
                    Map.entry("batch/v1/Job", WorkloadDescribers::job),
                    Map.entry("rbac.authorization.k8s.io/v1/Role", AccessDescribers::role),
                    Map.entry("rbac.authorization.k8s.io/v1/ClusterRole", AccessDescribers::role),
                    Map.entry(
                            "rbac.authorization.k8s.io/v1/RoleBinding", AccessDescribers::binding),
                    Map.entry(
                            "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
                            AccessDescribers::binding));

    private Describers() {}

    /** The text for one object. */
    public static String describe(JsonNode object, DescribeSource source)
            throws InterruptedException {
        String kind = object.path("apiVersion").asText() + "/" + object.path("kind").asText();
        Description out = new Description();
        TABLE.getOrDefault(kind, GenericDescriber::describe).describe(object, source, out);
        return out.finish();
    }
}
