package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.CreateOperation;
import dev.meshdojo.simulator.apiserver.operation.DeleteOperation;
import dev.meshdojo.simulator.apiserver.operation.FieldValidation;
import dev.meshdojo.simulator.apiserver.operation.LabelSelectors;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import dev.meshdojo.simulator.apiserver.operation.Reader;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import dev.meshdojo.simulator.apiserver.operation.Selector;
import dev.meshdojo.simulator.apiserver.operation.UpdateOperation;
import dev.meshdojo.simulator.apiserver.operation.Watcher;
import dev.meshdojo.simulator.apiserver.patch.MergePatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The verbs for code in the same JVM. Objects are those of the storage version. */
final class LocalResourceApi implements ResourceApi {

    private static final long FOREVER = Long.MAX_VALUE / 2_000_000;

    private final ApiCore core;
    private final UserInfo user;
    private final String fieldManager;
    private final Reader reader;
    private final CreateOperation create;
    private final UpdateOperation update;
    private final DeleteOperation delete;

    LocalResourceApi(ApiCore core, UserInfo user, String fieldManager) {
        this.core = core;
        this.user = user;
        this.fieldManager = fieldManager;
        this.reader = new Reader(core);
        this.create = new CreateOperation(core);
        this.update = new UpdateOperation(core);
        this.delete = new DeleteOperation(core);
    }

    @Override
    public @Nullable ResourceType type(String group, String plural) {
        ResourceDefinition definition = core.registry().find(group, plural);
        return definition == null ? null : definition.type(definition.storageVersion());
    }

    @Override
    public ObjectNode get(ResourceKey key) {
        return reader.get(scope(key), key.name());
    }

    @Override
    public @Nullable ObjectNode find(ResourceKey key) {
        ResourceDefinition definition = core.registry().find(key.group(), key.plural());
        return definition == null
                ? null
                : core.store().find(definition.bucket(), Meta.key(key.namespace(), key.name()));
    }

    @Override
    public ObjectList list(String group, String plural, String namespace, String labelSelector) {
        Reader.Page page =
                reader.list(
                        scope(group, plural, namespace),
                        new Reader.Query(LabelSelectors.parse(labelSelector), true, 0, "", "", ""));
        return new ObjectList(Long.toString(page.revision()), page.items());
    }

    @Override
    public ObjectNode create(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        RequestScope scope = scopeOf(copy);
        return create.create(scope, decode(scope, copy));
    }

    @Override
    public ObjectNode update(ObjectNode object) {
        return replace(object, "");
    }

    @Override
    public ObjectNode updateStatus(ObjectNode object) {
        return replace(object, "status");
    }

    private ObjectNode replace(ObjectNode object, String subresource) {
        RequestScope scope = scopeOf(object).withSubresource(subresource);
        return update.update(
                scope,
                Meta.name(object),
                _ -> {
                    ObjectNode copy = object.deepCopy();
                    return decode(scope, copy);
                });
    }

    @Override
    public @Nullable ObjectNode edit(ResourceKey key, UnaryOperator<@Nullable ObjectNode> change) {
        return edit(scope(key), key.name(), change);
    }

    @Override
    public @Nullable ObjectNode editStatus(
            ResourceKey key, UnaryOperator<@Nullable ObjectNode> change) {
        return edit(scope(key).withSubresource("status"), key.name(), change);
    }

    @Override
    public @Nullable ObjectNode bind(ResourceKey pod, String node, String scheduledTime) {
        RequestScope scope = scope(pod).withSubresource("binding");
        if (find(pod) == null) {
            return null;
        }
        ObjectNode binding = JsonNodeFactory.instance.objectNode();
        binding.put("kind", "Binding").put("apiVersion", "v1");
        binding.putObject("metadata").put("name", pod.name()).put("namespace", pod.namespace());
        binding.putObject("target").put("kind", "Node").put("name", node);
        core.admit(scope, AdmissionRequest.Operation.CREATE, pod.name(), binding);
        return edit(
                scope,
                pod.name(),
                copy -> copy == null ? null : PodBinding.bind(copy, node, scheduledTime),
                update::updateAdmitted);
    }

    private @Nullable ObjectNode edit(
            RequestScope scope, String name, UnaryOperator<@Nullable ObjectNode> change) {
        return edit(scope, name, change, update::update);
    }

    private interface Writing {
        ObjectNode write(
                RequestScope scope, String name, Function<ObjectNode, @Nullable ObjectNode> change);
    }

    private static @Nullable ObjectNode edit(
            RequestScope scope,
            String name,
            UnaryOperator<@Nullable ObjectNode> change,
            Writing writing) {
        try {
            return writing.write(
                    scope,
                    name,
                    live -> {
                        ObjectNode changed = change.apply(live.deepCopy());
                        if (changed == null || changed.equals(live)) {
                            return null;
                        }
                        Meta.of(changed).remove("resourceVersion");
                        return decode(scope, changed);
                    });
        } catch (ApiException e) {
            if (e.code() == 404) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public void delete(ResourceKey key) {
        try {
            delete.delete(
                    scope(key),
                    key.name(),
                    new DeleteOperation.Options(null, "Background", null, null));
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    @Override
    public void deleteNow(ResourceKey key, String uid) {
        for (ObjectNode live = find(key);
                live != null && Meta.uid(live).equals(uid) && Meta.deleting(live);
                live = find(key)) {
            try {
                delete.delete(
                        scope(key),
                        key.name(),
                        new DeleteOperation.Options(
                                0L,
                                "Background",
                                uid,
                                live.path("metadata").path("resourceVersion").asText()));
                return;
            } catch (ApiException e) {
                if (e.code() != 404 && e.code() != 409) {
                    throw e;
                }
            }
        }
    }

    @Override
    public ObjectNode mergePatch(ResourceKey key, JsonNode patch) {
        RequestScope scope = scope(key);
        return update.update(
                scope,
                key.name(),
                live -> {
                    if (!(MergePatch.apply(live.deepCopy(), patch) instanceof ObjectNode patched)) {
                        throw Statuses.badRequest("a merge patch of an object must be an object");
                    }
                    return decode(scope, patched);
                });
    }

    @Override
    public EventStream watch(
            String group, String plural, String namespace, String resourceVersion) {
        long from =
                resourceVersion.isEmpty()
                        ? core.store().revision()
                        : Long.parseLong(resourceVersion);
        return new Stream(Watcher.from(core, scope(group, plural, namespace), Selector.ALL, from));
    }

    @Override
    public String resourceVersion() {
        return Long.toString(core.store().revision());
    }

    private static ObjectNode decode(RequestScope scope, ObjectNode object) {
        ResourceType type = scope.type();
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        return FieldValidation.IGNORE.decode(scope, object, List.of());
    }

    private RequestScope scopeOf(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        ResourceDefinition definition = core.registry().findKind(group, kind);
        if (definition == null || definition.version(apiVersion.substring(slash + 1)) == null) {
            throw Statuses.badRequest(
                    "no matches for kind \"" + kind + "\" in version \"" + apiVersion + "\"");
        }
        String namespace = Meta.namespace(object);
        return new RequestScope(
                definition,
                apiVersion.substring(slash + 1),
                definition.namespaced() ? (namespace.isEmpty() ? "default" : namespace) : "",
                "",
                user,
                fieldManager,
                false,
                _ -> {});
    }

    private RequestScope scope(ResourceKey key) {
        return scope(key.group(), key.plural(), key.namespace());
    }

    private RequestScope scope(String group, String plural, String namespace) {
        ResourceDefinition definition = core.registry().find(group, plural);
        if (definition == null) {
            throw Statuses.noSuchResource();
        }
        return new RequestScope(
                definition,
                definition.storageVersion(),
                definition.namespaced() ? namespace : "",
                "",
                user,
                fieldManager,
                false,
                _ -> {});
    }

    private record Stream(Watcher watcher, Deque<Event> ready) implements EventStream {

        Stream(Watcher watcher) {
            this(watcher, new ArrayDeque<>());
        }

        @Override
        public @Nullable Event next() throws InterruptedException {
            while (ready.isEmpty()) {
                List<Watcher.Change> changes = watcher.poll(FOREVER);
                if (changes == null) {
                    return null;
                }
                changes.forEach(change -> ready.add(new Event(change.type(), change.object())));
            }
            return ready.poll();
        }

        @Override
        public void close() {
            watcher.close();
        }
    }
}
