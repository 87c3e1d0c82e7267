package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which class an annotation makes the default one. */
final class DefaultClass {

    private DefaultClass() {}

    /** The newest class whose annotation says {@code true}; of two as new, the first by name. */
    static Optional<String> newest(List<ObjectNode> classes, String annotation) {
        return classes.stream()
                .map(found -> found.path("metadata"))
                .filter(m -> m.path("annotations").path(annotation).asText().equals("true"))
                .min(
                        Comparator.comparing((JsonNode m) -> m.path("creationTimestamp").asText())
                                .reversed()
                                .thenComparing(m -> m.path("name").asText()))
                .map(m -> m.path("name").asText());
    }
}
