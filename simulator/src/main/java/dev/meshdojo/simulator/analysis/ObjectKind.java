package dev.meshdojo.simulator.analysis;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds that analyzers look at; a kind's versions count as one. */
public enum ObjectKind {
    NAMESPACE("", "Namespace"),
    NODE("", "Node"),
    SERVICE("", "Service"),
    POD("", "Pod"),
    SECRET("", "Secret"),
    CONFIG_MAP("", "ConfigMap"),
    DEPLOYMENT("apps", "Deployment"),
    MUTATING_WEBHOOK("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    VALIDATING_WEBHOOK("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    KUBERNETES_GATEWAY("gateway.networking.k8s.io", "Gateway"),
    HTTP_ROUTE("gateway.networking.k8s.io", "HTTPRoute"),
    GRPC_ROUTE("gateway.networking.k8s.io", "GRPCRoute"),
    GATEWAY("networking.istio.io", "Gateway"),
    VIRTUAL_SERVICE("networking.istio.io", "VirtualService"),
    DESTINATION_RULE("networking.istio.io", "DestinationRule"),
    SERVICE_ENTRY("networking.istio.io", "ServiceEntry"),
    WORKLOAD_ENTRY("networking.istio.io", "WorkloadEntry"),
    WORKLOAD_GROUP("networking.istio.io", "WorkloadGroup"),
    SIDECAR("networking.istio.io", "Sidecar"),
    ENVOY_FILTER("networking.istio.io", "EnvoyFilter"),
    PROXY_CONFIG("networking.istio.io", "ProxyConfig"),
    AUTHORIZATION_POLICY("security.istio.io", "AuthorizationPolicy"),
    PEER_AUTHENTICATION("security.istio.io", "PeerAuthentication"),
    REQUEST_AUTHENTICATION("security.istio.io", "RequestAuthentication"),
    TELEMETRY("telemetry.istio.io", "Telemetry"),
    WASM_PLUGIN("extensions.istio.io", "WasmPlugin"),
    TRAFFIC_EXTENSION("extensions.istio.io", "TrafficExtension");

    private static final Map<String, ObjectKind> BY_NAME =
            Arrays.stream(values())
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    kind -> kind.group + "/" + kind.kind, Function.identity()));

    private final String group;
    private final String kind;

    ObjectKind(String group, String kind) {
        this.group = group;
        this.kind = kind;
    }

    /** The kind of an object, null for one that no analyzer looks at. */
    public static @Nullable ObjectKind of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return BY_NAME.get((slash < 0 ? "" : apiVersion.substring(0, slash)) + "/" + kind);
    }

    /** The kind's name without its group. */
    public String kind() {
        return kind;
    }

    /** Whether objects of this kind lie in namespaces. */
    public boolean namespaced() {
        return switch (this) {
            case NAMESPACE, NODE, MUTATING_WEBHOOK, VALIDATING_WEBHOOK -> false;
            default -> true;
        };
    }

    /** Whether Istio defines this kind. */
    public boolean istio() {
        return group.endsWith(".istio.io");
    }
}
