package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One recorded case: resources on top of the world, requests, and what came out.
 *
 * @param file where it was read from
 * @param name its name, unique in the corpus
 * @param area what it is about
 * @param resources objects to apply, in order
 * @param verdicts what the API server says of some of them
 * @param exchanges requests to send, in order
 * @param analysis what the analyzers say beyond what they say of the world, one text a message;
 *     null when that was not recorded
 * @param proxyConfig rows of {@code istioctl proxy-config}, by gateway Service and table
 */
public record ConformanceCase(
        Path file,
        String name,
        String area,
        List<ObjectNode> resources,
        List<RecordedVerdict> verdicts,
        List<RecordedExchange> exchanges,
        @Nullable Set<String> analysis,
        Map<String, Map<String, List<String>>> proxyConfig) {

    /** The kind of document this reads. */
    static final String KIND = "ConformanceCase";

    /**
     * What the API server said of a resource.
     *
     * @param resource {@code Kind namespace/name}
     * @param error refusal by Istio's webhook; empty for none
     * @param schemaError refusal by the CRD's schema; empty for none
     * @param warning warning beside either outcome; empty for none
     */
    public record RecordedVerdict(
            String resource, String error, String schemaError, String warning) {

        /** Whether the resource was refused. */
        public boolean refused() {
            return !error.isEmpty() || !schemaError.isEmpty();
        }
    }

    /**
     * One exchange.
     *
     * @param name unique in the case
     * @param written the whole entry: gateway, request, repeat, expect
     */
    public record RecordedExchange(String name, JsonView written) {

        /** The request. */
        public JsonView request() {
            return written.at("request");
        }

        /** What came out. */
        public JsonView expect() {
            return written.at("expect");
        }
    }

    /**
     * Whether it says how long an exchange takes, so that nothing else may keep the machine busy.
     */
    boolean timed() {
        return exchanges.stream().anyMatch(exchange -> exchange.expect().has("elapsed"));
    }

    /** Reads a case. */
    static ConformanceCase of(Path file, JsonView document) {
        JsonView metadata = document.at("metadata");
        JsonView spec = document.at("spec");
        List<ObjectNode> resources = new ArrayList<>();
        for (JsonView resource : spec.list("resources")) {
            resources.add((ObjectNode) resource.node());
        }
        List<RecordedVerdict> verdicts = new ArrayList<>();
        for (JsonView verdict : spec.list("validation")) {
            verdicts.add(
                    new RecordedVerdict(
                            verdict.text("resource"),
                            verdict.text("error"),
                            verdict.text("schemaError"),
                            verdict.text("warning")));
        }
        List<RecordedExchange> exchanges = new ArrayList<>();
        for (JsonView exchange : spec.list("exchanges")) {
            exchanges.add(new RecordedExchange(exchange.text("name"), exchange));
        }
        Map<String, Map<String, List<String>>> proxyConfig = new LinkedHashMap<>();
        spec.at("proxyConfig")
                .fields()
                .forEach(
                        (gateway, tables) -> {
                            Map<String, List<String>> rows = new LinkedHashMap<>();
                            tables.fields()
                                    .keySet()
                                    .forEach(table -> rows.put(table, tables.texts(table)));
                            proxyConfig.put(gateway, rows);
                        });
        Set<String> analysis = null;
        if (spec.has("analysis")) {
            analysis = new HashSet<>();
            for (JsonView message : spec.list("analysis")) {
                analysis.add(
                        AnalysisComparison.text(
                                message.text("code"),
                                message.text("level"),
                                message.text("origin"),
                                message.text("message")));
            }
        }
        return new ConformanceCase(
                file,
                metadata.text("name"),
                metadata.text("area"),
                resources,
                verdicts,
                exchanges,
                analysis,
                proxyConfig);
    }

    /** {@code Kind namespace/name} of a resource, as verdicts name it. */
    public static String label(ObjectNode resource) {
        JsonView view = JsonView.of(resource);
        JsonView metadata = view.at("metadata");
        String namespace = metadata.text("namespace");
        return view.text("kind")
                + " "
                + (namespace.isEmpty() ? "" : namespace + "/")
                + metadata.text("name");
    }

    /** The resources that the API server took. */
    public List<ObjectNode> accepted() {
        Set<String> refused = new TreeSet<>();
        verdicts.stream()
                .filter(RecordedVerdict::refused)
                .forEach(verdict -> refused.add(verdict.resource()));
        return resources.stream().filter(resource -> !refused.contains(label(resource))).toList();
    }
}
