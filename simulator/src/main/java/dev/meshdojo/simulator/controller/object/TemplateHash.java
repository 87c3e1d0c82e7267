package dev.meshdojo.simulator.controller.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The hash of a pod template that names ReplicaSets and revisions: 32-bit FNV-1a over the template
 * in canonical order, spelled in Kubernetes' alphabet without vowels.
 *
 * <p>Source: {@code controller.ComputeHash} and {@code rand.SafeEncodeString}. The text hashed
 * there is Go's dump of its struct, so the values differ from a real cluster's.
 */
public final class TemplateHash {

    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private TemplateHash() {}

    /**
     * Hashes.
     *
     * @param collisionCount how often the name was taken before; 0 for the first try
     */
    public static String of(JsonNode template, int collisionCount) {
        StringBuilder text = new StringBuilder();
        canonical(template, text);
        if (collisionCount > 0) {
            text.append('#').append(collisionCount);
        }
        int hash = 0x811c9dc5;
        for (byte b : text.toString().getBytes(StandardCharsets.UTF_8)) {
            hash ^= b & 0xff;
            hash *= 0x01000193;
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

    private static void canonical(JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            List<String> names = new ArrayList<>();
            node.fieldNames().forEachRemaining(names::add);
            Collections.sort(names);
            out.append('{');
            for (String name : names) {
                if (!node.get(name).isNull()) {
                    out.append(name).append(':');
                    canonical(node.get(name), out);
                    out.append(',');
                }
            }
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            node.forEach(
                    element -> {
                        canonical(element, out);
                        out.append(',');
                    });
            out.append(']');
        } else {
            out.append(node);
        }
    }
}
