package dev.meshdojo.gateway.filter.rbac;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The compiled policies of one {@code RBAC} message, in alphabetical order. Immutable. */
final class RbacEngine {

    private record NamedPolicy(String name, RbacRule rule) {}

    private final RBAC.Action action;
    private final List<NamedPolicy> policies = new ArrayList<>();

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when a policy is invalid
     */
    RbacEngine(RBAC proto) {
        action = proto.getAction();
        new TreeMap<>(proto.getPoliciesMap())
                .forEach(
                        (name, policy) ->
                                policies.add(new NamedPolicy(name, PolicyCompiler.policy(policy))));
    }

    /** The name of the first policy that holds; null when none does. */
    @Nullable String firstHit(RbacInput input) {
        for (NamedPolicy policy : policies) {
            if (policy.rule.holds(input)) {
                return policy.name;
            }
        }
        return null;
    }

    boolean allowed(@Nullable String hit) {
        return switch (action) {
            case ALLOW -> hit != null;
            case DENY, UNRECOGNIZED -> hit == null;
            case LOG -> true;
        };
    }

    boolean logs() {
        return action == RBAC.Action.LOG;
    }
}
