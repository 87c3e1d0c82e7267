package dev.meshdojo.gateway.peer;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An external authorization service that answers what the request's {@code x-ask} says. */
final class AuthzAnswers {

    private static final int PREFIX = 5;

    private AuthzAnswers() {}

    /**
     * The framed answer, or null when the request asks for none.
     *
     * @param message the framed CheckRequest
     */
    static byte @Nullable [] answer(byte[] message) {
        String asked =
                request(message)
                        .getAttributes()
                        .getRequest()
                        .getHttp()
                        .getHeadersOrDefault("x-ask", "");
        if (asked.isEmpty()) {
            return null;
        }
        CheckResponse.Builder response = CheckResponse.newBuilder();
        try {
            JsonFormat.parser().merge(asked, response);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(asked, e);
        }
        byte[] bytes = response.build().toByteArray();
        return ByteBuffer.allocate(PREFIX + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    /** The request in words, without what differs each time. */
    static String describe(byte[] message) {
        CheckRequest.Builder request = request(message).toBuilder();
        var attributes = request.getAttributesBuilder();
        attributes.getRequestBuilder().clearTime().getHttpBuilder().clearId();
        attributes.clearSource().clearDestination();
        Map<String, String> headers =
                new TreeMap<>(attributes.getRequest().getHttp().getHeadersMap());
        headers.remove("x-request-id");
        headers.remove("x-ask");
        headers.remove("x-forwarded-for");
        attributes.getRequestBuilder().getHttpBuilder().clearHeaders();
        return headers + " " + request.build();
    }

    private static CheckRequest request(byte[] message) {
        try {
            return CheckRequest.parseFrom(Arrays.copyOfRange(message, PREFIX, message.length));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(new String(message, StandardCharsets.ISO_8859_1), e);
        }
    }
}
