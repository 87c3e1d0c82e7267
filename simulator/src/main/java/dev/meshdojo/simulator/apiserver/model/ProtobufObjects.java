package dev.meshdojo.simulator.apiserver.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.meshdojo.simulator.apiserver.model.FieldType.ListOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.MapOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.Ref;
import dev.meshdojo.simulator.apiserver.model.FieldType.Scalar;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects in Kubernetes' protobuf form, {@code application/vnd.kubernetes.protobuf}, which
 * typed clients send for built-in kinds. Thread-safe.
 *
 * <p>Source: apimachinery's protobuf serializer (the {@code k8s\0} prefix and the {@code Unknown}
 * envelope) and the field numbers of k8s.io/api.
 */
public final class ProtobufObjects {

    /** The media type of this form. */
    public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    private static final byte[] PREFIX = {'k', '8', 's', 0};
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ProtobufObjects() {}

    /** Whether bytes begin as this form does. */
    public static boolean isProtobuf(byte[] body) {
        return body.length >= PREFIX.length
                && Arrays.equals(body, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
    }

    /**
     * The object as JSON, with {@code apiVersion} and {@code kind}.
     *
     * @throws IllegalArgumentException when the bytes are no such object or of an unknown kind; the
     *     message says why
     */
    public static ObjectNode decode(byte[] body) {
        if (!isProtobuf(body)) {
            throw new IllegalArgumentException(
                    "provided data does not appear to be a protobuf message, expected prefix "
                            + Arrays.toString(PREFIX).replace(",", ""));
        }
        try {
            return decodeEnvelope(
                    CodedInputStream.newInstance(body, PREFIX.length, body.length - PREFIX.length));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a protobuf object: " + e.getMessage(), e);
        }
    }

    private static ObjectNode decodeEnvelope(CodedInputStream in) throws IOException {
        String apiVersion = "";
        String kind = "";
        byte[] raw = new byte[0];
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> {
                    Map<Integer, String> meta = texts(in.readByteArray());
                    apiVersion = meta.getOrDefault(1, "");
                    kind = meta.getOrDefault(2, "");
                }
                case 2 -> raw = in.readByteArray();
                default -> in.skipField(tag);
            }
        }
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        ObjectType type =
                KubernetesTypes.shared().kind(group, apiVersion.substring(slash + 1), kind);
        if (type == null) {
            type = KubernetesTypes.shared().find(Definitions.fullName("meta.v1." + kind));
        }
        if (type == null) {
            throw new IllegalArgumentException(
                    "no kind \"" + kind + "\" is registered for version \"" + apiVersion + "\"");
        }
        ObjectNode object = JSON.objectNode().put("kind", kind).put("apiVersion", apiVersion);
        readInto(object, raw, type);
        return object;
    }

    private static Map<Integer, String> texts(byte[] message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        Map<Integer, String> texts = new HashMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            texts.put(WireFormat.getTagFieldNumber(tag), in.readString());
        }
        return texts;
    }

    private static void readInto(ObjectNode target, byte[] message, ObjectType type)
            throws IOException {
        readInto(target, message, WireIndex.of(type));
    }

    private static void readInto(ObjectNode target, byte[] message, WireIndex index)
            throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            WireIndex nested = index.nested(number);
            Field field = index.field(number);
            if (nested != null) {
                readInto(target, in.readByteArray(), nested);
            } else if (field != null) {
                readField(target, field, in, tag);
            } else {
                in.skipField(tag);
            }
        }
    }

    private static void readField(ObjectNode target, Field field, CodedInputStream in, int tag)
            throws IOException {
        switch (field.type()) {
            case ListOf list -> {
                ArrayNode values = target.withArrayProperty(field.name());
                readElements(values, list.element(), in, tag);
            }
            case MapOf map -> readEntry(target.withObjectProperty(field.name()), map.value(), in);
            default -> {
                JsonNode value = value(field.type(), in, tag);
                Field.Wire wire = field.wire();
                boolean keepsZero = wire != null && wire.keepsZero();
                if (value != null && (keepsZero || !isZero(value))) {
                    target.set(field.name(), value);
                }
            }
        }
    }

    /** Numbers may come packed into one field. */
    private static void readElements(
            ArrayNode values, FieldType element, CodedInputStream in, int tag) throws IOException {
        boolean packed =
                isNumber(element)
                        && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        if (packed) {
            CodedInputStream numbers = CodedInputStream.newInstance(in.readByteArray());
            while (!numbers.isAtEnd()) {
                values.add(numbers.readInt64());
            }
            return;
        }
        JsonNode value = value(element, in, tag);
        values.add(value == null ? JSON.objectNode() : value);
    }

    private static boolean isNumber(FieldType type) {
        return type == Scalar.INT32 || type == Scalar.INT64 || type == Scalar.BOOLEAN;
    }

    private static void readEntry(ObjectNode target, FieldType valueType, CodedInputStream in)
            throws IOException {
        CodedInputStream entry = CodedInputStream.newInstance(in.readByteArray());
        String key = "";
        JsonNode value = null;
        for (int tag = entry.readTag(); tag != 0; tag = entry.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> key = entry.readString();
                case 2 -> value = entryValue(valueType, entry, tag);
                default -> entry.skipField(tag);
            }
        }
        target.set(key, value == null ? JSON.textNode("") : value);
    }

    /** A list as a map's value is a message of its own, with the elements in field 1. */
    private static @Nullable JsonNode entryValue(FieldType type, CodedInputStream entry, int tag)
            throws IOException {
        if (!(type instanceof ListOf list)) {
            return value(type, entry, tag);
        }
        CodedInputStream items = CodedInputStream.newInstance(entry.readByteArray());
        ArrayNode values = JSON.arrayNode();
        for (int inner = items.readTag(); inner != 0; inner = items.readTag()) {
            readElements(values, list.element(), items, inner);
        }
        return values;
    }

    private static @Nullable JsonNode value(FieldType type, CodedInputStream in, int tag)
            throws IOException {
        return switch (type) {
            case Ref ref -> {
                ObjectNode object = JSON.objectNode();
                readInto(
                        object,
                        in.readByteArray(),
                        KubernetesTypes.shared().definition(ref.definition()));
                yield object;
            }
            case Scalar scalar -> scalar(scalar, in);
            case ListOf _, MapOf _ ->
                    throw new InvalidProtocolBufferException(
                            "a list or map cannot be an element (tag " + tag + ")");
        };
    }

    private static @Nullable JsonNode scalar(Scalar scalar, CodedInputStream in)
            throws IOException {
        return switch (scalar) {
            case STRING -> JSON.textNode(in.readString());
            case BOOLEAN -> JSON.booleanNode(in.readBool());
            case INT32 -> JSON.numberNode(in.readInt32());
            case INT64 -> JSON.numberNode(in.readInt64());
            case DOUBLE -> JSON.numberNode(in.readDouble());
            case BYTES -> JSON.textNode(Base64.getEncoder().encodeToString(in.readByteArray()));
            default -> WireScalars.read(scalar, in.readByteArray(), MAPPER);
        };
    }

    private static boolean isZero(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.asText().isEmpty();
            case NUMBER -> value.asDouble() == 0;
            case BOOLEAN -> !value.asBoolean();
            default -> false;
        };
    }
}
