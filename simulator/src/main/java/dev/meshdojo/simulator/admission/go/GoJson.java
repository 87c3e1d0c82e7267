package dev.meshdojo.simulator.admission.go;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The error texts of Go's {@code encoding/json} for texts that are no JSON. */
public final class GoJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private GoJson() {}

    /** What is wrong, empty when the text is one JSON value. */
    public static String error(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return "unexpected end of JSON input";
        }
        char first = stripped.charAt(0);
        if ("{[\"-0123456789tfn".indexOf(first) < 0) {
            return "invalid character '" + first + "' looking for beginning of value";
        }
        try {
            JsonNode node = JSON.readTree(stripped);
            return node.isMissingNode() ? "unexpected end of JSON input" : "";
        } catch (JsonProcessingException e) {
            int at = e.getLocation() == null ? -1 : (int) e.getLocation().getCharOffset();
            if (at < 0 || at >= stripped.length()) {
                return "unexpected end of JSON input";
            }
            return "invalid character '" + stripped.charAt(at) + "' looking for beginning of value";
        }
    }
}
