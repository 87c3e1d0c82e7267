package dev.meshdojo.simulator.shell.command.kubectl.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A kubeconfig: who is where, and as whom. Changes are made to the tree and written by hand. */
public final class KubeConfig {

    private static final ObjectMapper YAML =
            new ObjectMapper(
                    new YAMLFactory()
                            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES));

    private final ObjectNode tree;
    private final @Nullable Path file;

    private KubeConfig(ObjectNode tree, @Nullable Path file) {
        this.tree = tree;
        this.file = file;
    }

    /** Reads YAML text. */
    public static KubeConfig parse(String yaml) throws IOException {
        return new KubeConfig(object(YAML.readTree(yaml)), null);
    }

    /** Reads a file; an absent one is empty. */
    public static KubeConfig read(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        return new KubeConfig(object(YAML.readTree(text)), file);
    }

    private static ObjectNode object(@Nullable JsonNode node) {
        return node instanceof ObjectNode object ? object : YAML.createObjectNode();
    }

    /** Writes the tree back where it came from. */
    public void write() throws IOException {
        if (file == null) {
            throw new IOException(
                    "this kubeconfig has no file; set KUBECONFIG or use --kubeconfig");
        }
        Files.writeString(file, YAML.writeValueAsString(tree));
    }

    /** The whole tree. */
    public ObjectNode tree() {
        return tree;
    }

    /** The context in force; empty when none is set. */
    public String currentContext() {
        return tree.path("current-context").asText("");
    }

    /** The named entry of {@code clusters}, {@code users} or {@code contexts}; null when absent. */
    public @Nullable ObjectNode entry(String list, String name) {
        for (JsonNode entry : tree.path(list)) {
            if (entry.path("name").asText().equals(name) && entry instanceof ObjectNode object) {
                String key = list.substring(0, list.length() - 1);
                return object.get(key) instanceof ObjectNode body ? body : object.putObject(key);
            }
        }
        return null;
    }

    /** The named entry, made when absent. */
    public ObjectNode entryOrNew(String list, String name) {
        ObjectNode found = entry(list, name);
        if (found != null) {
            return found;
        }
        ArrayNode all = tree.get(list) instanceof ArrayNode array ? array : tree.putArray(list);
        ObjectNode made = all.addObject();
        made.put("name", name);
        return made.putObject(list.substring(0, list.length() - 1));
    }

    /** The bytes of {@code key-data} or of the file that {@code key} names; null without both. */
    public byte @Nullable [] bytes(JsonNode entry, String key) throws IOException {
        String data = entry.path(key + "-data").asText("");
        if (!data.isEmpty()) {
            return Base64.getDecoder().decode(data);
        }
        String name = entry.path(key).asText("");
        if (name.isEmpty()) {
            return null;
        }
        Path base = file == null ? Path.of("") : file.toAbsolutePath().getParent();
        return Files.readAllBytes(base == null ? Path.of(name) : base.resolve(name));
    }
}
