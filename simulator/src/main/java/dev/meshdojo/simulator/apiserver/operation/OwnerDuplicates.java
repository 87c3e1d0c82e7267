package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Owner references that stand twice: all but the first are dropped, with a warning. */
final class OwnerDuplicates {

    private OwnerDuplicates() {}

    static void drop(ObjectNode metadata, Consumer<String> warnings) {
        if (!(metadata.get("ownerReferences") instanceof ArrayNode owners)) {
            return;
        }
        Set<JsonNode> seen = new LinkedHashSet<>();
        Set<String> twice = new LinkedHashSet<>();
        for (JsonNode owner : owners) {
            if (!seen.add(owner)) {
                twice.add(owner.path("uid").asText());
            }
        }
        if (twice.isEmpty()) {
            return;
        }
        ArrayNode kept = metadata.putArray("ownerReferences");
        seen.forEach(kept::add);
        warnings.accept(
                ".metadata.ownerReferences contains duplicate entries; API server dedups owner"
                        + " references in 1.20+, and may reject such requests as early as 1.24;"
                        + " please fix your requests; duplicate UID(s) observed: "
                        + String.join(", ", twice));
    }
}
