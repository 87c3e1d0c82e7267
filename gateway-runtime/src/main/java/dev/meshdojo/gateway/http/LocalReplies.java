package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.ResponseHead;
import java.nio.charset.StandardCharsets;

/** What local replies look like on the wire, for plain and for gRPC clients. */
final class LocalReplies {

    private LocalReplies() {}

    /** The body as it is sent; empty for gRPC clients. */
    static byte[] body(LocalReply reply, boolean grpc) {
        return grpc ? new byte[0] : reply.body().getBytes(StandardCharsets.UTF_8);
    }

    /** The head before the route's header operations. */
    static ResponseHead head(LocalReply reply, boolean grpc) {
        HeaderMap headers = HeaderMap.ofResponse(8);
        headers.addAll(reply.headers());
        return new ResponseHead(grpc ? 200 : reply.status(), headers);
    }

    /** Says what the body is, whatever the route's header operations said of it. */
    static void describeBody(HeaderMap headers, int length) {
        if (length == 0) {
            headers.remove("content-length");
            headers.remove("content-type");
            return;
        }
        headers.set("content-length", Integer.toString(length));
        if (!headers.contains("content-type")) {
            headers.add("content-type", "text/plain");
        }
    }

    /** Says to a gRPC client what happened. */
    static void describeGrpc(HeaderMap headers, LocalReply reply, boolean toHead) {
        headers.set("content-type", "application/grpc");
        if (!headers.contains("grpc-status")) {
            Integer code = reply.grpcStatus();
            headers.add(
                    "grpc-status",
                    Integer.toString(code == null ? grpcStatus(reply.status()) : code));
        }
        if (!reply.body().isEmpty() && !toHead) {
            headers.set("grpc-message", percentEncode(reply.body()));
        }
        headers.remove("content-length");
    }

    /** Source: Envoy's Grpc::Utility::httpToGrpcStatus. */
    static int grpcStatus(int status) {
        return switch (status) {
            case 400 -> 13;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 429, 502, 503, 504 -> 14;
            default -> 2;
        };
    }

    private static String percentEncode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < 0x20 || b >= 0x7e || b == '%') {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            } else {
                encoded.append((char) b);
            }
        }
        return encoded.toString();
    }
}
