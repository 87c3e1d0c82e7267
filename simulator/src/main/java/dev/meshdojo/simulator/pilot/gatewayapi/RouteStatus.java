package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.gatewayapi.RouteConversion.Attachment;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.ObjectStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status of one route: for each {@code parentRef} that names something known, whether it was
 * accepted and whether its references resolve. One listener that takes the route is enough; else
 * the worst complaint counts, and equal ones are joined.
 *
 * @param now RFC 3339, for conditions that change
 */
record RouteStatus(RouteConversion route, String now) {

    private static final List<String> SEVERITY =
            List.of("", "NotAllowedByListeners", "NoMatchingListenerHostname", "ParentRefConflict");

    ObjectStatus status() {
        Map<String, List<Attachment>> byReference = new LinkedHashMap<>();
        for (Attachment attachment : route.attachments()) {
            byReference
                    .computeIfAbsent(order(attachment.reference()), r -> new ArrayList<>())
                    .add(attachment);
        }
        JsonView status = route.route().view().at("status");
        ArrayNode parents = JsonNodeFactory.instance.arrayNode();
        for (JsonView parent : status.list("parents")) {
            if (!parent.text("controllerName").equals(GatewayApi.CONTROLLER)) {
                parents.add(parent.node());
                continue;
            }
            List<Attachment> attachments = byReference.remove(order(parent.at("parentRef")));
            if (attachments != null) {
                parents.add(parent(attachments, parent.list("conditions")));
            }
        }
        byReference.values().stream()
                .map(attachments -> parent(attachments, List.of()))
                .sorted(
                        Comparator.comparing(
                                        (ObjectNode parent) ->
                                                order(JsonView.of(parent.get("parentRef"))))
                                .reversed())
                .forEach(parents::add);
        ObjectNode out =
                status.node() instanceof ObjectNode written
                        ? written.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        if (status.has("parents") || !parents.isEmpty()) {
            out.set("parents", parents);
        }
        return new ObjectStatus(
                route.route(), route.route().kind().toLowerCase(Locale.ROOT) + "s", out);
    }

    /** What a reference comes down to, defaults filled in. */
    private String order(JsonView reference) {
        return (reference.has("group") ? reference.text("group") : Grants.GROUP)
                + "/"
                + orElse(reference.text("kind"), "Gateway")
                + "/"
                + reference.text("name")
                + "/"
                + reference.text("sectionName")
                + "/"
                + reference.integer("port")
                + "."
                + orElse(reference.text("namespace"), route.route().namespace());
    }

    private static String orElse(String text, String fallback) {
        return text.isEmpty() ? fallback : text;
    }

    private ObjectNode parent(List<Attachment> attachments, List<JsonView> existing) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.set("parentRef", attachments.getFirst().reference().node().deepCopy());
        out.put("controllerName", GatewayApi.CONTROLLER);
        long bound = attachments.stream().filter(one -> one.denied() == null).count();
        ConversionError denied = denied(attachments);
        ConversionError error = route.error(attachments.getFirst().parent());
        Condition accepted =
                denied != null
                        ? new Condition("Accepted", false, denied.reason(), denied.message())
                        : new Condition(
                                "Accepted",
                                true,
                                "Accepted",
                                bound > 1
                                        ? "Route was valid, bound to " + bound + " parents"
                                        : "Route was valid");
        Condition resolved =
                error != null
                        ? new Condition("ResolvedRefs", false, error.reason(), error.message())
                        : new Condition(
                                "ResolvedRefs", true, "ResolvedRefs", "All references resolved");
        long generation = route.route().view().at("metadata").integer("generation");
        out.set(
                "conditions",
                new Conditions(generation, now).over(existing, List.of(accepted, resolved)));
        return out;
    }

    private static @Nullable ConversionError denied(List<Attachment> attachments) {
        ConversionError reported = attachments.getFirst().denied();
        int severity = severity(reported);
        for (Attachment attachment : attachments.subList(1, attachments.size())) {
            ConversionError next = attachment.denied();
            int own = severity(next);
            if (own < severity) {
                severity = own;
                reported = next;
            } else if (own == severity && reported != null && next != null) {
                reported =
                        new ConversionError(
                                reported.reason(), reported.message() + "; " + next.message());
            }
        }
        return reported;
    }

    private static int severity(@Nullable ConversionError denied) {
        int rank = SEVERITY.indexOf(denied == null ? "" : denied.reason());
        return rank < 0 ? SEVERITY.size() : rank;
    }
}
