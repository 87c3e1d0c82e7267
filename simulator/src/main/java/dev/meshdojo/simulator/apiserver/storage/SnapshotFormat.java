package dev.meshdojo.simulator.apiserver.storage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The bytes of a snapshot: a header of text lines (format version, SHA-256 and length of what
 * follows), an empty line, gzipped JSON.
 */
public final class SnapshotFormat {

    /** The version that is written; older ones are read, newer ones refused. */
    public static final int VERSION = 1;

    private static final String MAGIC = "meshdojo-snapshot ";
    private static final int HEADER_LIMIT = 256;
    private static final ObjectMapper JSON = new ObjectMapper();

    private SnapshotFormat() {}

    /** Encodes. */
    public static byte[] encode(Snapshot snapshot) {
        byte[] content = pack(snapshot);
        String header =
                MAGIC
                        + VERSION
                        + "\nsha256 "
                        + digest(content, 0)
                        + "\nbytes "
                        + content.length
                        + "\n\n";
        byte[] head = header.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + content.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return all;
    }

    /**
     * Decodes.
     *
     * @param source names the bytes in messages
     * @throws SnapshotException when the bytes are no snapshot, damaged, or of a newer version
     */
    public static Snapshot decode(byte[] bytes, String source) throws SnapshotException {
        int end = endOfHeader(bytes);
        if (end < 0) {
            throw new SnapshotException(
                    source
                            + " is no snapshot of a meshdojo cluster (expected: it begins with \""
                            + MAGIC
                            + VERSION
                            + "\"). Name a file that `meshdojo cluster` saved.");
        }
        String[] lines = new String(bytes, 0, end, StandardCharsets.US_ASCII).split("\n", -1);
        int version = number(lines[0].substring(MAGIC.length()), source);
        if (version > VERSION) {
            throw new SnapshotException(
                    source
                            + " was saved by a newer meshdojo (snapshot version "
                            + version
                            + "; this one reads up to "
                            + VERSION
                            + "). Restore it with that version, or save it anew with this one.");
        }
        int start = end + 2;
        int length = number(field(lines, "bytes", source), source);
        if (bytes.length - start != length) {
            throw damaged(
                    source,
                    "it has " + (bytes.length - start) + " bytes after its header, not " + length);
        }
        String expected = field(lines, "sha256", source);
        String actual = digest(bytes, start);
        if (!actual.equals(expected)) {
            throw damaged(source, "its SHA-256 is " + actual + ", not " + expected);
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, start, length))) {
            return unpack(JSON.readTree(in));
        } catch (IOException e) {
            throw damaged(source, String.valueOf(e.getMessage()));
        }
    }

    private static int endOfHeader(byte[] bytes) {
        String head =
                new String(
                        bytes,
                        0,
                        Math.min(bytes.length, HEADER_LIMIT),
                        StandardCharsets.ISO_8859_1);
        return head.startsWith(MAGIC) ? head.indexOf("\n\n") : -1;
    }

    private static String field(String[] lines, String name, String source)
            throws SnapshotException {
        for (String line : lines) {
            if (line.startsWith(name + " ")) {
                return line.substring(name.length() + 1);
            }
        }
        throw damaged(source, "its header has no line \"" + name + "\"");
    }

    private static int number(String text, String source) throws SnapshotException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw damaged(source, "its header says \"" + text + "\" where a number belongs");
        }
    }

    private static SnapshotException damaged(String source, String how) {
        return new SnapshotException(
                source + " is damaged: " + how + ". Take another copy of it, or start without it.");
    }

    private static String digest(byte[] bytes, int from) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(bytes, from, bytes.length - from);
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] pack(Snapshot snapshot) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(new GZIPOutputStream(bytes))) {
            json.writeStartObject();
            json.writeNumberField("revision", snapshot.image().revision());
            json.writeObjectField("attributes", new TreeMap<>(snapshot.attributes()));
            json.writeObjectFieldStart("buckets");
            for (Map.Entry<String, PersistentMap<ObjectNode>> bucket :
                    snapshot.image().buckets().entrySet()) {
                json.writeObjectFieldStart(bucket.getKey());
                bucket.getValue().forEachFrom("", (key, object) -> writeObject(json, key, object));
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static boolean writeObject(JsonGenerator json, String key, ObjectNode object) {
        try {
            json.writeFieldName(key);
            JSON.writeTree(json, object);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Snapshot unpack(JsonNode root) {
        Map<String, String> attributes = new LinkedHashMap<>();
        root.path("attributes")
                .properties()
                .forEach(entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
        Map<String, PersistentMap<ObjectNode>> buckets = new TreeMap<>();
        for (var bucket : root.path("buckets").properties()) {
            PersistentMap<ObjectNode> objects = PersistentMap.empty();
            for (var entry : bucket.getValue().properties()) {
                objects = objects.with(entry.getKey(), (ObjectNode) entry.getValue());
            }
            buckets.put(bucket.getKey(), objects);
        }
        return new Snapshot(
                new ResourceStore.Image(root.path("revision").asLong(), buckets), attributes);
    }
}
