package dev.meshdojo.simulator.istio.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The one IstioOperator that an installation follows: profile, then files in order, then {@code
 * --set} flags in order; maps merge, everything else is replaced as a whole. Immutable by use:
 * {@link #root} must not be changed.
 *
 * @param profile the profile's name
 * @param root the merged object, with {@code spec.values} in Helm's form
 */
public record OperatorValues(String profile, ObjectNode root) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Set<String> DEFAULT_LIKE = Set.of("default", "preview", "stable");
    private static final List<String> FIELDS =
            List.of(
                    "components",
                    "compatibilityVersion",
                    "hub",
                    "installPackagePath",
                    "meshConfig",
                    "namespace",
                    "profile",
                    "revision",
                    "tag",
                    "unvalidatedValues",
                    "values");
    private static final Map<String, String> TRANSLATED =
            Map.of("hub", "global.hub", "tag", "global.tag", "revision", "revision");

    /**
     * Merges.
     *
     * @param files texts of IstioOperator YAML, in order
     * @param flags {@code path=value} below {@code spec}, in order
     * @param hub where images come from by default
     * @param tag their default tag
     * @throws IllegalArgumentException worded as istioctl words it, when the input is wrong
     */
    public static OperatorValues merge(
            List<String> files, List<String> flags, String hub, String tag) {
        ObjectNode user = JsonNodeFactory.instance.objectNode();
        for (String file : files) {
            mergeInto(user, parse(file));
        }
        for (String flag : flags) {
            set(user, flag);
        }
        check(user);
        String profile = user.path("spec").path("profile").asText("default");
        ObjectNode base = profile(profile.isEmpty() ? "default" : profile);
        set(base, "hub=" + hub);
        ValuePath.parse("spec.tag").set(base, JsonNodeFactory.instance.textNode(tag));
        mergeInto(base, user);
        translate(base);
        JsonNode own = user.path("spec").path("values");
        if (own instanceof ObjectNode values) {
            mergeInto(child(child(base, "spec"), "values"), values);
        }
        return new OperatorValues(profile.isEmpty() ? "default" : profile, base);
    }

    private static ObjectNode parse(String text) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            ObjectNode found = JsonNodeFactory.instance.objectNode();
            int count = 0;
            while (documents.hasNext()) {
                JsonNode next = documents.next();
                if (next instanceof ObjectNode object) {
                    count++;
                    found = object;
                }
            }
            if (count > 1) {
                throw new IllegalArgumentException(
                        "merge inputs: contains multiple IstioOperator CRs, only one per file is"
                                + " supported");
            }
            if (found.path("spec").isNull()) {
                found.remove("spec");
            }
            return found;
        } catch (IOException e) {
            throw new IllegalArgumentException("merge inputs: " + e.getMessage(), e);
        }
    }

    private static void check(ObjectNode user) {
        String kind = user.path("kind").asText("IstioOperator");
        if (!kind.equals("IstioOperator")) {
            throw new IllegalArgumentException(
                    "unknown kind \"" + kind + "\" (expected: IstioOperator)");
        }
        for (Map.Entry<String, JsonNode> field : user.path("spec").properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw new IllegalArgumentException(
                        "failed to unmarshal spec: unknown field \"" + field.getKey() + "\"");
            }
        }
        for (Map.Entry<String, JsonNode> field :
                user.path("spec").path("components").properties()) {
            if (!Component.knows(field.getKey())) {
                throw new IllegalArgumentException(
                        "failed to unmarshal spec.components: unknown field \""
                                + field.getKey()
                                + "\"");
            }
        }
    }

    private static ObjectNode profile(String name) {
        ObjectNode base = resource("default");
        if (!DEFAULT_LIKE.contains(name)) {
            if (OperatorValues.class.getResource(file(name)) == null) {
                throw new IllegalArgumentException(
                        "unknown profile \"%s\" (expected: default, demo, minimal, empty, preview or stable)"
                                .formatted(name));
            }
            mergeInto(base, resource(name));
        }
        return base;
    }

    private static String file(String profile) {
        return "/dev/meshdojo/simulator/istio/profiles/" + profile + ".yaml";
    }

    private static ObjectNode resource(String profile) {
        try (InputStream in = OperatorValues.class.getResourceAsStream(file(profile))) {
            if (in == null) {
                throw new IllegalStateException("no resource " + file(profile));
            }
            return (ObjectNode) YAML.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(file(profile), e);
        }
    }

    /** Sets {@code path=value} below {@code spec}. */
    private static void set(ObjectNode target, String flag) {
        int equals = flag.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException(
                    "set flag " + flag + " (expected: path=value, such as profile=demo)");
        }
        String path = flag.substring(0, equals).trim();
        ValuePath.parse("spec." + path).set(target, typed(path, flag.substring(equals + 1)));
    }

    private static JsonNode typed(String path, String text) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        boolean string =
                path.endsWith("tag")
                        || path.endsWith("revision")
                        || path.endsWith("compatibilityVersion")
                        || path.contains("meshConfig.defaultConfig.proxyMetadata.");
        if (string) {
            return nodes.textNode(text);
        }
        if (text.equals("true") || text.equals("false")) {
            return nodes.booleanNode(text.equals("true"));
        }
        if (text.startsWith("[") || text.startsWith("{")) {
            try {
                return YAML.readTree(text);
            } catch (JsonProcessingException e) {
                return nodes.textNode(text);
            }
        }
        if (text.matches("-?\\d{1,18}")) {
            long number = Long.parseLong(text);
            return number == (int) number
                    ? nodes.numberNode((int) number)
                    : nodes.numberNode(number);
        }
        if (text.matches("-?\\d+\\.\\d+")) {
            return nodes.numberNode(Double.parseDouble(text));
        }
        return nodes.textNode(text);
    }

    private static void translate(ObjectNode base) {
        ObjectNode spec = child(base, "spec");
        ObjectNode values = child(spec, "values");
        TRANSLATED.forEach(
                (from, to) -> {
                    if (spec.has(from)) {
                        ValuePath.parse(to).set(values, spec.get(from).deepCopy());
                    }
                });
        if (spec.get("meshConfig") instanceof ObjectNode mesh) {
            mergeInto(child(values, "meshConfig"), mesh);
        }
        if (spec.get("unvalidatedValues") instanceof ObjectNode more) {
            mergeInto(values, more);
        }
    }

    /** Merges maps deeply; everything else of {@code overlay} replaces. Null values stay nulls. */
    public static void mergeInto(ObjectNode base, ObjectNode overlay) {
        for (Map.Entry<String, JsonNode> field : overlay.properties()) {
            JsonNode old = base.get(field.getKey());
            if (old instanceof ObjectNode oldMap && field.getValue() instanceof ObjectNode newMap) {
                mergeInto(oldMap, newMap);
            } else {
                base.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }

    private static ObjectNode child(ObjectNode node, String name) {
        return node.get(name) instanceof ObjectNode object ? object : node.putObject(name);
    }

    /** A value by path from the root; missing when absent. */
    public JsonNode at(String path) {
        return ValuePath.parse(path).get(root);
    }

    /** A text value below {@code spec.values}; {@code fallback} when absent or empty. */
    public String value(String path, String fallback) {
        String text = at("spec.values." + path).asText("");
        return text.isEmpty() ? fallback : text;
    }

    /** The namespace of the control plane. */
    public String namespace() {
        return at("metadata.namespace").asText("istio-system");
    }

    /** The revision; empty for the default one. */
    public String revision() {
        return value("revision", "");
    }

    /** The revision as the label {@code istio.io/rev} has it. */
    public String revisionLabel() {
        return revision().isEmpty() ? "default" : revision();
    }
}
