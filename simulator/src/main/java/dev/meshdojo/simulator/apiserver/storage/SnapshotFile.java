package dev.meshdojo.simulator.apiserver.storage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A store's objects in a file: gzipped JSON. Saving writes beside the file, flushes to the disk and
 * then takes the file's place in one step, so a crash leaves either the old or the new one.
 */
public final class SnapshotFile {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORMAT = "meshdojo.dev/snapshot/v1";

    private SnapshotFile() {}

    /**
     * Saves.
     *
     * @throws IOException when the folder cannot be written; the old file is untouched then
     */
    public static void save(ResourceStore.Image image, Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path draft = Files.createTempFile(folder, file.getFileName().toString(), ".draft");
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                write(image, Channels.newOutputStream(channel), channel);
            }
            Files.move(
                    draft,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (FileChannel parent = FileChannel.open(folder, StandardOpenOption.READ)) {
            parent.force(true);
        } catch (IOException _) {
            // folders cannot be flushed on every system; the file itself is on the disk
        }
    }

    private static void write(ResourceStore.Image image, OutputStream out, FileChannel channel)
            throws IOException {
        GZIPOutputStream packed = new GZIPOutputStream(out);
        JsonGenerator json = JSON.createGenerator(packed);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        json.writeStringField("format", FORMAT);
        json.writeNumberField("revision", image.revision());
        json.writeObjectFieldStart("buckets");
        for (Map.Entry<String, PersistentMap<ObjectNode>> bucket : image.buckets().entrySet()) {
            json.writeObjectFieldStart(bucket.getKey());
            bucket.getValue().forEachFrom("", (key, object) -> writeObject(json, key, object));
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
        json.close();
        packed.finish();
        channel.force(true);
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

    /**
     * Reads.
     *
     * @throws IOException when the file cannot be read or is no snapshot
     */
    public static ResourceStore.Image load(Path file) throws IOException {
        JsonNode root;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            root = JSON.readTree(in);
        }
        if (!root.path("format").asText().equals(FORMAT)) {
            throw new IOException(
                    file
                            + " is no cluster snapshot of this version: expected format "
                            + FORMAT
                            + "; save it again with this version of meshdojo");
        }
        Map<String, PersistentMap<ObjectNode>> buckets = new TreeMap<>();
        for (var bucket : root.path("buckets").properties()) {
            PersistentMap<ObjectNode> objects = PersistentMap.empty();
            for (var entry : bucket.getValue().properties()) {
                objects = objects.with(entry.getKey(), (ObjectNode) entry.getValue());
            }
            buckets.put(bucket.getKey(), objects);
        }
        return new ResourceStore.Image(root.path("revision").asLong(), buckets);
    }
}
