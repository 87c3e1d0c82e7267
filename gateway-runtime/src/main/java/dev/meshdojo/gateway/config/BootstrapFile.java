package dev.meshdojo.gateway.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * An Envoy bootstrap file: YAML, JSON, or a serialized proto ({@code .pb}), told apart by the
 * file's name as Envoy does it. Immutable.
 *
 * @param path where it was read from
 * @param proto its content
 */
public record BootstrapFile(Path path, Bootstrap proto) {

    /**
     * Reads a file.
     *
     * @throws IOException when it cannot be read
     * @throws InvalidConfigException when it is no bootstrap; the message tells where and why
     */
    public static BootstrapFile read(Path path) throws IOException {
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".pb")) {
            try {
                return new BootstrapFile(path, Bootstrap.parseFrom(Files.readAllBytes(path)));
            } catch (InvalidProtocolBufferException e) {
                throw new InvalidConfigException(
                        path + ": no serialized Bootstrap: " + e.getMessage());
            }
        }
        return new BootstrapFile(path, parse(path, Files.readString(path, StandardCharsets.UTF_8)));
    }

    /**
     * Reads a text, YAML or JSON.
     *
     * @param path names it in messages
     * @throws InvalidConfigException when it is no bootstrap; the message tells where and why
     */
    public static BootstrapFile of(Path path, String text) {
        return new BootstrapFile(path, parse(path, text));
    }

    private static Bootstrap parse(Path path, String text) {
        JsonNode tree;
        try {
            tree = new ObjectMapper(new YAMLFactory()).readTree(text);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new InvalidConfigException(
                    path
                            + (at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr())
                            + ": no YAML: "
                            + e.getOriginalMessage());
        }
        Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
        try {
            JsonFormat.parser()
                    .usingTypeRegistry(EnvoyTypes.registry())
                    .merge(tree.toString(), bootstrap);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException(
                    path
                            + ": no Envoy bootstrap: "
                            + e.getMessage()
                            + ". Field names and types are those of"
                            + " envoy.config.bootstrap.v3.Bootstrap");
        }
        return bootstrap.build();
    }

    /**
     * The static resources as one configuration.
     *
     * @throws InvalidConfigException when the file wants what no file can give
     */
    public XdsSnapshot snapshot() {
        if (proto.getDynamicResources().hasAdsConfig()
                || proto.getDynamicResources().hasLdsConfig()
                || proto.getDynamicResources().hasCdsConfig()) {
            throw new InvalidConfigException(
                    path
                            + ": dynamic_resources: this file alone says nothing of them; write the"
                            + " resources under static_resources");
        }
        var fixed = proto.getStaticResources();
        return new XdsSnapshot(
                "static",
                fixed.getListenersList(),
                List.of(),
                fixed.getClustersList(),
                List.of(),
                fixed.getSecretsList());
    }
}
