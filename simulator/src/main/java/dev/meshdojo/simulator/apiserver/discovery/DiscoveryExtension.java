package dev.meshdojo.simulator.apiserver.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.HttpExtension;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /}, {@code /version}, {@code /api} and {@code /apis} with what is below them down
 * to the resource lists. Documents are made once for each state of the registry. Thread-safe.
 */
public final class DiscoveryExtension implements HttpExtension {

    private static final ObjectWriter INDENTED = new ObjectMapper().writer(goStyle());

    private final ResourceRegistry registry;
    private final String address;
    private final AtomicReference<@Nullable State> state = new AtomicReference<>();

    private record State(
            long generation, DiscoveryDocuments documents, Map<String, Aggregated> aggregated) {}

    private record Aggregated(String body, String tag) {}

    /**
     * @param registry what is served
     * @param address the server's address as clients inside the cluster know it, HOST:PORT
     */
    public DiscoveryExtension(ResourceRegistry registry, String address) {
        this.registry = registry;
        this.address = address;
    }

    @Override
    public @Nullable ApiResponse answer(ApiRequest request) {
        if (isInUnknownGroup(request.path())) {
            return ApiResponse.text(404, "404 page not found\n");
        }
        if (!request.method().equals("GET")) {
            return null;
        }
        String path = request.path();
        String trimmed =
                path.length() > 1 && path.endsWith("/")
                        ? path.substring(0, path.length() - 1)
                        : path;
        return switch (trimmed) {
            case "/" -> indented(rootPaths());
            case "/version" -> indented(ServerVersion.toJson());
            case "/api" -> groups(request, true);
            case "/apis" -> groups(request, false);
            default -> below(trimmed);
        };
    }

    /** Nothing listens below groups that are not served, so no Status is sent there. */
    private boolean isInUnknownGroup(String path) {
        String[] parts = path.split("/", -1);
        return parts.length > 4
                && parts[1].equals("apis")
                && !documents().serves(parts[2], parts[3]);
    }

    private static DefaultPrettyPrinter goStyle() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                        Separators.createDefaultInstance()
                                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentArraysWith(indenter);
        printer.indentObjectsWith(indenter);
        return printer;
    }

    /** These two are printed over several lines for every client. */
    private static ApiResponse indented(ObjectNode document) {
        try {
            return ApiResponse.bytes(200, "application/json", INDENTED.writeValueAsBytes(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    private @Nullable ApiResponse below(String path) {
        String[] parts = path.split("/", -1);
        ObjectNode document = null;
        if (parts.length == 3 && parts[1].equals("api")) {
            document = documents().resourceList("", parts[2]);
        } else if (parts.length == 3 && parts[1].equals("apis")) {
            document = documents().group(parts[2]);
        } else if (parts.length == 4 && parts[1].equals("apis")) {
            document = documents().resourceList(parts[2], parts[3]);
        }
        return document == null ? null : ApiResponse.json(200, document);
    }

    private ApiResponse groups(ApiRequest request, boolean core) {
        AcceptedMedia media = AcceptedMedia.of(request.header("Accept"));
        if (media == AcceptedMedia.PLAIN) {
            return ApiResponse.json(
                            200, core ? documents().coreVersions(address) : documents().groupList())
                    .with("Vary", List.of("Accept"));
        }
        Aggregated aggregated = aggregated(core, media);
        boolean known = request.header("If-None-Match").equals(aggregated.tag());
        return ApiResponse.bytes(
                        known ? 304 : 200,
                        media.contentType(),
                        (known ? "" : aggregated.body()).getBytes(StandardCharsets.UTF_8))
                .with("Vary", List.of("Accept"))
                .with("Cache-Control", List.of("public"))
                .with("ETag", List.of(aggregated.tag()));
    }

    private DiscoveryDocuments documents() {
        return current().documents();
    }

    private Aggregated aggregated(boolean core, AcceptedMedia media) {
        State now = current();
        return now.aggregated()
                .computeIfAbsent(
                        media + "/" + core,
                        _ -> render(now.documents().aggregated(core, media.apiVersion())));
    }

    private State current() {
        State known = state.get();
        long generation = registry.generation();
        if (known != null && known.generation() == generation) {
            return known;
        }
        State fresh =
                new State(
                        generation,
                        new DiscoveryDocuments(registry.all()),
                        new java.util.concurrent.ConcurrentHashMap<>());
        state.set(fresh);
        return fresh;
    }

    private static Aggregated render(ObjectNode document) {
        String body = document.toString();
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-512")
                            .digest(body.getBytes(StandardCharsets.UTF_8));
            String tag = HexFormat.of().formatHex(hash).toUpperCase(Locale.ROOT);
            return new Aggregated(body, "\"" + tag + "\"");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-512", e);
        }
    }

    private ObjectNode rootPaths() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode paths = document.putArray("paths");
        RootPaths.with(documents().paths()).forEach(paths::add);
        return document;
    }
}
