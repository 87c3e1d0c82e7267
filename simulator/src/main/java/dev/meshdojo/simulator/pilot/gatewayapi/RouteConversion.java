package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route and the listeners it asked for.
 *
 * @param route the route
 * @param attachments one entry a listener of each Gateway named
 * @param error what is wrong with its rules; null when nothing is
 */
record RouteConversion(
        KubeObject route, List<Attachment> attachments, @Nullable ConversionError error) {

    /**
     * A listener that a route asked for.
     *
     * @param reference the {@code parentRef} as written
     * @param parent the listener
     * @param siblings all listeners of its Gateway
     * @param denied why the route may not attach; null when it may
     */
    record Attachment(
            JsonView reference,
            Parent parent,
            List<Parent> siblings,
            @Nullable ConversionError denied) {}

    /** Listeners that took the route, in the order Istio goes through them. */
    List<Attachment> accepted() {
        return attachments.stream()
                .filter(attachment -> attachment.denied == null)
                .sorted(Comparator.comparing(attachment -> attachment.parent.internalName()))
                .toList();
    }

    static List<Attachment> attach(KubeObject route, List<Parent> parents) {
        List<Attachment> out = new ArrayList<>();
        for (JsonView reference : route.spec().list("parentRefs")) {
            String kind = reference.text("kind");
            if (!kind.isEmpty() && !kind.equals("Gateway")) {
                continue;
            }
            String written = reference.text("namespace");
            String namespace = written.isEmpty() ? route.namespace() : written;
            List<Parent> siblings =
                    parents.stream()
                            .filter(parent -> parent.gatewayNamespace().equals(namespace))
                            .filter(parent -> parent.gatewayName().equals(reference.text("name")))
                            .toList();
            for (Parent parent : siblings) {
                out.add(
                        new Attachment(
                                reference,
                                parent,
                                siblings,
                                parent.denied(
                                        reference,
                                        route.kind(),
                                        route.spec().texts("hostnames"),
                                        route.namespace())));
            }
        }
        return out;
    }
}
