package dev.meshdojo.simulator.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meshdojo.simulator.golang.GoJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Sets of JSON Web Keys, refused in the words of the library that istiod reads them with. Pure. */
final class JsonWebKeys {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HINT =
            "struct { Kty string \"json:\\\"kty\\\"\"; D json.RawMessage \"json:\\\"d\\\"\" }";

    /** Members that hold bytes, and so must be base64. */
    private static final Set<String> BYTES =
            Set.of("n", "e", "d", "x", "y", "k", "p", "q", "dp", "dq", "qi");

    private static final Map<String, List<String>> REQUIRED =
            Map.of(
                    "rsaPublicKey", List.of("e", "n"),
                    "rsaPrivateKey", List.of("d", "e", "n"),
                    "ecdsaPublicKey", List.of("crv", "x", "y"),
                    "ecdsaPrivateKey", List.of("crv", "d", "x", "y"),
                    "okpPublicKey", List.of("crv", "x"),
                    "okpPrivateKey", List.of("crv", "d", "x"),
                    "symmetricKey", List.of("k"));

    private JsonWebKeys() {}

    /** Why a text is no set of keys, empty when it is one. */
    static String error(String text) {
        String malformed = GoJson.firstValueError(text);
        if (!malformed.isEmpty()) {
            return malformed;
        }
        JsonNode set;
        try (var parser = JSON.createParser(text)) {
            set = JSON.readTree(parser);
        } catch (JsonProcessingException e) {
            return e.getOriginalMessage();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (set.isArray()) {
            return "expected '{', but got '['";
        }
        if (!set.isObject()) {
            return "error reading token: EOF";
        }
        if (!set.has("keys")) {
            String error = keyError(set);
            return error.isEmpty() ? "" : "failed to parse sole key in key set: " + error;
        }
        JsonNode keys = set.get("keys");
        if (!keys.isArray() && !keys.isNull()) {
            return "failed to decode \"keys\": json: cannot unmarshal "
                    + kind(keys)
                    + " into Go value of type []json.RawMessage";
        }
        for (int i = 0; i < keys.size(); i++) {
            String error = keyError(keys.get(i));
            if (!error.isEmpty()) {
                return "failed to decode key #" + i + " in \"keys\": " + error;
            }
        }
        return "";
    }

    private static String keyError(JsonNode key) {
        if (!key.isObject() && !key.isNull()) {
            return "failed to unmarshal JSON into key hint: json: cannot unmarshal "
                    + kind(key)
                    + " into Go value of type "
                    + HINT;
        }
        JsonNode kty = member(key, "kty");
        if (!kty.isTextual() && !kty.isNull() && !kty.isMissingNode()) {
            return "failed to unmarshal JSON into key hint: json: cannot unmarshal "
                    + kind(kty)
                    + " into Go struct field .kty of type string";
        }
        boolean hidden = !member(key, "d").isMissingNode();
        String type = kty.isTextual() ? kty.asText() : "";
        String name =
                switch (type) {
                    case "RSA" -> hidden ? "rsaPrivateKey" : "rsaPublicKey";
                    case "EC" -> hidden ? "ecdsaPrivateKey" : "ecdsaPublicKey";
                    case "OKP" -> hidden ? "okpPrivateKey" : "okpPublicKey";
                    case "oct" -> "symmetricKey";
                    default -> "";
                };
        if (name.isEmpty()) {
            return "invalid key type from JSON (" + type + ")";
        }
        String problem = members(key, name);
        return problem.isEmpty()
                ? ""
                : "failed to unmarshal JSON into key (*jwk." + name + "): " + problem;
    }

    private static String members(JsonNode key, String name) {
        for (Map.Entry<String, JsonNode> member : key.properties()) {
            String field = member.getKey();
            JsonNode value = member.getValue();
            if (!BYTES.contains(field) && !Set.of("alg", "kid", "use", "x5u").contains(field)) {
                continue;
            }
            if (!value.isTextual() && !value.isNull()) {
                return "failed to decode value for key "
                        + field
                        + ": error reading next value: json: cannot unmarshal "
                        + kind(value)
                        + " into Go value of type string";
            }
            if (BYTES.contains(field) && !isBase64(value.asText(""))) {
                return "failed to decode value for key "
                        + field
                        + ": expected base64 encoded []byte (string)";
            }
        }
        for (String required : REQUIRED.getOrDefault(name, List.of())) {
            if (!key.has(required)) {
                return "required field " + required + " is missing";
            }
        }
        return "";
    }

    /** Go compares the names of members without regard to case. */
    private static JsonNode member(JsonNode key, String name) {
        JsonNode found = key.path(name);
        for (Map.Entry<String, JsonNode> entry : key.properties()) {
            if (found.isMissingNode() && entry.getKey().toLowerCase(Locale.ROOT).equals(name)) {
                found = entry.getValue();
            }
        }
        return found;
    }

    private static boolean isBase64(String text) {
        try {
            boolean url = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
            (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            default -> "string";
        };
    }
}
