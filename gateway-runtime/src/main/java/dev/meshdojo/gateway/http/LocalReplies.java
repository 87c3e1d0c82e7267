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

    /** The head, without what every response gets. */
    static ResponseHead head(LocalReply reply, boolean grpc, int bodyLength) {
        HeaderMap headers = new HeaderMap(8);
        if (grpc) {
            headers.add("content-type", "application/grpc");
            Integer code = reply.grpcStatus();
            headers.add(
                    "grpc-status",
                    Integer.toString(code == null ? grpcStatus(reply.status()) : code));
            if (!reply.body().isEmpty()) {
                headers.add("grpc-message", percentEncode(reply.body()));
            }
            headers.addAll(reply.headers());
            return new ResponseHead(200, headers);
        }
        if (bodyLength > 0) {
            headers.add("content-length", Integer.toString(bodyLength));
            headers.add("content-type", "text/plain");
        }
        HeaderMap more = reply.headers();
        for (int i = 0; i < more.size(); i++) {
            if (more.name(i).equals("content-type")) {
                headers.set("content-type", more.value(i));
            } else {
                headers.add(more.name(i), more.value(i));
            }
        }
        return new ResponseHead(reply.status(), headers);
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
