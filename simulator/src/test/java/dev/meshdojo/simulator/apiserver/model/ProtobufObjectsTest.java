package dev.meshdojo.simulator.apiserver.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProtobufObjectsTest {

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] object(String apiVersion, String kind, Fields fields) {
        byte[] unknown =
                message(
                        out -> {
                            out.writeByteArray(
                                    1,
                                    message(
                                            meta -> {
                                                meta.writeString(1, apiVersion);
                                                meta.writeString(2, kind);
                                            }));
                            out.writeByteArray(2, message(fields));
                        });
        byte[] body = new byte[4 + unknown.length];
        System.arraycopy("k8s".getBytes(StandardCharsets.US_ASCII), 0, body, 0, 3);
        System.arraycopy(unknown, 0, body, 4, unknown.length);
        return body;
    }

    @Test
    void zeroOfAPointerIsKeptAndZeroOfAPlainFieldIsOmitted() {
        byte[] body =
                object(
                        "apps/v1",
                        "Deployment",
                        out -> {
                            out.writeByteArray(1, message(meta -> meta.writeString(1, "web")));
                            out.writeByteArray(
                                    2,
                                    message(
                                            spec -> {
                                                spec.writeInt32(1, 0);
                                                spec.writeInt32(5, 0);
                                            }));
                        });
        assertThat(ProtobufObjects.decode(body))
                .hasToString(
                        "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\","
                                + "\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":0}}");
    }

    @Test
    void nestedMessagesThatJsonInlinesAreInlined() {
        byte[] handler =
                message(
                        out ->
                                out.writeByteArray(
                                        2,
                                        message(
                                                get -> {
                                                    get.writeString(1, "/live");
                                                    get.writeByteArray(
                                                            2,
                                                            message(
                                                                    port -> {
                                                                        port.writeInt64(1, 1);
                                                                        port.writeString(3, "http");
                                                                    }));
                                                })));
        byte[] container =
                message(
                        out -> {
                            out.writeString(1, "c");
                            out.writeByteArray(
                                    10, message(probe -> probe.writeByteArray(1, handler)));
                        });
        byte[] body =
                object(
                        "v1",
                        "Pod",
                        out ->
                                out.writeByteArray(
                                        2, message(spec -> spec.writeByteArray(2, container))));
        assertThat(ProtobufObjects.decode(body).at("/spec/containers/0/livenessProbe"))
                .hasToString("{\"httpGet\":{\"path\":\"/live\",\"port\":\"http\"}}");
    }

    @Test
    void mapsAndBytesAreRead() {
        byte[] entry =
                message(
                        out -> {
                            out.writeString(1, "key");
                            out.writeByteArray(2, "value".getBytes(StandardCharsets.UTF_8));
                        });
        byte[] body = object("v1", "Secret", out -> out.writeByteArray(2, entry));
        assertThat(ProtobufObjects.decode(body).at("/data/key").asText()).isEqualTo("dmFsdWU=");
    }

    @Test
    void anUnknownKindIsRefusedByName() {
        assertThatThrownBy(
                        () ->
                                ProtobufObjects.decode(
                                        object("v1", "Unicorn", out -> out.writeInt32(1, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no kind \"Unicorn\"");
    }
}
