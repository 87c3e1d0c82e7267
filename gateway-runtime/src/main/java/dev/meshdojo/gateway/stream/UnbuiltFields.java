package dev.meshdojo.gateway.stream;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Objects;

/**
 * Refuses settings that would change how requests are served, and that this proxy does not know:
 * better no configuration than one that silently does something else.
 */
public final class UnbuiltFields {

    private UnbuiltFields() {}

    /**
     * Refuses {@code message} when it sets one of {@code fields}.
     *
     * @param where what the reason names first, such as {@code cluster a}
     * @throws InvalidConfigException naming the first one that is set
     */
    public static void refuse(Message message, String where, String... fields) {
        for (String name : fields) {
            FieldDescriptor field =
                    Objects.requireNonNull(
                            message.getDescriptorForType().findFieldByName(name), name);
            boolean set =
                    field.isRepeated()
                            ? !((List<?>) message.getField(field)).isEmpty()
                            : message.hasField(field)
                                    || (!field.hasPresence()
                                            && !message.getField(field)
                                                    .equals(field.getDefaultValue()));
            if (set) {
                throw new InvalidConfigException(
                        where + ": " + name + " is not supported here; leave it out");
            }
        }
    }
}
