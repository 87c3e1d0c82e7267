package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Collects what is wrong with an object, in Kubernetes' words. Not thread-safe. */
final class Check {

    static final String IMMUTABLE = "field is immutable";
    static final String NON_NEGATIVE = "must be greater than or equal to 0";
    static final String POSITIVE = "must be greater than 0";
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;
    private static final Pattern PERCENT = Pattern.compile("[0-9]+%");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");

    private final List<FieldError> errors = new ArrayList<>();

    List<FieldError> errors() {
        return errors;
    }

    /** How much was found so far. */
    int count() {
        return errors.size();
    }

    /** Whether nothing was found since a count was taken. */
    boolean cleanSince(int count) {
        return errors.size() == count;
    }

    void add(FieldError error) {
        errors.add(error);
    }

    void invalid(At at, String detail) {
        errors.add(FieldError.invalid(at.path(), at.value(), detail));
    }

    void invalid(String path, JsonNode value, String detail) {
        errors.add(FieldError.invalid(path, value, detail));
    }

    /** The value as a text, also when it is missing. */
    void invalidText(At at, String detail) {
        errors.add(FieldError.invalidText(at.path(), at.text(), detail));
    }

    void invalidText(String path, String value, String detail) {
        errors.add(FieldError.invalidText(path, value, detail));
    }

    /** The value as a number, also when it is missing. */
    void invalidNumber(At at, String detail) {
        errors.add(
                FieldError.invalid(at.path(), at.set() ? at.value() : IntNode.valueOf(0), detail));
    }

    /** An invalid value that is not printed. */
    void invalidOmitted(String path, String detail) {
        errors.add(new FieldError(FieldError.Type.INVALID, path, null, detail));
    }

    void required(At at, String detail) {
        required(at.path(), detail);
    }

    void required(String path, String detail) {
        errors.add(FieldError.required(path, detail));
    }

    void forbidden(At at, String detail) {
        forbidden(at.path(), detail);
    }

    void forbidden(String path, String detail) {
        errors.add(FieldError.forbidden(path, detail));
    }

    void duplicate(At at) {
        errors.add(FieldError.duplicate(at.path(), at.value()));
    }

    void duplicateText(At at) {
        errors.add(FieldError.duplicate(at.path(), TextNode.valueOf(at.text())));
    }

    void duplicate(String path, JsonNode value) {
        errors.add(FieldError.duplicate(path, value));
    }

    void notFound(At at) {
        errors.add(FieldError.notFound(at.path(), TextNode.valueOf(at.text())));
    }

    void notSupported(At at, List<String> supported) {
        errors.add(FieldError.notSupported(at.path(), TextNode.valueOf(at.text()), supported));
    }

    void notSupported(String path, JsonNode value, List<String> supported) {
        errors.add(FieldError.notSupported(path, value, supported));
    }

    void tooMany(At at, int limit) {
        errors.add(FieldError.tooMany(at.path(), at.value().size(), limit));
    }

    void tooLong(At at, int limit) {
        errors.add(FieldError.tooLong(at.path(), limit));
    }

    /** A value out of a list; it may be unset. */
    void oneOf(At at, List<String> supported) {
        if (at.set() && !supported.contains(at.text())) {
            notSupported(at, supported);
        }
    }

    /** A value out of a list that has to be there. */
    void requiredOneOf(At at, List<String> supported) {
        if (at.blank()) {
            required(at, "");
        } else if (!supported.contains(at.text())) {
            notSupported(at, supported);
        }
    }

    /** Whether it was there. */
    boolean requiredText(At at, String detail) {
        if (at.blank()) {
            required(at, detail);
            return false;
        }
        return true;
    }

    /** The text has these problems. */
    void names(At at, List<String> problems) {
        problems.forEach(problem -> invalidText(at, problem));
    }

    void label1123(At at) {
        names(at, Names.label(at.text(), false));
    }

    void subdomain(At at) {
        names(at, Names.subdomain(at.text(), false));
    }

    void qualified(At at) {
        names(at, Names.qualified(at.text()));
    }

    void configKey(At at) {
        names(at, Names.configKey(at.text()));
    }

    /** A name that has to be there and to be safe in a URL. */
    void pathSegment(At at) {
        if (requiredText(at, "")) {
            names(at, Names.pathSegment(at.text(), false));
        }
    }

    void nonNegative(At at) {
        if (at.value().isNumber() && at.number() < 0) {
            invalid(at, NON_NEGATIVE);
        }
    }

    void nonNegativeQuantity(At at) {
        if (Quantities.value(at.text()).signum() < 0) {
            invalidText(at.path(), Quantities.canonical(at.text()), NON_NEGATIVE);
        }
    }

    void positive(At at) {
        if (at.number() <= 0) {
            invalidNumber(at, POSITIVE);
        }
    }

    void range(At at, long low, long high) {
        if (at.set() && (at.number() < low || at.number() > high)) {
            invalid(at, "must be between " + low + " and " + high + ", inclusive");
        }
    }

    /** A user's or group's number. */
    void id(At at) {
        range(at, 0, Integer.MAX_VALUE);
    }

    void fileMode(At at) {
        if (at.set() && (at.number() < 0 || at.number() > 0777)) {
            invalid(at, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    void port(At at) {
        if (at.number() < 1 || at.number() > 65535) {
            invalidNumber(at, "must be between 1 and 65535, inclusive");
        }
    }

    /** A port's number or name. */
    void portOrName(At at) {
        if (at.value().isTextual()) {
            names(at, Names.portName(at.text()));
        } else {
            port(at);
        }
    }

    /** A number that is not negative, or a percentage. */
    void amount(At at) {
        if (at.value().isTextual()) {
            if (!PERCENT.matcher(at.text()).matches()) {
                invalidText(
                        at,
                        "a valid percent string must be a numeric string followed by an ending '%'"
                                + " (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
            }
        } else {
            nonNegative(at);
        }
    }

    /** The number of an amount, or of its percents; zero when it is neither. */
    static long amountValue(At at) {
        if (!at.value().isTextual()) {
            return at.number();
        }
        String text = at.text();
        String digits =
                PERCENT.matcher(text).matches() ? text.substring(0, text.length() - 1) : text;
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    void atMost100Percent(At at) {
        if (at.value().isTextual()
                && PERCENT.matcher(at.text()).matches()
                && amountValue(at) > 100) {
            invalidText(at, "must not be greater than 100%");
        }
    }

    void immutable(At now, At before) {
        immutable(now, before, now.value());
    }

    /**
     * A field that must not change.
     *
     * @param printed how the new value is printed
     */
    void immutable(At now, At before, JsonNode printed) {
        if (!same(now.value(), before.value())) {
            errors.add(FieldError.invalid(now.path(), printed, IMMUTABLE));
        }
    }

    static boolean same(JsonNode left, JsonNode right) {
        JsonNode a = left.isNull() ? MissingNode.getInstance() : left;
        JsonNode b = right.isNull() ? MissingNode.getInstance() : right;
        return a.equals(b);
    }

    /** Whether the text is an address. */
    boolean address(At at) {
        if (!Addresses.isAddress(at.text())) {
            invalidText(at, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            return false;
        }
        return true;
    }

    /** An address that pods and nodes can be reached at. */
    void endpointAddress(At at) {
        for (String problem : Addresses.endpointProblems(at.text())) {
            invalidText(at, problem);
        }
    }

    boolean cidr(At at) {
        if (!Addresses.isCidr(at.text())) {
            invalidText(at, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            return false;
        }
        return true;
    }

    /** Keys and values of labels. */
    void labels(At labels) {
        for (At label : labels.entries().values()) {
            String key = label.path().substring(labels.path().length() + 1);
            labelName(labels.path(), key.substring(0, key.length() - 1));
            for (String problem : Names.labelValue(label.text())) {
                invalidText(labels.path(), label.text(), problem);
            }
        }
    }

    void labelName(String path, String name) {
        Names.qualified(name).forEach(problem -> invalidText(path, name, problem));
    }

    void annotations(At annotations) {
        long size = 0;
        for (var annotation : annotations.value().properties()) {
            size += annotation.getKey().length() + annotation.getValue().asText().length();
            for (String problem : Names.qualified(lower(annotation.getKey()))) {
                invalidText(annotations.path(), annotation.getKey(), problem);
            }
        }
        if (size > ANNOTATIONS_LIMIT) {
            tooLong(annotations, ANNOTATIONS_LIMIT);
        }
    }

    /** The rules of {@code matchLabels} and {@code matchExpressions}. */
    void selector(At selector) {
        labels(selector.get("matchLabels"));
        for (At expression : selector.get("matchExpressions").items()) {
            At values = expression.get("values");
            switch (expression.get("operator").text()) {
                case "In", "NotIn" -> {
                    if (values.empty()) {
                        required(values, "must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (!values.empty()) {
                        forbidden(
                                values,
                                "may not be specified when `operator` is 'Exists' or"
                                        + " 'DoesNotExist'");
                    }
                }
                default -> invalidText(expression.get("operator"), "not a valid selector operator");
            }
            qualified(expression.get("key"));
            for (At value : values.items()) {
                names(value, Names.labelValue(value.text()));
            }
        }
    }

    /** A domain and a path, such as {@code acme.io/foo}. */
    void domainPrefixedPath(At at) {
        if (!requiredText(at, "")) {
            return;
        }
        int slash = at.text().indexOf('/');
        if (slash <= 0 || slash == at.text().length() - 1) {
            invalidText(at, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        String host = at.text().substring(0, slash);
        Names.subdomain(host, false).forEach(problem -> invalidText(at.path(), host, problem));
        String path = at.text().substring(slash + 1);
        if (!PATH.matcher(path).matches()) {
            invalidText(
                    at.path(),
                    path,
                    "Invalid path (regex used for validation is"
                            + " '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')");
        }
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
