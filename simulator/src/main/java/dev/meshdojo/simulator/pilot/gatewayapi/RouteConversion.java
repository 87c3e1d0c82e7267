package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A route, the listeners it asked for, and what became of its rules. Compared by identity. */
final class RouteConversion {

    private final KubeObject route;
    private final List<Attachment> attachments;
    private final List<ObjectNode> rules;
    private final @Nullable ConversionError error;
    private final @Nullable ConversionError meshError;

    private RouteConversion(
            KubeObject route,
            List<Attachment> attachments,
            List<ObjectNode> rules,
            @Nullable ConversionError error,
            @Nullable ConversionError meshError) {
        this.route = route;
        this.attachments = attachments;
        this.rules = rules;
        this.error = error;
        this.meshError = meshError;
    }

    /**
     * Something that a route asked for.
     *
     * @param reference the {@code parentRef} as written
     * @param parent the listener, or the mesh
     * @param siblings all listeners of its owner
     * @param denied why the route may not attach; null when it may
     */
    record Attachment(
            JsonView reference,
            Parent parent,
            List<Parent> siblings,
            @Nullable ConversionError denied) {}

    /**
     * Converts a route.
     *
     * @param parents listeners by who has them
     */
    static RouteConversion of(World world, KubeObject route, Map<ParentKey, List<Parent>> parents) {
        List<Attachment> attachments = attach(world, route, parents);
        boolean mesh = attachments.stream().anyMatch(one -> one.parent().mesh());
        ConversionError meshError = mesh ? RuleConversion.of(world, route, false).error() : null;
        if (attachments.stream().allMatch(one -> one.parent().mesh())) {
            return new RouteConversion(route, attachments, List.of(), null, meshError);
        }
        RuleConversion.Result result = RuleConversion.of(world, route, true);
        return new RouteConversion(route, attachments, result.rules(), result.error(), meshError);
    }

    /** The route. */
    KubeObject route() {
        return route;
    }

    /** One entry for each listener of each owner named, and for the mesh. */
    List<Attachment> attachments() {
        return attachments;
    }

    /** Rules of VirtualServices, in order of precedence where routes are joined by it. */
    List<ObjectNode> rules() {
        return rules;
    }

    /** What is wrong with the rules for a parent; null when nothing is. */
    @Nullable ConversionError error(Parent parent) {
        return parent.mesh() ? meshError : error;
    }

    /** Listeners that took the route, in the order Istio goes through them. */
    List<Attachment> accepted() {
        return attachments.stream()
                .filter(attachment -> attachment.denied == null && !attachment.parent.mesh())
                .sorted(Comparator.comparing(attachment -> attachment.parent.internalName()))
                .toList();
    }

    private static List<Attachment> attach(
            World world, KubeObject route, Map<ParentKey, List<Parent>> parents) {
        List<Attachment> out = new ArrayList<>();
        for (JsonView reference : route.spec().list("parentRefs")) {
            ParentKey key = ParentKey.of(reference, route.namespace());
            if (key == null) {
                continue;
            }
            if (key.kind().equals("Service") || key.kind().equals("ServiceEntry")) {
                mesh(world, key, reference, out);
                continue;
            }
            List<Parent> siblings = parents.getOrDefault(key, List.of());
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

    private static void mesh(World world, ParentKey key, JsonView reference, List<Attachment> out) {
        boolean service = key.kind().equals("Service");
        KubeObject parent =
                service
                        ? world.service(key.namespace(), key.name())
                        : world.serviceEntry(key.namespace(), key.name());
        if (parent != null && world.foreignWaypoint(parent)) {
            return;
        }
        ConversionError denied =
                parent != null
                        ? null
                        : new ConversionError(
                                "NoMatchingParent",
                                (service ? "parent service: \"" : "parent service entry: \"")
                                        + key.name()
                                        + "\" not found");
        out.add(new Attachment(reference, Parent.MESH, List.of(Parent.MESH), denied));
    }
}
