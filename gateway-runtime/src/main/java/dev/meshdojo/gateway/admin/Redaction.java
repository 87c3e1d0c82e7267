package dev.meshdojo.gateway.admin;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import udpa.annotations.Sensitive;

/** Hides what a proto's own {@code udpa.annotations.sensitive} options call sensitive. */
final class Redaction {

    private static final String HIDDEN = "[redacted]";

    private Redaction() {}

    @SuppressWarnings("unchecked") // A builder builds its own type.
    static <T extends Message> T redact(T message) {
        return (T) redact(message, false);
    }

    private static Message redact(Message message, boolean hide) {
        Message.Builder builder = message.toBuilder();
        for (var entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            boolean hideField = hide || field.getOptions().getExtension(Sensitive.sensitive);
            if (field.isRepeated()) {
                List<?> elements = (List<?>) entry.getValue();
                for (int i = 0; i < elements.size(); i++) {
                    builder.setRepeatedField(field, i, value(elements.get(i), hideField));
                }
            } else if (hideField && !hideable(entry.getValue())) {
                builder.clearField(field);
            } else {
                builder.setField(field, value(entry.getValue(), hideField));
            }
        }
        return builder.build();
    }

    private static boolean hideable(Object value) {
        return value instanceof Message || value instanceof String || value instanceof ByteString;
    }

    private static Object value(Object value, boolean hide) {
        return switch (value) {
            case Message nested -> redact(nested, hide);
            case String text when hide -> HIDDEN;
            case ByteString bytes when hide -> ByteString.copyFromUtf8(HIDDEN);
            default -> value;
        };
    }
}
