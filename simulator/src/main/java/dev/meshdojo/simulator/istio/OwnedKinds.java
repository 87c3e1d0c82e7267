package dev.meshdojo.simulator.istio;

import dev.meshdojo.simulator.istio.InstallTarget.Kind;
import java.util.ArrayList;
import java.util.List;

/** The kinds that istioctl installs, prunes and removes, in the order of removal. */
final class OwnedKinds {

    static final Kind DEPLOYMENT = new Kind("apps", "v1", "Deployment", "deployments", true);
    static final Kind NAMESPACE = new Kind("", "v1", "Namespace", "namespaces", false);
    static final Kind CRD =
            new Kind(
                    "apiextensions.k8s.io",
                    "v1",
                    "CustomResourceDefinition",
                    "customresourcedefinitions",
                    false);

    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String ADMISSION = "admissionregistration.k8s.io";

    private static final List<Kind> NAMESPACED =
            List.of(
                    DEPLOYMENT,
                    new Kind("apps", "v1", "DaemonSet", "daemonsets", true),
                    new Kind("", "v1", "Service", "services", true),
                    new Kind("", "v1", "ConfigMap", "configmaps", true),
                    new Kind("", "v1", "Pod", "pods", true),
                    new Kind("", "v1", "Secret", "secrets", true),
                    new Kind("", "v1", "ServiceAccount", "serviceaccounts", true),
                    new Kind(RBAC, "v1", "RoleBinding", "rolebindings", true),
                    new Kind(RBAC, "v1", "Role", "roles", true),
                    new Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
                    new Kind(
                            "autoscaling",
                            "v2",
                            "HorizontalPodAutoscaler",
                            "horizontalpodautoscalers",
                            true),
                    new Kind(
                            "networking.istio.io",
                            "v1alpha3",
                            "EnvoyFilter",
                            "envoyfilters",
                            true));

    private static final List<Kind> CLUSTER =
            List.of(
                    new Kind(
                            ADMISSION,
                            "v1",
                            "MutatingWebhookConfiguration",
                            "mutatingwebhookconfigurations",
                            false),
                    new Kind(
                            ADMISSION,
                            "v1",
                            "ValidatingWebhookConfiguration",
                            "validatingwebhookconfigurations",
                            false),
                    new Kind(RBAC, "v1", "ClusterRole", "clusterroles", false),
                    new Kind(RBAC, "v1", "ClusterRoleBinding", "clusterrolebindings", false));

    private OwnedKinds() {}

    /** What is pruned after an installation: everything but CRDs. */
    static List<Kind> pruned() {
        List<Kind> all = new ArrayList<>(NAMESPACED);
        all.addAll(CLUSTER);
        return all;
    }

    /** What goes with {@code uninstall --purge}. */
    static List<Kind> purged() {
        List<Kind> all = pruned();
        all.add(CRD);
        return all;
    }
}
