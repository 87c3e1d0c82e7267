package dev.meshdojo.simulator.conformance.wire;

import dev.meshdojo.simulator.pilot.model.JsonView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends one HTTP/2 request on a connection of its own, frame by frame, and reads the answer. */
final class Http2Client {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int STREAM = 1;
    private static final int MAX_FRAME = 16_384;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;

    private final Socket socket;
    private final JsonView request;
    private final @Nullable TlsFacts tls;
    private final int answerMillis;
    private final DefaultHttp2HeadersDecoder decoder =
            new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final List<Integer> interim = new ArrayList<>();
    private final List<Answer.Header> headers = new ArrayList<>();
    private final List<Answer.Header> trailers = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private int status;

    Http2Client(Socket socket, JsonView request, @Nullable TlsFacts tls, int answerMillis) {
        this.socket = socket;
        this.request = request;
        this.tls = tls;
        this.answerMillis = answerMillis;
    }

    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    private record Frame(int type, int flags, int stream, byte[] payload) {}

    Answer exchange() throws IOException {
        socket.setSoTimeout(answerMillis);
        OutputStream out = socket.getOutputStream();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        try {
            out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
            write(out, SETTINGS, 0, 0, new byte[0]);
            byte[] content = request.text("body").getBytes(StandardCharsets.UTF_8);
            boolean hasBody = request.has("body");
            sendHeaders(out, !hasBody, content.length);
            if (hasBody) {
                write(out, DATA, END_STREAM, STREAM, content);
            }
            out.flush();
            return read(in, out);
        } catch (SocketTimeoutException e) {
            return Answer.of("timeout", "", tls);
        } catch (EOFException | java.net.SocketException e) {
            return Answer.of("closed", "", tls);
        } catch (Http2Exception e) {
            return Answer.of("not-http", "", tls);
        }
    }

    private void sendHeaders(OutputStream out, boolean end, int length)
            throws IOException, Http2Exception {
        Http2Headers all = new DefaultHttp2Headers(false);
        String method = request.text("method");
        all.add(":method", method.isEmpty() ? "GET" : method);
        all.add(":scheme", tls == null ? "http" : "https");
        if (request.has("host")) {
            all.add(":authority", request.text("host"));
        }
        all.add(":path", request.text("path"));
        boolean hasLength = false;
        for (Map.Entry<String, JsonView> header : request.at("headers").fields().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            hasLength |= name.equals("content-length");
            if (header.getValue().node().isArray()) {
                header.getValue().elements().forEach(value -> all.add(name, value.asText()));
            } else {
                all.add(name, header.getValue().asText());
            }
        }
        if (!end && !hasLength) {
            all.add("content-length", Integer.toString(length));
        }
        ByteBuf block = Unpooled.buffer();
        new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true)
                .encodeHeaders(STREAM, all, block);
        byte[] bytes = ByteBufUtil.getBytes(block);
        block.release();
        for (int at = 0; at == 0 || at < bytes.length; at += MAX_FRAME) {
            int size = Math.min(MAX_FRAME, bytes.length - at);
            byte[] part = new byte[size];
            System.arraycopy(bytes, at, part, 0, size);
            int flags = at + size >= bytes.length ? END_HEADERS : 0;
            if (at == 0 && end) {
                flags |= END_STREAM;
            }
            write(out, at == 0 ? HEADERS : CONTINUATION, flags, STREAM, part);
        }
    }

    private Answer read(DataInputStream in, OutputStream out) throws IOException, Http2Exception {
        while (true) {
            Frame frame = next(in);
            switch (frame.type) {
                case SETTINGS -> {
                    if ((frame.flags & ACK) == 0) {
                        write(out, SETTINGS, ACK, 0, new byte[0]);
                        out.flush();
                    }
                }
                case PING -> {
                    if ((frame.flags & ACK) == 0) {
                        write(out, PING, ACK, 0, frame.payload);
                        out.flush();
                    }
                }
                case RST_STREAM -> {
                    Http2Error code = Http2Error.valueOf(number(frame.payload, 0));
                    return Answer.of("stream-reset", code == null ? "" : code.name(), tls);
                }
                case GOAWAY -> {
                    if (number(frame.payload, 4) != 0 && status == 0) {
                        return Answer.of("closed", "", tls);
                    }
                }
                case HEADERS -> {
                    if (takeHeaders(in, frame)) {
                        return response();
                    }
                }
                case DATA -> {
                    body.append(new String(unpadded(frame, false), StandardCharsets.ISO_8859_1));
                    if (frame.payload.length > 0) {
                        byte[] credit = bytes(frame.payload.length);
                        write(out, WINDOW_UPDATE, 0, 0, credit);
                        write(out, WINDOW_UPDATE, 0, STREAM, credit);
                        out.flush();
                    }
                    if ((frame.flags & END_STREAM) != 0) {
                        return response();
                    }
                }
                default -> {}
            }
        }
    }

    private Answer response() {
        return new Answer(
                "response", "", status, interim, headers, trailers, body.toString(), false, tls);
    }

    /** Takes a header block; true when the stream ends with it. */
    private boolean takeHeaders(DataInputStream in, Frame first)
            throws IOException, Http2Exception {
        ByteBuf block = Unpooled.buffer();
        block.writeBytes(unpadded(first, (first.flags & PRIORITY) != 0));
        Frame frame = first;
        while ((frame.flags & END_HEADERS) == 0) {
            frame = next(in);
            block.writeBytes(frame.payload);
        }
        Http2Headers decoded = decoder.decodeHeaders(STREAM, block);
        block.release();
        CharSequence code = decoded.status();
        if (code == null) {
            add(trailers, decoded);
        } else {
            int read = Integer.parseInt(code.toString());
            if (read < 200) {
                interim.add(read);
                return false;
            }
            status = read;
            add(headers, decoded);
        }
        return (first.flags & END_STREAM) != 0;
    }

    private static void add(List<Answer.Header> target, Http2Headers decoded) {
        for (Map.Entry<CharSequence, CharSequence> header : decoded) {
            if (header.getKey().charAt(0) != ':') {
                target.add(
                        new Answer.Header(
                                header.getKey().toString(), header.getValue().toString()));
            }
        }
    }

    private static Frame next(DataInputStream in) throws IOException {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, in.readNBytes(length));
    }

    private static byte[] unpadded(Frame frame, boolean priority) {
        int from = 0;
        int to = frame.payload.length;
        if ((frame.flags & PADDED) != 0) {
            from = 1;
            to -= frame.payload[0] & 0xff;
        }
        if (priority) {
            from += 5;
        }
        return java.util.Arrays.copyOfRange(frame.payload, from, to);
    }

    private static void write(OutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.write(bytes(payload.length), 1, 3);
        out.write(type);
        out.write(flags);
        out.write(bytes(stream));
        out.write(payload);
    }

    private static byte[] bytes(int number) {
        return new byte[] {
            (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
        };
    }

    private static int number(byte[] payload, int at) {
        return ((payload[at] & 0xff) << 24)
                | ((payload[at + 1] & 0xff) << 16)
                | ((payload[at + 2] & 0xff) << 8)
                | (payload[at + 3] & 0xff);
    }
}
