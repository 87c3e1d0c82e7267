package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import org.jspecify.annotations.Nullable;

/**
 * An object that a {@code parentRef} names.
 *
 * @param kind {@code Gateway}, {@code ListenerSet}, {@code Service} or {@code ServiceEntry}
 * @param namespace its namespace
 * @param name its name
 */
record ParentKey(String kind, String namespace, String name) {

    static ParentKey of(KubeObject object) {
        return new ParentKey(object.kind(), object.namespace(), object.name());
    }

    /** What {@code reference} names, or null when Istio does not know such parents. */
    static @Nullable ParentKey of(JsonView reference, String localNamespace) {
        String kind = orElse(reference.text("kind"), "Gateway");
        String group = reference.has("group") ? reference.text("group") : Grants.GROUP;
        String expected =
                switch (kind) {
                    case "Gateway", "ListenerSet" -> Grants.GROUP;
                    case "Service" -> "";
                    case "ServiceEntry" -> "networking.istio.io";
                    default -> null;
                };
        if (!group.equals(expected)) {
            return null;
        }
        return new ParentKey(
                kind, orElse(reference.text("namespace"), localNamespace), reference.text("name"));
    }

    private static String orElse(String text, String fallback) {
        return text.isEmpty() ? fallback : text;
    }
}
