package dev.meshdojo.gateway.stream;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.DurationRules;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import io.envoyproxy.pgv.validate.Validate.RepeatedRules;
import io.envoyproxy.pgv.validate.Validate.StringRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a message against the {@code validate.rules} that its own descriptor carries, and words a
 * violation as Envoy does. The first violation counts, fields in declared order. Thread-safe.
 *
 * <p>Checked: required messages and oneofs, string lengths, patterns and header characters, counts
 * and uniqueness of lists, enum values, number ranges, duration ranges. Not modelled: map and bytes
 * rules.
 */
public final class ProtoConstraints {

    private static final String EMBEDDED = "embedded message failed validation | caused by ";

    private static final ConcurrentHashMap<Descriptor, Checks> CHECKS = new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    private ProtoConstraints() {}

    /**
     * Checks {@code message} and all messages inside it, {@code Any} payloads excepted.
     *
     * @throws InvalidConfigException naming the path to the first violation
     */
    public static void check(Message message) {
        String violation = violation(message);
        if (violation != null) {
            throw new InvalidConfigException(
                    "Proto constraint validation failed (" + violation + ")");
        }
    }

    /** Whether {@code message} and all messages inside it keep their constraints. */
    public static boolean holds(Message message) {
        return violation(message) == null;
    }

    /** A field with what it has to keep. */
    private record Checked(FieldDescriptor field, FieldRules rules) {}

    /**
     * What messages of a type have to keep, read once from their descriptor; fields that are free
     * are not looked at, since reading a field by its descriptor is slow.
     */
    private record Checks(List<Checked> fields, List<OneofDescriptor> required) {

        static Checks of(Descriptor type) {
            List<Checked> fields = new ArrayList<>();
            for (FieldDescriptor field : type.getFields()) {
                FieldRules rules = field.getOptions().getExtension(Validate.rules);
                boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
                boolean ruled = !rules.equals(FieldRules.getDefaultInstance());
                if (!field.isMapField() && (ruled || message)) {
                    fields.add(new Checked(field, rules));
                }
            }
            return new Checks(
                    List.copyOf(fields),
                    type.getRealOneofs().stream()
                            .filter(oneof -> oneof.getOptions().getExtension(Validate.required))
                            .toList());
        }
    }

    private static @Nullable String violation(Message message) {
        Checks checks = CHECKS.computeIfAbsent(message.getDescriptorForType(), Checks::of);
        for (Checked checked : checks.fields) {
            String reason = fieldViolation(message, checked.field, checked.rules);
            if (reason != null) {
                return reason;
            }
        }
        for (OneofDescriptor oneof : checks.required) {
            if (!message.hasOneof(oneof)) {
                return "field: \"" + oneof.getName() + "\", reason: is required";
            }
        }
        return null;
    }

    private static @Nullable String fieldViolation(
            Message message, FieldDescriptor field, FieldRules rules) {
        if (field.isRepeated()) {
            return listViolation(message, field, rules);
        }
        if (field.getContainingOneof() != null && !message.hasField(field)) {
            return null;
        }
        boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        if (isMessage && !message.hasField(field)) {
            return rules.getMessage().getRequired() || rules.getDuration().getRequired()
                    ? named(message, field, "", "value is required")
                    : null;
        }
        String reason = valueViolation(message.getField(field), field, rules);
        return reason == null ? null : named(message, field, "", reason);
    }

    private static @Nullable String listViolation(
            Message message, FieldDescriptor field, FieldRules rules) {
        List<?> values = (List<?>) message.getField(field);
        RepeatedRules list = rules.getRepeated();
        if (list.hasMinItems() && values.size() < list.getMinItems()) {
            return named(
                    message,
                    field,
                    "",
                    "value must contain at least " + list.getMinItems() + " item(s)");
        }
        if (list.hasMaxItems() && values.size() > list.getMaxItems()) {
            return named(
                    message,
                    field,
                    "",
                    "value must contain no more than " + list.getMaxItems() + " item(s)");
        }
        if (list.getUnique() && new HashSet<>(values).size() != values.size()) {
            return named(message, field, "", "repeated value must contain unique items");
        }
        for (int i = 0; i < values.size(); i++) {
            String reason = valueViolation(values.get(i), field, list.getItems());
            if (reason != null) {
                return named(message, field, "[" + i + "]", reason);
            }
        }
        return null;
    }

    private static @Nullable String valueViolation(
            Object value, FieldDescriptor field, FieldRules rules) {
        return switch (value) {
            case Duration duration when rules.hasDuration() ->
                    durationViolation(duration, rules.getDuration());
            case Message wrapper
                    when wrapped(wrapper) != null && rules.getTypeCase().getNumber() != 0 ->
                    valueViolation(
                            java.util.Objects.requireNonNull(wrapped(wrapper)), field, rules);
            case Message nested -> {
                String inner = violation(nested);
                yield inner == null ? null : EMBEDDED + inner;
            }
            case String text when rules.hasString() -> stringViolation(text, rules.getString());
            case EnumValueDescriptor constant
                    when rules.getEnum().getDefinedOnly() && constant.getIndex() < 0 ->
                    "value must be one of the defined enum values";
            case Number number -> NumberConstraints.violation(number, rules);
            default -> null;
        };
    }

    /** The value inside a {@code google.protobuf.*Value} wrapper, or null for other messages. */
    private static @Nullable Object wrapped(Message message) {
        String file = message.getDescriptorForType().getFile().getName();
        return file.equals("google/protobuf/wrappers.proto")
                ? message.getField(message.getDescriptorForType().findFieldByName("value"))
                : null;
    }

    private static @Nullable String stringViolation(String text, StringRules rules) {
        if (rules.getIgnoreEmpty() && text.isEmpty()) {
            return null;
        }
        int characters = text.codePointCount(0, text.length());
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (rules.hasMinLen() && characters < rules.getMinLen()) {
            return "value length must be at least " + rules.getMinLen() + " characters";
        }
        if (rules.hasMaxLen() && characters > rules.getMaxLen()) {
            return "value length must be at most " + rules.getMaxLen() + " characters";
        }
        if (rules.hasMinBytes() && bytes < rules.getMinBytes()) {
            return "value length must be at least " + rules.getMinBytes() + " bytes";
        }
        if (rules.hasMaxBytes() && bytes > rules.getMaxBytes()) {
            return "value length must be at most " + rules.getMaxBytes() + " bytes";
        }
        if (rules.hasPrefix() && !text.startsWith(rules.getPrefix())) {
            return "value does not have prefix \"" + rules.getPrefix() + "\"";
        }
        if (rules.hasSuffix() && !text.endsWith(rules.getSuffix())) {
            return "value does not have suffix \"" + rules.getSuffix() + "\"";
        }
        if (rules.hasPattern() && !pattern(rules).matcher(text).find()) {
            return "value does not match regex pattern \"" + rules.getPattern() + "\"";
        }
        boolean header =
                switch (rules.getWellKnownRegex()) {
                    case HTTP_HEADER_NAME, HTTP_HEADER_VALUE -> true;
                    case UNKNOWN -> false;
                };
        if (header && text.chars().anyMatch(c -> c == 0 || c == '\n' || c == '\r')) {
            return "value does not match regex pattern \"^[^\\x00\\n\\r]*$\"";
        }
        return null;
    }

    private static Pattern pattern(StringRules rules) {
        return PATTERNS.computeIfAbsent(rules.getPattern(), Pattern::compile);
    }

    private static @Nullable String durationViolation(Duration value, DurationRules rules) {
        if (rules.hasGt() && Durations.compare(value, rules.getGt()) <= 0) {
            return "value must be greater than " + Durations.toString(rules.getGt());
        }
        if (rules.hasGte() && Durations.compare(value, rules.getGte()) < 0) {
            return "value must be greater than or equal to " + Durations.toString(rules.getGte());
        }
        if (rules.hasLt() && Durations.compare(value, rules.getLt()) >= 0) {
            return "value must be less than " + Durations.toString(rules.getLt());
        }
        if (rules.hasLte() && Durations.compare(value, rules.getLte()) > 0) {
            return "value must be less than or equal to " + Durations.toString(rules.getLte());
        }
        return null;
    }

    private static String named(
            Message message, FieldDescriptor field, String index, String reason) {
        return message.getDescriptorForType().getName()
                + "ValidationError."
                + camel(field.getName())
                + index
                + ": "
                + reason;
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (String part : name.split("_")) {
            if (!part.isEmpty()) {
                camel.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
            }
        }
        return camel.toString();
    }
}
