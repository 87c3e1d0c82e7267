package dev.meshdojo.simulator.pilot.security;

import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which policies apply to a proxy: those of the root namespace and of its own that select it. */
public final class Policies {

    private static final String GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";
    private static final String GATEWAY_CLASS = "gateway.networking.k8s.io/gateway-class-name";

    private Policies() {}

    /** The policies of a kind that apply, oldest first. */
    public static List<KubeObject> of(MeshModel model, String groupResource, ProxyIdentity proxy) {
        String root = model.mesh().rootNamespace();
        return model.objects(groupResource).byAge().stream()
                .filter(
                        policy ->
                                policy.namespace().equals(root)
                                        || policy.namespace().equals(proxy.namespace()))
                .filter(policy -> selects(policy, proxy, root))
                .toList();
    }

    /** Whether a policy of the root namespace or the proxy's own selects the proxy. */
    public static boolean selects(KubeObject policy, ProxyIdentity proxy, String root) {
        JsonView spec = policy.spec();
        List<JsonView> targets = new ArrayList<>(spec.list("targetRefs"));
        if (spec.has("targetRef")) {
            targets.add(spec.at("targetRef"));
        }
        if (!targets.isEmpty()) {
            return targets.stream().anyMatch(target -> targets(policy, target, proxy, root));
        }
        Map<String, String> wanted = new HashMap<>(spec.at("selector").textMap("matchLabels"));
        wanted.putAll(spec.at("workloadSelector").textMap("labels"));
        return proxy.labels().entrySet().containsAll(wanted.entrySet());
    }

    private static boolean targets(
            KubeObject policy, JsonView target, ProxyIdentity proxy, String root) {
        String name = target.text("name");
        return switch (target.text("kind")) {
            case "Gateway" ->
                    policy.namespace().equals(proxy.namespace())
                            && name.equals(proxy.labels().get(GATEWAY_NAME));
            case "GatewayClass" ->
                    policy.namespace().equals(root)
                            && name.equals(proxy.labels().get(GATEWAY_CLASS));
            default -> false;
        };
    }
}
