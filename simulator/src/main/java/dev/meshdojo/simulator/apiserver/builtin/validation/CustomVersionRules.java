package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What Kubernetes demands of the parts of a custom kind's version beside its schema: subresources,
 * columns, selectable fields, and how versions are converted.
 */
final class CustomVersionRules {

    private static final List<String> COLUMN_TYPES =
            List.of("boolean", "date", "integer", "number", "string");
    private static final List<String> COLUMN_FORMATS =
            List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");
    private static final int MOST_SELECTABLE = 8;

    private CustomVersionRules() {}

    static void subresources(Check check, At subresources) {
        At scale = subresources.get("scale");
        if (!scale.set()) {
            return;
        }
        replicas(check, scale.get("specReplicasPath"), ".spec.");
        replicas(check, scale.get("statusReplicasPath"), ".status.");
        At selector = scale.get("labelSelectorPath");
        if (!selector.blank()
                && path(check, selector)
                && !selector.text().startsWith(".spec.")
                && !selector.text().startsWith(".status.")) {
            check.invalidText(selector, "should be a json path under either .spec or .status");
        }
    }

    private static void replicas(Check check, At at, String root) {
        if (check.requiredText(at, "") && path(check, at) && !at.text().startsWith(root)) {
            check.invalidText(
                    at, "should be a json path under " + root.substring(0, root.length() - 1));
        }
    }

    private static boolean path(Check check, At at) {
        if (at.text().startsWith(".")) {
            return true;
        }
        check.invalidText(at, "must be a simple json path starting with .");
        return false;
    }

    static void columns(Check check, At columns) {
        for (At column : columns.items()) {
            check.requiredText(column.get("name"), "");
            At type = column.get("type");
            String types = "must be one of " + String.join(",", COLUMN_TYPES);
            if (check.requiredText(type, types) && !COLUMN_TYPES.contains(type.text())) {
                check.invalidText(type, types);
            }
            At format = column.get("format");
            if (!format.blank() && !COLUMN_FORMATS.contains(format.text())) {
                check.invalidText(format, "must be one of " + String.join(",", COLUMN_FORMATS));
            }
            At path = column.get("jsonPath").as(column.below("JSONPath"));
            if (check.requiredText(path, "")) {
                path(check, path);
            }
        }
    }

    static void selectable(Check check, At fields, JsonNode schema) {
        Set<String> seen = new HashSet<>();
        if (!fields.empty() && !schema.isObject()) {
            boolean shared = fields.path().equals("spec.selectableFields");
            check.invalidText(
                    fields.path(),
                    "",
                    shared
                            ? "may only be set when validations.schema is included"
                            : "may only be set when `version.schema.openAPIV3Schema` is not"
                                    + " included");
            return;
        }
        for (At field : fields.items()) {
            At path = field.get("jsonPath");
            if (!check.requiredText(path, "")) {
                continue;
            }
            SchemaPath found = SchemaPath.find(path.text(), schema);
            if (found.problem() != null) {
                check.invalidText(path, "is an invalid path: " + found.problem());
                continue;
            }
            if (path.text().startsWith(".metadata")) {
                check.invalidText(path, "must not point to fields in metadata");
            }
            String type = found.schema().path("type").asText();
            if (!List.of("string", "boolean", "integer").contains(type)) {
                check.invalidText(
                        path,
                        "must point to a field of type string, boolean or integer. Enum string"
                                + " fields and strings with formats are allowed.");
            }
            if (!seen.add(path.text())) {
                check.duplicateText(path);
            }
        }
        if (seen.size() > MOST_SELECTABLE) {
            check.add(FieldError.tooMany(fields.path(), seen.size(), MOST_SELECTABLE));
        }
    }

    static void conversion(Check check, At conversion) {
        if (!conversion.set()) {
            return;
        }
        At strategy = conversion.get("strategy");
        check.requiredOneOf(strategy, List.of("None", "Webhook"));
        // the unversioned form has what the API keeps below "webhook" beside the strategy
        At client =
                conversion
                        .get("webhook", "clientConfig")
                        .as(conversion.below("webhookClientConfig"));
        At reviews =
                conversion
                        .get("webhook", "conversionReviewVersions")
                        .as(conversion.below("conversionReviewVersions"));
        if (!strategy.is("Webhook")) {
            if (client.set()) {
                check.forbidden(client, "should not be set when strategy is not set to Webhook");
            }
            if (!reviews.empty()) {
                check.forbidden(reviews, "should not be set when strategy is not set to Webhook");
            }
            return;
        }
        if (!client.set()) {
            check.required(client, "required when strategy is set to Webhook");
        } else if (client.get("url").set() == client.get("service").set()) {
            check.required(client, "exactly one of url or service is required");
        } else if (client.get("url").set()) {
            WebhookRules.url(check, client.get("url"));
        } else {
            WebhookRules.service(check, client.get("service"));
        }
        reviews(check, reviews);
    }

    private static void reviews(Check check, At reviews) {
        if (reviews.empty()) {
            check.required(reviews, "");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (At review : reviews.items()) {
            if (!seen.add(review.text())) {
                check.invalidText(review, "duplicate version");
            } else {
                check.names(review, Names.label1035(review.text(), false));
            }
        }
        if (!seen.contains("v1") && !seen.contains("v1beta1")) {
            check.invalid(reviews, "must include at least one of v1, v1beta1");
        }
    }
}
