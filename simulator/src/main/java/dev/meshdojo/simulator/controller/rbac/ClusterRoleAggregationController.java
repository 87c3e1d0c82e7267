package dev.meshdojo.simulator.controller.rbac;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;

/**
 * Keeps the rules of aggregated ClusterRoles equal to those of the roles they select. Source:
 * {@code pkg/controller/clusterroleaggregation}.
 */
public final class ClusterRoleAggregationController extends Controller {

    private final Informer roles;

    /** Subscribes; runs once started. */
    public ClusterRoleAggregationController(ControllerContext context) {
        super("clusterrole-aggregation-controller", context);
        this.roles = context.informer(BootstrapPolicy.GROUP, "clusterroles");
        roles.onChange((before, after) -> enqueueAggregated());
    }

    private void enqueueAggregated() {
        for (ObjectNode role : roles.list("")) {
            if (RoleAggregation.aggregates(role)) {
                queue.add(Meta.objectName(role));
            }
        }
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode role = roles.get(target);
        if (role == null || !RoleAggregation.aggregates(role)) {
            return;
        }
        ArrayNode rules = RoleAggregation.rules(role, roles.list(""));
        if (rules.equals(role.path("rules")) || (rules.isEmpty() && role.path("rules").isEmpty())) {
            return;
        }
        context.api()
                .edit(
                        new ResourceKey(BootstrapPolicy.GROUP, "clusterroles", "", target.name()),
                        copy -> {
                            if (copy == null) {
                                return null;
                            }
                            copy.set("rules", rules);
                            return copy;
                        });
    }
}
