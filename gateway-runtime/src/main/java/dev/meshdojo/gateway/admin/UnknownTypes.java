package dev.meshdojo.gateway.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat.TypeRegistry;
import java.util.List;

/** Stands in for {@code Any} payloads whose type is not known, so that the rest can be printed. */
final class UnknownTypes {

    private UnknownTypes() {}

    static Message replace(Message message, TypeRegistry types)
            throws InvalidProtocolBufferException {
        if (message instanceof Any any) {
            return replaceAny(any, types);
        }
        Message.Builder builder = message.toBuilder();
        for (var entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (field.isRepeated()) {
                List<?> elements = (List<?>) entry.getValue();
                for (int i = 0; i < elements.size(); i++) {
                    builder.setRepeatedField(field, i, replace((Message) elements.get(i), types));
                }
            } else {
                builder.setField(field, replace((Message) entry.getValue(), types));
            }
        }
        return builder.build();
    }

    private static Any replaceAny(Any any, TypeRegistry types)
            throws InvalidProtocolBufferException {
        if (any.getTypeUrl().isEmpty()) {
            return any;
        }
        var descriptor =
                types.find(any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1));
        if (descriptor == null) {
            Struct stand =
                    Struct.newBuilder()
                            .putFields(
                                    "type_url",
                                    Value.newBuilder().setStringValue(any.getTypeUrl()).build())
                            .build();
            return Any.pack(stand);
        }
        Message inner = com.google.protobuf.DynamicMessage.parseFrom(descriptor, any.getValue());
        return any.toBuilder().setValue(replace(inner, types).toByteString()).build();
    }
}
