package dev.meshdojo.simulator.pilot.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of the workloads that pods belong to, as Istio's telemetry knows them. */
public final class WorkloadNames {

    private static final String TEMPLATE_HASH = "pod-template-hash";
    private static final Pattern OF_CRON_JOB = Pattern.compile("(.+)-\\d{8,10}");

    private WorkloadNames() {}

    /** The Deployment, CronJob or other controller of a pod; the pod itself when it has none. */
    static String of(KubeObject pod) {
        JsonView metadata = pod.view().at("metadata");
        if (metadata.text("generateName").isEmpty()) {
            return pod.name();
        }
        for (JsonView owner : metadata.list("ownerReferences")) {
            if (owner.flag("controller")) {
                return controller(pod, owner);
            }
        }
        return pod.name();
    }

    /** The workload of a WorkloadEntry: its group, or what its label says, or the entry itself. */
    static String ofEntry(KubeObject entry) {
        String label = entry.labels().getOrDefault("service.istio.io/workload-name", entry.name());
        return entry.annotations().getOrDefault("istio.io/autoRegistrationGroup", label);
    }

    private static String controller(KubeObject pod, JsonView owner) {
        String name = owner.text("name");
        return switch (owner.text("kind")) {
            case "ReplicaSet" -> {
                String hash = pod.labels().getOrDefault(TEMPLATE_HASH, "");
                yield !hash.isEmpty() && name.endsWith("-" + hash)
                        ? name.substring(0, name.length() - hash.length() - 1)
                        : name;
            }
            case "ReplicationController" -> pod.labels().getOrDefault("deploymentconfig", name);
            case "Job" -> {
                Matcher scheduled = OF_CRON_JOB.matcher(name);
                yield scheduled.matches() ? scheduled.group(1) : name;
            }
            default -> name;
        };
    }

    /**
     * An endpoint's workload in the form of Envoy's endpoint metadata: {@code
     * name;namespace;canonical-name;canonical-revision;cluster}.
     */
    public static String describe(Endpoint endpoint) {
        String revision =
                first(
                        endpoint,
                        "latest",
                        "service.istio.io/canonical-revision",
                        "app.kubernetes.io/version",
                        "version");
        return String.join(
                ";",
                endpoint.workload(),
                endpoint.namespace(),
                first(
                        endpoint,
                        endpoint.workload(),
                        "service.istio.io/canonical-name",
                        "app.kubernetes.io/name",
                        "app"),
                revision.equals("latest") ? "" : revision,
                "Kubernetes");
    }

    private static String first(Endpoint endpoint, String otherwise, String... labels) {
        for (String label : labels) {
            String value = endpoint.labels().get(label);
            if (value != null) {
                return value;
            }
        }
        return otherwise;
    }
}
