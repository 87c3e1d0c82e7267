package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Collects what is wrong with an object, in Kubernetes' words. */
final class Check {

    static final String IMMUTABLE = "field is immutable";
    private static final String NON_NEGATIVE = "must be greater than or equal to 0";
    private static final Pattern PORT_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern IPV4 =
            Pattern.compile(
                    "((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private final List<FieldError> errors = new ArrayList<>();

    List<FieldError> errors() {
        return errors;
    }

    void add(FieldError error) {
        errors.add(error);
    }

    void invalid(String field, JsonNode value, String detail) {
        errors.add(FieldError.invalid(field, value, detail));
    }

    void required(String field, String detail) {
        errors.add(FieldError.required(field, detail));
    }

    void forbidden(String field, String detail) {
        errors.add(FieldError.forbidden(field, detail));
    }

    void names(String field, String value, List<String> problems) {
        problems.forEach(problem -> errors.add(FieldError.invalidText(field, value, problem)));
    }

    /** A value out of a fixed list; absent values are the defaults' business. */
    void oneOf(String field, JsonNode value, List<String> supported) {
        if (!isBlank(value) && !supported.contains(value.asText())) {
            errors.add(FieldError.notSupported(field, value, supported));
        }
    }

    void nonNegative(String field, JsonNode value) {
        if (value.isNumber() && value.asLong() < 0) {
            invalid(field, value, NON_NEGATIVE);
        }
    }

    void positive(String field, JsonNode value) {
        if (value.isNumber() && value.asLong() <= 0) {
            invalid(field, value, "must be greater than 0");
        }
    }

    void port(String field, JsonNode value) {
        if (value.asLong() < 1 || value.asLong() > 65535) {
            invalid(
                    field,
                    value.isMissingNode()
                            ? com.fasterxml.jackson.databind.node.IntNode.valueOf(0)
                            : value,
                    "must be between 1 and 65535, inclusive");
        }
    }

    /** A port's number or name. */
    void portOrName(String field, JsonNode value) {
        if (value.isTextual()) {
            portName(field, value);
        } else {
            port(field, value);
        }
    }

    /** An IANA service name of at most 15 characters. */
    void portName(String field, JsonNode value) {
        String name = value.asText();
        if (name.length() > 15) {
            invalid(field, value, "must be no more than 15 characters");
            return;
        }
        if (!PORT_NAME.matcher(name).matches()) {
            invalid(
                    field,
                    value,
                    "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (name.chars().noneMatch(Character::isLetter)) {
            invalid(field, value, "must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            invalid(field, value, "must not contain consecutive hyphens");
        }
    }

    void immutable(String field, JsonNode now, JsonNode before) {
        JsonNode left = now.isNull() ? MissingNode.getInstance() : now;
        JsonNode right = before.isNull() ? MissingNode.getInstance() : before;
        if (!left.equals(right)) {
            invalid(field, now, IMMUTABLE);
        }
    }

    void address(String field, JsonNode value) {
        if (!isAddress(value.asText())) {
            invalid(field, value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }

    void cidr(String field, JsonNode value) {
        String text = value.asText();
        int slash = text.indexOf('/');
        boolean fine = slash > 0 && isAddress(text.substring(0, slash));
        if (fine) {
            try {
                int bits = Integer.parseInt(text.substring(slash + 1));
                fine = bits >= 0 && bits <= (text.contains(":") ? 128 : 32);
            } catch (NumberFormatException _) {
                fine = false;
            }
        }
        if (!fine) {
            invalid(
                    field,
                    value,
                    "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }
    }

    static boolean isAddress(String text) {
        return IPV4.matcher(text).matches() || IPV6.matcher(text).matches();
    }

    static boolean isBlank(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || (value.isTextual() && value.asText().isEmpty());
    }

    /** The rules of {@code matchLabels} and {@code matchExpressions}. */
    void selector(String field, JsonNode selector) {
        selector.path("matchLabels")
                .properties()
                .forEach(
                        label -> {
                            names(
                                    field + ".matchLabels",
                                    label.getKey(),
                                    Names.qualified(label.getKey()));
                            names(
                                    field + ".matchLabels",
                                    label.getValue().asText(),
                                    Names.labelValue(label.getValue().asText()));
                        });
        int index = 0;
        for (JsonNode expression : selector.path("matchExpressions")) {
            String path = field + ".matchExpressions[" + index++ + "]";
            JsonNode values = expression.path("values");
            switch (expression.path("operator").asText()) {
                case "In", "NotIn" -> {
                    if (values.isEmpty()) {
                        required(
                                path + ".values",
                                "must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (!values.isEmpty()) {
                        forbidden(
                                path + ".values",
                                "may not be specified when `operator` is 'Exists' or"
                                        + " 'DoesNotExist'");
                    }
                }
                default ->
                        invalid(
                                path + ".operator",
                                expression.path("operator"),
                                "not a valid selector operator");
            }
            names(
                    path + ".key",
                    expression.path("key").asText(),
                    Names.qualified(expression.path("key").asText()));
        }
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
