package dev.meshdojo.simulator.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.check.SourceObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the lines that routes come from. Immutable. */
final class RouteOrigins {

    private final List<SourceObject> objects;

    RouteOrigins(List<SourceObject> objects) {
        this.objects = List.copyOf(objects);
    }

    /**
     * Where a route stands, {@code file:line}; empty when its object is in none of the files.
     *
     * @param origin as routes carry it, {@code
     *     /apis/GROUP/VERSION/namespaces/NS/virtual-service/NAME}
     * @param route the route's name
     * @param nth which of the origin's routes in its table this is, from 0
     */
    Optional<String> line(String origin, String route, int nth) {
        String[] parts = origin.split("/");
        if (parts.length < 3) {
            return Optional.empty();
        }
        String kind = parts[parts.length - 2].replace("-", "").toLowerCase(Locale.ROOT);
        String name = parts[parts.length - 3] + "/" + parts[parts.length - 1];
        return objects.stream()
                .filter(
                        object ->
                                object.json()
                                                .path("kind")
                                                .asText()
                                                .toLowerCase(Locale.ROOT)
                                                .equals(kind)
                                        && Placement.fullName(object.json()).equals(name))
                .findFirst()
                .map(object -> object.file() + ":" + object.line(path(object.json(), route, nth)));
    }

    /** The match of a route, else its http entry, else the object. */
    private static String path(ObjectNode object, String route, int nth) {
        if (!(object.path("spec").path("http") instanceof ArrayNode entries)) {
            return "";
        }
        List<String> matches = new ArrayList<>();
        boolean regular = true;
        for (int i = 0; i < entries.size(); i++) {
            JsonNode entry = entries.get(i);
            String at = "spec.http[" + i + "]";
            String name = entry.path("name").asText();
            if (!name.isEmpty() && name.equals(route)) {
                return at;
            }
            for (int j = 0; j < entry.path("match").size(); j++) {
                JsonNode match = entry.path("match").get(j);
                String here = at + ".match[" + j + "]";
                if (!name.isEmpty() && route.equals(name + "." + match.path("name").asText())) {
                    return here;
                }
                regular &=
                        !match.has("gateways") && !match.has("port") && !match.has("sourceLabels");
                matches.add(here);
            }
            regular &= !entry.has("delegate");
            if (entry.path("match").isEmpty()) {
                matches.add(at);
            }
        }
        return regular && nth < matches.size() ? matches.get(nth) : "";
    }
}
