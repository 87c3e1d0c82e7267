package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.builtin.GoJson;
import dev.meshdojo.simulator.apiserver.storage.ResourceStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The get and list verbs. */
public final class Reader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ApiCore core;

    public Reader(ApiCore core) {
        this.core = core;
    }

    /**
     * What to list.
     *
     * @param selector which objects
     * @param selective whether the selector may leave objects out, which hides how many remain
     * @param limit page size, 0 for all
     * @param continuation the token of the page before, or empty
     * @param resourceVersion as asked, or empty
     * @param match {@code Exact}, {@code NotOlderThan} or empty
     */
    public record Query(
            Selector selector,
            boolean selective,
            int limit,
            String continuation,
            String resourceVersion,
            String match) {}

    /**
     * A page.
     *
     * @param revision the list's resourceVersion
     * @param items in the scope's version, in key order
     * @param continuation token of the next page, or empty
     * @param remaining objects after this page, or -1 when not known
     */
    public record Page(
            long revision, List<ObjectNode> items, String continuation, long remaining) {}

    /** One object in the scope's version. */
    public ObjectNode get(RequestScope scope, String name) {
        ObjectNode stored = core.store().find(scope.bucket(), Meta.key(scope.namespace(), name));
        ResourceDefinition definition = scope.definition();
        if (stored == null) {
            throw Statuses.notFound(definition.group(), definition.plural(), name);
        }
        return core.inVersion(definition, stored, scope.version());
    }

    /** Lists a namespace, or all. */
    public Page list(RequestScope scope, Query query) {
        Token token = query.continuation().isEmpty() ? null : Token.parse(query.continuation());
        ResourceStore.Snapshot snapshot = snapshot(scope, query, token);
        boolean all = scope.namespace().isEmpty();
        String first = all ? "" : scope.namespace() + "/";
        String end = all ? "\uffff" : scope.namespace() + "0";
        String from = token == null ? first : token.start();
        List<ObjectNode> items = new ArrayList<>();
        String[] next = {""};
        snapshot.objects()
                .forEachFrom(
                        from,
                        (key, object) -> {
                            if (key.compareTo(end) >= 0) {
                                return false;
                            }
                            ObjectNode shown =
                                    core.inVersion(scope.definition(), object, scope.version());
                            if (!query.selector().matches(shown)) {
                                return true;
                            }
                            if (query.limit() > 0 && items.size() == query.limit()) {
                                next[0] = key;
                                return false;
                            }
                            items.add(shown);
                            return true;
                        });
        if (next[0].isEmpty()) {
            return new Page(snapshot.revision(), items, "", -1);
        }
        long remaining = query.selective() ? -1 : snapshot.objects().countBetween(next[0], end);
        return new Page(
                snapshot.revision(),
                items,
                new Token(snapshot.revision(), next[0]).print(),
                remaining);
    }

    private ResourceStore.Snapshot snapshot(
            RequestScope scope, Query query, @Nullable Token token) {
        long wanted = -1;
        if (token != null) {
            wanted = token.revision();
        } else if (query.match().equals("Exact") && !query.resourceVersion().isEmpty()) {
            wanted = Long.parseLong(query.resourceVersion());
        }
        long asked =
                query.resourceVersion().isEmpty() ? 0 : Long.parseLong(query.resourceVersion());
        long newest = core.store().revision();
        if (asked > newest) {
            ObjectNode details = JSON.createObjectNode();
            details.putArray("causes")
                    .addObject()
                    .put("reason", "ResourceVersionTooLarge")
                    .put("message", "Too large resource version");
            details.put("retryAfterSeconds", 1);
            throw Statuses.failure(
                    504,
                    "Timeout",
                    "Timeout: Too large resource version: " + asked + ", current: " + newest,
                    details);
        }
        ResourceStore.Snapshot snapshot =
                wanted < 0
                        ? core.store().snapshot(scope.bucket())
                        : core.store().snapshotAt(scope.bucket(), wanted);
        if (snapshot == null) {
            throw Statuses.expired(
                    token == null
                            ? "The resourceVersion for the provided list is too old."
                            : "The provided continue parameter is too old to display a consistent"
                                    + " list result. You can start a new list without the continue"
                                    + " parameter, or use the continue token in this response to"
                                    + " retrieve the remainder of the results. Continuing with the"
                                    + " provided token results in an inconsistent list - objects"
                                    + " that were created, modified, or deleted between the time"
                                    + " the first chunk was returned and now may show up in the"
                                    + " list.");
        }
        return snapshot;
    }

    private record Token(long revision, String start) {
        static Token parse(String text) {
            try {
                String plain =
                        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
                String problem = GoJson.problem(plain);
                if (problem != null) {
                    throw Statuses.badRequest(
                            "invalid continue token: continue key is not valid: " + problem);
                }
                JsonNode json = JSON.readTree(plain);
                if (json.path("v").asText().equals("meta.k8s.io/v1")) {
                    return new Token(json.path("rv").asLong(), json.path("start").asText());
                }
            } catch (IllegalArgumentException | JsonProcessingException _) {
                // answered below, as Kubernetes does for every kind of damage
            }
            throw Statuses.badRequest("continue key is not valid: encoded data is not a token");
        }

        String print() {
            ObjectNode json = JSON.createObjectNode();
            json.put("v", "meta.k8s.io/v1").put("rv", revision).put("start", start);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
