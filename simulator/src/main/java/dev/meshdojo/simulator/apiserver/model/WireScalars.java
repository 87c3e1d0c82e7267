package dev.meshdojo.simulator.apiserver.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.meshdojo.simulator.apiserver.model.FieldType.Scalar;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Scalars of JSON that are messages in protobuf: times, quantities, numbers-or-texts. */
final class WireScalars {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** The fields that such messages have: numbers 1 to 3, and one text or byte string. */
    private record Parts(long first, long second, ByteString bytes) {}

    private WireScalars() {}

    /** The value, or null for the zero time. */
    static @Nullable JsonNode read(Scalar scalar, byte[] message, ObjectMapper mapper)
            throws IOException {
        Parts parts = parts(message);
        ByteString bytes = parts.bytes();
        return switch (scalar) {
            case TIME -> message.length == 0 ? null : time(parts, SECONDS);
            case MICRO_TIME -> message.length == 0 ? null : time(parts, MICROS);
            case DURATION -> JSON.textNode(duration(parts.first()));
            case QUANTITY -> JSON.textNode(bytes.toStringUtf8());
            case INT_OR_STRING ->
                    parts.first() == 0
                            ? JSON.numberNode((int) parts.second())
                            : JSON.textNode(bytes.toStringUtf8());
            default -> bytes.isEmpty() ? JSON.objectNode() : raw(bytes.toByteArray(), mapper);
        };
    }

    private static JsonNode raw(byte[] bytes, ObjectMapper mapper) throws IOException {
        return ProtobufObjects.isProtobuf(bytes)
                ? ProtobufObjects.decode(bytes)
                : mapper.readTree(bytes);
    }

    private static JsonNode time(Parts parts, DateTimeFormatter format) {
        return JSON.textNode(format.format(Instant.ofEpochSecond(parts.first(), parts.second())));
    }

    private static Parts parts(byte[] message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        long first = 0;
        long second = 0;
        ByteString bytes = ByteString.EMPTY;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                bytes = in.readBytes();
            } else if (WireFormat.getTagFieldNumber(tag) == 1) {
                first = in.readInt64();
            } else {
                second = in.readInt64();
            }
        }
        return new Parts(first, second, bytes);
    }

    /** Nanoseconds in the text form of Go's durations, such as {@code 1m30s}. */
    private static String duration(long nanos) {
        java.time.Duration duration = java.time.Duration.ofNanos(nanos);
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        long hours = duration.toHours();
        if (hours > 0) {
            text.append(hours).append('h');
        }
        if (hours > 0 || duration.toMinutesPart() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        String fraction =
                duration.toNanosPart() == 0
                        ? ""
                        : String.format(java.util.Locale.ROOT, ".%09d", duration.toNanosPart())
                                .replaceAll("0+$", "");
        return text.append(duration.toSecondsPart()).append(fraction).append('s').toString();
    }
}
