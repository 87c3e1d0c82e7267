package dev.meshdojo.simulator.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.HttpExtension;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import dev.meshdojo.simulator.apiserver.model.KubernetesTypes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /openapi/v2} and {@code /openapi/v3}. Documents are made when first asked for;
 * those of built-in groups once per JVM, those with custom kinds once for each state of their
 * definitions. Thread-safe.
 */
public final class OpenApiExtension implements HttpExtension {

    private static final String PROTOBUF_ACCEPTED =
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /** The same without {@code @}, which is no valid character of a media type. */
    private static final String PROTOBUF =
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private static final List<String> PLAIN =
            List.of(".well-known/openid-configuration", "api", "apis", "openid/v1/jwks", "version");

    /** Documents of built-in groups, by path. */
    private static final class Shared {
        static final Map<String, Document> DOCUMENTS = new ConcurrentHashMap<>();
    }

    private final ResourceRegistry registry;
    private final OpenApiDocuments documents;
    private final Map<String, Document> own = new ConcurrentHashMap<>();

    /** A document as sent, and the state of what it was made of. */
    private record Document(String tag, ByteString bytes) {}

    /**
     * @param registry what is served
     * @param api where custom resource definitions are read
     */
    public OpenApiExtension(ResourceRegistry registry, ResourceApi api) {
        this.registry = registry;
        this.documents = new OpenApiDocuments(KubernetesTypes.shared(), api);
    }

    @Override
    public @Nullable ApiResponse answer(ApiRequest request) {
        String path = request.path();
        if (!request.method().equals("GET") || !path.startsWith("/openapi/")) {
            return null;
        }
        if (path.equals("/openapi/v2")) {
            return v2(request);
        }
        if (path.equals("/openapi/v3") || path.equals("/openapi/v3/")) {
            return ApiResponse.json(200, index());
        }
        return path.startsWith("/openapi/v3/")
                ? v3(request, path.substring("/openapi/v3/".length()))
                : null;
    }

    private ApiResponse v2(ApiRequest request) {
        boolean protobuf = request.header("Accept").startsWith(PROTOBUF_ACCEPTED);
        StringBuilder state = new StringBuilder();
        registry.all().forEach(resource -> state.append(stateOf(resource)));
        String tag = hash(state.toString());
        byte[] body =
                cached(
                        own,
                        "v2/" + protobuf,
                        tag,
                        () -> {
                            ObjectNode document = documents.v2(registry.all());
                            return protobuf ? GnosticEncoder.encode(document) : bytes(document);
                        });
        return send(request, protobuf ? PROTOBUF : "application/json", body, tag);
    }

    private ObjectNode index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = index.putObject("paths");
        Map<String, String> all = new TreeMap<>();
        PLAIN.forEach(path -> all.put(path, hash(path)));
        for (Map.Entry<GroupVersion, List<ResourceDefinition>> entry : groupVersions().entrySet()) {
            GroupVersion key = entry.getKey();
            all.put(key.path(), tag(key, entry.getValue()));
            boolean custom = entry.getValue().stream().allMatch(ResourceDefinition::custom);
            if (!custom && !key.group().isEmpty()) {
                all.put("apis/" + key.group(), hash("apis/" + key.group()));
            }
        }
        all.forEach(
                (path, tag) ->
                        paths.putObject(path)
                                .put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + tag));
        return index;
    }

    private @Nullable ApiResponse v3(ApiRequest request, String path) {
        for (Map.Entry<GroupVersion, List<ResourceDefinition>> entry : groupVersions().entrySet()) {
            GroupVersion key = entry.getKey();
            if (key.path().equals(path)) {
                String tag = tag(key, entry.getValue());
                boolean custom = entry.getValue().stream().anyMatch(ResourceDefinition::custom);
                byte[] body =
                        cached(
                                custom ? own : Shared.DOCUMENTS,
                                path,
                                tag,
                                () ->
                                        bytes(
                                                documents.v3(
                                                        key.group(),
                                                        key.version(),
                                                        entry.getValue())));
                return send(request, "application/json", body, tag);
            }
            if (path.equals("apis/" + key.group())) {
                return send(request, "application/json", bytes(documents.plain(path)), hash(path));
            }
        }
        return PLAIN.contains(path)
                ? send(request, "application/json", bytes(documents.plain(path)), hash(path))
                : null;
    }

    /** The newest document of each path is kept. */
    private static byte[] cached(
            Map<String, Document> cache, String path, String tag, Supplier<byte[]> maker) {
        Document known = cache.get(path);
        if (known == null || !known.tag().equals(tag)) {
            known = new Document(tag, ByteString.copyFrom(maker.get()));
            cache.put(path, known);
        }
        return known.bytes().toByteArray();
    }

    private static ApiResponse send(
            ApiRequest request, String contentType, byte[] body, String tag) {
        String quoted = "\"" + tag + "\"";
        boolean known = request.header("If-None-Match").equals(quoted);
        return ApiResponse.bytes(known ? 304 : 200, contentType, known ? new byte[0] : body)
                .with("ETag", List.of(quoted))
                .with("Vary", List.of("Accept-Encoding", "Accept"));
    }

    private record GroupVersion(String group, String version) {
        String path() {
            return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
        }
    }

    private Map<GroupVersion, List<ResourceDefinition>> groupVersions() {
        Map<GroupVersion, List<ResourceDefinition>> result =
                new TreeMap<>(java.util.Comparator.comparing(GroupVersion::path));
        for (ResourceDefinition resource : registry.all()) {
            for (ResourceDefinition.Version version : resource.versions()) {
                if (version.served()) {
                    result.computeIfAbsent(
                                    new GroupVersion(resource.group(), version.name()),
                                    _ -> new ArrayList<>())
                            .add(resource);
                }
            }
        }
        return result;
    }

    private String tag(GroupVersion key, List<ResourceDefinition> resources) {
        StringBuilder state = new StringBuilder(key.path());
        resources.forEach(resource -> state.append(stateOf(resource)));
        return hash(state.toString());
    }

    private String stateOf(ResourceDefinition resource) {
        return resource.groupResource() + "|" + documents.state(resource) + "|";
    }

    private static byte[] bytes(ObjectNode document) {
        return document.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-512")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-512", e);
        }
    }
}
