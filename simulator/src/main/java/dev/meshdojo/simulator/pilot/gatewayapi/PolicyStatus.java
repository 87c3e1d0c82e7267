package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.gatewayapi.BackendTlsPolicies.Ancestor;
import dev.meshdojo.simulator.pilot.gatewayapi.BackendTlsPolicies.Policy;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.ObjectStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The status of a BackendTLSPolicy. Entries of other controllers stay; our own are replaced where
 * they are, dropped when they no longer hold, and new ones follow.
 *
 * @param policy what became of the policy
 * @param now RFC 3339, for conditions that change
 */
record PolicyStatus(Policy policy, String now) {

    /** Who reports for backends, as opposed to Gateways. */
    static final String MESH_CONTROLLER = "istio.io/mesh-controller";

    private static final Set<String> OURS = Set.of(GatewayApi.CONTROLLER, MESH_CONTROLLER);
    private static final int MOST = 16;

    ObjectStatus status() {
        KubeObject object = policy.policy();
        ObjectNode status = StatusWriting.copy(object);
        List<JsonView> existing = object.view().at("status").list("ancestors");
        List<ObjectNode> incoming = new ArrayList<>();
        policy.ancestors().forEach(ancestor -> incoming.add(entry(ancestor, existing)));
        List<JsonNode> merged = new ArrayList<>();
        for (JsonView old : existing) {
            if (!OURS.contains(old.text("controllerName"))) {
                merged.add(old.node());
                continue;
            }
            ObjectNode replacement = take(incoming, old.at("ancestorRef").node());
            if (replacement != null) {
                merged.add(replacement);
            }
        }
        merged.addAll(incoming);
        ArrayNode ancestors = status.putArray("ancestors");
        merged.stream().limit(MOST).forEach(ancestors::add);
        return new ObjectStatus(object, "backendtlspolicies", status);
    }

    private static @Nullable ObjectNode take(List<ObjectNode> entries, JsonNode reference) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).path("ancestorRef").equals(reference)) {
                return entries.remove(i);
            }
        }
        return null;
    }

    private ObjectNode entry(Ancestor ancestor, List<JsonView> existing) {
        List<JsonView> known = List.of();
        for (JsonView old : existing) {
            if (old.at("ancestorRef").node().equals(ancestor.reference())) {
                known = old.list("conditions");
                break;
            }
        }
        long generation = policy.policy().view().at("metadata").integer("generation");
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.set("ancestorRef", ancestor.reference());
        out.set("conditions", new Conditions(generation, now).over(known, ancestor.conditions()));
        out.put("controllerName", ancestor.controller());
        return out;
    }
}
