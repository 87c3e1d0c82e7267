package dev.meshdojo.gateway.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

    /** The static resources as one configuration. */
    public XdsSnapshot snapshot() {
        var fixed = proto.getStaticResources();
        return new XdsSnapshot(
                "static",
                fixed.getListenersList(),
                List.of(),
                fixed.getClustersList(),
                List.of(),
                fixed.getSecretsList());
    }

    /**
     * The static cluster that further resources are asked for over ADS; null when all resources are
     * static.
     *
     * @throws InvalidConfigException when the file wants resources in another way, or names a
     *     cluster that it does not have
     */
    public @Nullable String managementServer() {
        if (!proto.hasDynamicResources()) {
            return null;
        }
        var dynamic = proto.getDynamicResources();
        source("lds_config", dynamic.hasLdsConfig(), dynamic.getLdsConfig());
        source("cds_config", dynamic.hasCdsConfig(), dynamic.getCdsConfig());
        if (!dynamic.hasLdsConfig() && !dynamic.hasCdsConfig()) {
            return null;
        }
        ApiConfigSource ads = dynamic.getAdsConfig();
        String field = path + ": dynamic_resources.ads_config";
        switch (ads.getApiType()) {
            case GRPC, DELTA_GRPC -> {}
            default ->
                    throw new InvalidConfigException(
                            field
                                    + ".api_type: "
                                    + ads.getApiType()
                                    + " (expected: GRPC or DELTA_GRPC)");
        }
        if (ads.getGrpcServicesCount() != 1 || !ads.getGrpcServices(0).hasEnvoyGrpc()) {
            throw new InvalidConfigException(
                    field
                            + ".grpc_services: write one service with envoy_grpc.cluster_name, a"
                            + " cluster of static_resources");
        }
        String cluster = ads.getGrpcServices(0).getEnvoyGrpc().getClusterName();
        boolean known =
                proto.getStaticResources().getClustersList().stream()
                        .anyMatch(
                                each ->
                                        each.getName().equals(cluster)
                                                && each.getType() != Cluster.DiscoveryType.EDS);
        if (!known) {
            throw new InvalidConfigException(
                    field
                            + ": envoy.config.core.v3.ApiConfigSource must have a statically defined"
                            + " non-EDS cluster: '"
                            + cluster
                            + "' does not exist, was added via api, or is an EDS cluster");
        }
        return cluster;
    }

    private void source(String field, boolean present, ConfigSource source) {
        if (present && !source.hasAds()) {
            throw new InvalidConfigException(
                    path
                            + ": dynamic_resources."
                            + field
                            + ": only `ads: {}` is built, with ads_config beside it; files and"
                            + " separate streams are not");
        }
    }
}
