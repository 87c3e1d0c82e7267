package dev.meshdojo.simulator.controller.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The hashes that name ReplicaSets and revisions, the same as on a real cluster. Source: {@code
 * controller.ComputeHash}, {@code history.HashControllerRevision} and {@code
 * rand.SafeEncodeString}.
 */
public final class TemplateHash {

    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int OFFSET = 0x811c9dc5;
    private static final int PRIME = 0x01000193;

    private TemplateHash() {}

    /**
     * Of a pod template, for ReplicaSets and DaemonSets: FNV-1a over Go's dump of it.
     *
     * @param template with all defaults, as stored
     * @param collisionCount how often the name was taken before; 0 for the first try
     */
    public static String of(JsonNode template, int collisionCount) {
        int hash = OFFSET;
        for (byte b : GoDump.of(template).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * PRIME;
        }
        for (int i = 0; collisionCount > 0 && i < Long.BYTES; i++) {
            int b = i < Integer.BYTES ? collisionCount >>> (8 * i) & 0xff : 0;
            hash = (hash ^ b) * PRIME;
        }
        return spell(Integer.toUnsignedString(hash));
    }

    /**
     * Of a revision's data, for StatefulSets: FNV-1 over its JSON with sorted keys.
     *
     * @param collisionCount how often the name was taken before
     */
    public static String ofData(JsonNode data, int collisionCount) {
        StringBuilder text = new StringBuilder();
        json(data, text);
        text.append(collisionCount);
        int hash = OFFSET;
        for (byte b : text.toString().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash * PRIME) ^ (b & 0xff);
        }
        return spell(Integer.toUnsignedString(hash));
    }

    /** Spells text in the alphabet of generated names. */
    public static String spell(String text) {
        StringBuilder spelled = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            spelled.append(ALPHABET.charAt(text.charAt(i) % ALPHABET.length()));
        }
        return spelled.toString();
    }

    private static void json(JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            List<String> names = new ArrayList<>();
            node.fieldNames().forEachRemaining(names::add);
            Collections.sort(names);
            out.append('{');
            String separator = "";
            for (String name : names) {
                out.append(separator);
                text(name, out);
                out.append(':');
                json(node.path(name), out);
                separator = ",";
            }
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            String separator = "";
            for (JsonNode element : node) {
                out.append(separator);
                json(element, out);
                separator = ",";
            }
            out.append(']');
        } else if (node.isTextual()) {
            text(node.asText(), out);
        } else {
            out.append(node);
        }
    }

    /** A string as Go's JSON writes it: also what would mean something in HTML is escaped. */
    private static void text(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
