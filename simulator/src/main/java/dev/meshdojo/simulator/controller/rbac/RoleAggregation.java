package dev.meshdojo.simulator.controller.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The rules that a ClusterRole with an {@code aggregationRule} collects from others. Stateless. */
final class RoleAggregation {

    private RoleAggregation() {}

    /** Whether the rules of a role are collected. */
    static boolean aggregates(ObjectNode role) {
        return Fields.has(role, "aggregationRule");
    }

    /**
     * The rules of all selected roles, in the order of the selectors and then of the roles' names,
     * each once. The role itself never adds to itself.
     */
    static ArrayNode rules(ObjectNode role, Collection<ObjectNode> roles) {
        List<ObjectNode> sorted =
                roles.stream()
                        .filter(other -> !Meta.name(other).equals(Meta.name(role)))
                        .sorted(Comparator.comparing(Meta::name))
                        .toList();
        Set<JsonNode> rules = new LinkedHashSet<>();
        for (JsonNode selector : Fields.at(role, "aggregationRule", "clusterRoleSelectors")) {
            LabelSelector matches = LabelSelector.of(selector);
            for (ObjectNode other : sorted) {
                if (matches.matches(Meta.labels(other))) {
                    other.path("rules").forEach(rules::add);
                }
            }
        }
        ArrayNode collected = JsonNodeFactory.instance.arrayNode();
        rules.forEach(rule -> collected.add(rule.deepCopy()));
        return collected;
    }
}
