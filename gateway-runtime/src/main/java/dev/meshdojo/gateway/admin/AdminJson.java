package dev.meshdojo.gateway.admin;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.JsonFormat.TypeRegistry;
import dev.meshdojo.gateway.config.EnvoyTypes;

/** Prints protos as Envoy's admin does: original field names, one blank a level. */
final class AdminJson {

    private static final TypeRegistry TYPES = EnvoyTypes.registry();
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().usingTypeRegistry(TYPES);

    private AdminJson() {}

    /**
     * The JSON of {@code message}. An {@code Any} of a type that this proxy does not know is
     * printed as its type alone.
     */
    static String print(MessageOrBuilder message) {
        try {
            return shallowIndent(PRINTER.print(message));
        } catch (InvalidProtocolBufferException e) {
            Message plain =
                    message instanceof Message built ? built : ((Message.Builder) message).build();
            try {
                return shallowIndent(PRINTER.print(UnknownTypes.replace(plain, TYPES)));
            } catch (InvalidProtocolBufferException still) {
                throw new IllegalStateException(
                        "cannot print " + message.getDescriptorForType().getFullName(), still);
            }
        }
    }

    static Any pack(Message message) {
        return Any.pack(message);
    }

    /**
     * JsonFormat indents by two; no string holds a line break, so lines can be taken one by one.
     */
    private static String shallowIndent(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (String line : json.split("\n", -1)) {
            int blanks = 0;
            while (blanks < line.length() && line.charAt(blanks) == ' ') {
                blanks++;
            }
            text.append(" ".repeat(blanks / 2)).append(line, blanks, line.length()).append('\n');
        }
        return text.toString();
    }
}
