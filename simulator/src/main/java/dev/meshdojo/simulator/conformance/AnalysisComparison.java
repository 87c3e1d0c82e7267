package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.analysis.Analysis;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares what the analyzers say of a case beyond what they say of the world alone. They see the
 * world with one pod for each of its Deployments, and all resources of the case, refused ones too.
 */
final class AnalysisComparison {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Analysis analysis = new Analysis(Clock.systemUTC());
    private final List<ObjectNode> world = new ArrayList<>();
    private final List<ObjectNode> mesh;
    private final Set<String> saidOfWorld;
    private final Set<String> saidOfMesh;

    AnalysisComparison(Corpus corpus) {
        world.addAll(corpus.world());
        world.addAll(corpus.secrets());
        corpus.world().stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .map(AnalysisComparison::pod)
                .forEach(world::add);
        mesh = new ArrayList<>(world);
        mesh.addAll(corpus.mesh());
        saidOfWorld = said(world, List.of());
        saidOfMesh = said(mesh, List.of());
    }

    /** The differences; none for a case without recorded analysis. */
    List<Difference> compare(ConformanceCase recorded) {
        Set<String> expected = recorded.analysis();
        if (expected == null) {
            return List.of();
        }
        boolean inMesh = recorded.area().equals("mesh");
        Set<String> said = said(inMesh ? mesh : world, recorded.resources());
        said.removeAll(inMesh ? saidOfMesh : saidOfWorld);
        return said.equals(expected)
                ? List.of()
                : List.of(
                        new Difference(
                                recorded.name(),
                                "case",
                                "analysis",
                                expected.stream().sorted().toList().toString(),
                                said.stream().sorted().toList().toString()));
    }

    /** A message as one text. */
    static String text(String code, String level, String origin, String message) {
        return level + " [" + code + "] (" + origin + ") " + message;
    }

    private Set<String> said(List<ObjectNode> base, List<ObjectNode> further) {
        List<JsonNode> objects = new ArrayList<>(base);
        objects.addAll(further);
        Set<String> said = new HashSet<>();
        analysis.analyze(objects)
                .forEach(
                        message ->
                                said.add(
                                        text(
                                                message.code(),
                                                message.level(),
                                                message.origin(),
                                                message.text())));
        return said;
    }

    private static ObjectNode pod(ObjectNode deployment) {
        JsonNode template = deployment.path("spec").path("template");
        ObjectNode pod = JSON.createObjectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = template.path("metadata").deepCopy();
        metadata.put("name", deployment.path("metadata").path("name").asText() + "-pod");
        metadata.put("namespace", deployment.path("metadata").path("namespace").asText());
        pod.set("metadata", metadata);
        pod.set("spec", template.path("spec").deepCopy());
        return pod;
    }
}
