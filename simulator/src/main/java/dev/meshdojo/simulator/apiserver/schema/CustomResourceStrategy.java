package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.DecodeException;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceStrategy;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.ScalePaths;
import dev.meshdojo.simulator.apiserver.builtin.ObjectMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Custom resources: everything special about them stands in their schema. Thread-safe. */
final class CustomResourceStrategy implements ResourceStrategy {

    private static final FieldError RULES_NOT_CHECKED =
            new FieldError(
                    FieldError.Type.INVALID,
                    "<nil>",
                    "null",
                    "some validation rules were not checked because the object was invalid; correct"
                            + " the existing errors to complete validation");

    private final Map<String, JsonNode> sources;
    private final boolean status;
    private final ConcurrentHashMap<String, Schema> compiled = new ConcurrentHashMap<>();

    private final Map<String, ScalePaths> scales;
    private final Map<String, Function<ObjectNode, String>> selectable;

    /**
     * @param sources {@code openAPIV3Schema} by version
     * @param status whether there is a status subresource
     * @param scales where objects keep what their scale shows, by version
     * @param selectable paths of the fields that field selectors may name, such as {@code
     *     .spec.color}
     */
    CustomResourceStrategy(
            Map<String, JsonNode> sources,
            boolean status,
            Map<String, ScalePaths> scales,
            Set<String> selectable) {
        this.sources = Map.copyOf(sources);
        this.status = status;
        this.scales = Map.copyOf(scales);
        this.selectable =
                selectable.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        path -> path.substring(1),
                                        path ->
                                                object ->
                                                        ScalePaths.read(object, path).asText("")));
    }

    @Override
    public @Nullable ScalePaths scalePaths(String version) {
        return scales.get(version);
    }

    private Schema schema(String version) {
        return compiled.computeIfAbsent(
                version,
                name ->
                        SchemaCompiler.compile(
                                sources.getOrDefault(
                                        name,
                                        com.fasterxml.jackson.databind.node.MissingNode
                                                .getInstance())));
    }

    private Schema schemaOf(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText();
        return schema(apiVersion.substring(apiVersion.indexOf('/') + 1));
    }

    @Override
    public ObjectNode decode(ObjectNode object, ResourceType type, List<String> problems) {
        for (String path : Pruning.prune(object, schema(type.version()))) {
            problems.add("unknown field \"" + path + "\"");
        }
        try {
            ObjectMetadata.decode(object, problems);
        } catch (DecodeException e) {
            throw metadataError(e);
        }
        return object;
    }

    /** Metadata of custom objects is read by itself, so what surrounds it is not named. */
    private static DecodeException metadataError(DecodeException e) {
        return new DecodeException(
                String.valueOf(e.getMessage())
                        .replace("ObjectMeta.metadata.", "ObjectMeta.")
                        .replaceFirst(
                                "Go struct field \\w+\\.metadata of type", "Go value of type"),
                e.conversion());
    }

    @Override
    public dev.meshdojo.simulator.apiserver.patch.Schema schema(ResourceType type) {
        return PatchSchemas.ofObject(schema(type.version()));
    }

    @Override
    public void dropNulls(ObjectNode object, ResourceType type) {
        Defaulting.dropNulls(object, schema(type.version()));
    }

    @Override
    public void applyDefaults(ObjectNode object, ResourceType type) {
        Defaulting.apply(object, schema(type.version()));
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        if (status && object.remove("status") != null) {
            Defaulting.apply(object, schemaOf(object));
        }
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        if (status) {
            copy("status", old, object);
        }
    }

    @Override
    public void prepareForStatusUpdate(ObjectNode object, ObjectNode old) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        old.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            switch (name) {
                case "apiVersion", "kind", "metadata", "status" -> {}
                default -> copy(name, old, object);
            }
        }
    }

    private static void copy(String name, ObjectNode from, ObjectNode to) {
        if (from.has(name)) {
            to.set(name, from.get(name).deepCopy());
        } else {
            to.remove(name);
        }
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return check(object, null);
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return check(object, old);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        return check(object, old);
    }

    private List<FieldError> check(ObjectNode object, @Nullable ObjectNode old) {
        Schema schema = schemaOf(object);
        ObjectNode content = object.deepCopy();
        content.remove(List.of("apiVersion", "kind", "metadata"));
        List<FieldError> errors = new ArrayList<>(SchemaValidation.validate(content, schema));
        errors.addAll(ListTypes.validate(content, schema));
        if (!schema.hasRules()) {
            return errors;
        }
        if (nameless(object) || errors.stream().anyMatch(CustomResourceStrategy::blocksRules)) {
            errors.add(RULES_NOT_CHECKED);
        } else {
            errors.addAll(CelValidation.validate(object, old, schema));
        }
        return errors;
    }

    private static boolean nameless(ObjectNode object) {
        return object.path("metadata").path("name").asText("").isEmpty();
    }

    private static boolean blocksRules(FieldError error) {
        return switch (error.type()) {
            case NOT_SUPPORTED, REQUIRED, TOO_LONG, TOO_MANY, TYPE_INVALID -> true;
            default -> false;
        };
    }

    @Override
    public boolean strategicMerge() {
        return false;
    }

    @Override
    public Map<String, Function<ObjectNode, String>> selectableFields() {
        return selectable;
    }
}
