package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.List;
import java.util.Set;

/**
 * ReferenceGrants: who may refer to what in another namespace.
 *
 * @param grants the objects
 */
record Grants(List<KubeObject> grants) {

    static final String GROUP = "gateway.networking.k8s.io";

    /** What Istio knows grants for. */
    private static final Set<String> TARGETS = Set.of("Service", "Secret", "ConfigMap");

    /** Whether objects of a kind in {@code fromNamespace} may refer to that object. */
    boolean allowed(
            String fromKind,
            String fromNamespace,
            String toGroup,
            String toKind,
            String toNamespace,
            String toName) {
        if (!toGroup.isEmpty() || !TARGETS.contains(toKind)) {
            return false;
        }
        for (KubeObject grant : grants) {
            if (grant.namespace().equals(toNamespace)
                    && from(grant, fromKind, fromNamespace)
                    && to(grant, toGroup, toKind, toName)) {
                return true;
            }
        }
        return false;
    }

    private static boolean from(KubeObject grant, String kind, String namespace) {
        for (JsonView from : grant.spec().list("from")) {
            if (from.text("group").equals(GROUP)
                    && from.text("kind").equals(kind)
                    && from.text("namespace").equals(namespace)) {
                return true;
            }
        }
        return false;
    }

    private static boolean to(KubeObject grant, String group, String kind, String name) {
        for (JsonView to : grant.spec().list("to")) {
            if (to.text("group").equals(group)
                    && to.text("kind").equals(kind)
                    && (to.text("name").isEmpty() || to.text("name").equals(name))) {
                return true;
            }
        }
        return false;
    }
}
