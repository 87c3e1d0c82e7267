package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.operation.FieldValidation;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of a write.
 *
 * @param dryRun whether nothing is stored
 * @param fieldManager who owns what is written
 * @param validation what happens to unknown fields
 * @param force whether an apply takes over fields of others
 */
record WriteOptions(
        boolean dryRun, String fieldManager, FieldValidation validation, boolean force) {

    private static final int MANAGER_LIMIT = 128;

    /** Reads them; {@code kind} names them in errors, such as {@code CreateOptions}. */
    static WriteOptions read(ApiRequest request, String kind) {
        List<FieldError> errors = new ArrayList<>();
        List<String> dryRun = request.query().getOrDefault("dryRun", List.of());
        if (!dryRun.isEmpty() && !dryRun.equals(List.of("All"))) {
            ArrayNode values = Json.MAPPER.createArrayNode();
            dryRun.forEach(values::add);
            errors.add(FieldError.notSupported("dryRun", values, List.of("All")));
        }
        boolean apply = request.header("content-type").startsWith("application/apply-patch");
        String manager = request.parameter("fieldManager", "");
        if (apply && manager.isEmpty()) {
            errors.add(FieldError.required("fieldManager", "is required for apply patch"));
        }
        if (!apply && request.method().equals("PATCH") && request.parameter("force") != null) {
            errors.add(FieldError.forbidden("force", "may not be specified for non-apply patch"));
        }
        if (manager.length() > MANAGER_LIMIT) {
            errors.add(FieldError.tooLong("fieldManager", MANAGER_LIMIT));
        }
        for (int i = 0; i < manager.length(); i++) {
            int c = manager.codePointAt(i);
            if (Character.isISOControl(c)) {
                errors.add(
                        FieldError.invalidText(
                                "fieldManager",
                                manager,
                                String.format(
                                        java.util.Locale.ROOT,
                                        "invalid character U+%04X (at position %d)",
                                        c,
                                        i)));
            }
        }
        String validation = request.parameter("fieldValidation", "");
        FieldValidation chosen =
                switch (validation) {
                    case "", "Warn" -> FieldValidation.WARN;
                    case "Ignore" -> FieldValidation.IGNORE;
                    case "Strict" -> FieldValidation.STRICT;
                    default -> {
                        errors.add(
                                FieldError.notSupported(
                                        "fieldValidation",
                                        TextNode.valueOf(validation),
                                        List.of("", "Ignore", "Strict", "Warn")));
                        yield FieldValidation.WARN;
                    }
                };
        if (!errors.isEmpty()) {
            throw Statuses.invalid("meta.k8s.io", kind, "", errors);
        }
        return new WriteOptions(
                !dryRun.isEmpty(),
                manager.isEmpty() ? agent(request) : manager,
                chosen,
                "true".equals(request.parameter("force")));
    }

    /** The options of a write as admission sees them. */
    static ObjectNode shown(ApiRequest request) {
        ObjectNode shown = Json.MAPPER.createObjectNode();
        if (request.method().equals("GET")) {
            return shown;
        }
        if (request.method().equals("DELETE")) {
            shown.setAll(Bodies.deleteBody(request));
            String grace = request.parameter("gracePeriodSeconds", "");
            if (grace.matches("[0-9]{1,18}")) {
                shown.put("gracePeriodSeconds", Long.parseLong(grace));
            }
            String policy = request.parameter("propagationPolicy", "");
            if (!policy.isEmpty()) {
                shown.put("propagationPolicy", policy);
            }
        } else {
            for (String name : List.of("fieldManager", "fieldValidation")) {
                String text = request.parameter(name, "");
                if (!text.isEmpty()) {
                    shown.put(name, text);
                }
            }
        }
        List<String> dryRun = request.query().getOrDefault("dryRun", List.of());
        if (!dryRun.isEmpty()) {
            ArrayNode values = shown.putArray("dryRun");
            dryRun.forEach(values::add);
        }
        return shown;
    }

    private static String agent(ApiRequest request) {
        String agent = request.header("user-agent");
        int slash = agent.indexOf('/');
        String name = slash < 0 ? agent : agent.substring(0, slash);
        return name.length() > MANAGER_LIMIT ? name.substring(0, MANAGER_LIMIT) : name;
    }
}
