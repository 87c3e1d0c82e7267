package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Field selectors: {@code metadata.name=a,status.phase!=Running}. */
public final class FieldSelectors {

    private FieldSelectors() {}

    /**
     * Parses a selector for a resource.
     *
     * @throws dev.meshdojo.simulator.apiserver.ApiException 400 for fields that the resource's
     *     selectors do not know
     */
    public static Selector parse(ResourceDefinition definition, String text) {
        Selector all = Selector.ALL;
        for (Term term : terms(text)) {
            Function<ObjectNode, String> field = reader(definition, term.field());
            all = all.and(object -> field.apply(object).equals(term.value()) == term.equal());
        }
        return all;
    }

    /** The one name that the selector allows, or null when it does not say. */
    public static @Nullable String name(String text) {
        for (Term term : terms(text)) {
            if (term.equal() && term.field().equals("metadata.name")) {
                return term.value();
            }
        }
        return null;
    }

    private record Term(String field, boolean equal, String value) {}

    private static List<Term> terms(String text) {
        List<Term> terms = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ',') {
                if (!part.isEmpty()) {
                    terms.add(term(part.toString()));
                }
                part.setLength(0);
            } else if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                part.append(text.charAt(i)).append(text.charAt(++i));
            } else {
                part.append(text.charAt(i));
            }
        }
        return terms;
    }

    private static Term term(String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '\\') {
                i++;
            } else if (part.startsWith("!=", i)) {
                return new Term(part.substring(0, i), false, unescape(part.substring(i + 2)));
            } else if (part.startsWith("==", i)) {
                return new Term(part.substring(0, i), true, unescape(part.substring(i + 2)));
            } else if (c == '=') {
                return new Term(part.substring(0, i), true, unescape(part.substring(i + 1)));
            }
        }
        throw Statuses.badRequest(
                "invalid selector: '" + part + "'; can't understand '" + part + "'");
    }

    private static String unescape(String value) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                c = value.charAt(++i);
            }
            plain.append(c);
        }
        return plain.toString();
    }

    private static Function<ObjectNode, String> reader(
            ResourceDefinition definition, String field) {
        if (field.equals("metadata.name")) {
            return Meta::name;
        }
        if (field.equals("metadata.namespace") && definition.namespaced()) {
            return Meta::namespace;
        }
        Map<String, Function<ObjectNode, String>> known = definition.strategy().selectableFields();
        Function<ObjectNode, String> reader = known.get(field);
        if (reader == null) {
            throw Statuses.badRequest(unsupported(definition, field));
        }
        return reader;
    }

    /** Kinds that can be selected by more than their name say it in other words. */
    private static String unsupported(ResourceDefinition definition, String field) {
        if (definition.group().equals("batch") && definition.kind().equals("Job")) {
            return "field label \"" + field + "\" not supported for Job";
        }
        boolean plain = !definition.custom() && definition.strategy().selectableFields().isEmpty();
        return plain
                ? "\""
                        + field
                        + "\" is not a known field selector: only \"metadata.name\","
                        + " \"metadata.namespace\""
                : "field label not supported: " + field;
    }
}
