package dev.meshdojo.simulator.cluster.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a cluster elsewhere, for reading: each kind that is asked for is listed once and
 * watched from then on, by fabric8's informers. Writing is refused. Thread-safe.
 */
public final class RemoteObjects implements ResourceApi, AutoCloseable {

    private static final String CORE = "v1";
    private static final int FORBIDDEN = 403;

    private final KubernetesClient client;
    private final Consumer<String> warnings;
    private final Map<String, Map<String, ResourceType>> served = new ConcurrentHashMap<>();
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    /**
     * @param client not closed here
     * @param warnings takes a line for each kind that may not be read
     */
    public RemoteObjects(KubernetesClient client, Consumer<String> warnings) {
        this.client = client;
        this.warnings = warnings;
    }

    @Override
    public @Nullable ResourceType type(String group, String plural) {
        return served.computeIfAbsent(group, this::discover).get(plural);
    }

    /** Other kinds may be served from now on. */
    private void forgetKinds() {
        served.clear();
    }

    private Map<String, ResourceType> discover(String group) {
        Map<String, ResourceType> found = new HashMap<>();
        for (String version : versions(group)) {
            APIResourceList resources = client.getApiResources(version);
            if (resources == null) {
                continue;
            }
            for (APIResource resource : resources.getResources()) {
                if (!resource.getName().contains("/")) {
                    found.putIfAbsent(resource.getName(), type(group, version, resource));
                }
            }
        }
        return found;
    }

    /** {@code group/version}, the preferred first. */
    private List<String> versions(String group) {
        if (group.isEmpty()) {
            return List.of(CORE);
        }
        APIGroup known = client.getApiGroup(group);
        if (known == null) {
            return List.of();
        }
        List<String> versions = new ArrayList<>();
        if (known.getPreferredVersion() != null) {
            versions.add(known.getPreferredVersion().getGroupVersion());
        }
        known.getVersions().stream()
                .map(each -> each.getGroupVersion())
                .filter(each -> !versions.contains(each))
                .forEach(versions::add);
        return versions;
    }

    private static ResourceType type(String group, String apiVersion, APIResource resource) {
        return new ResourceType(
                group,
                apiVersion.substring(apiVersion.indexOf('/') + 1),
                resource.getKind(),
                resource.getName(),
                String.valueOf(resource.getSingularName()),
                resource.getShortNames() == null ? List.of() : resource.getShortNames(),
                resource.getCategories() == null ? List.of() : resource.getCategories(),
                Boolean.TRUE.equals(resource.getNamespaced()));
    }

    private Watched watched(String group, String plural) {
        ResourceType type = type(group, plural);
        if (type == null) {
            throw Statuses.notFound(group, plural, "");
        }
        return watched.computeIfAbsent(type.groupResource(), key -> new Watched(type));
    }

    @Override
    public ObjectList list(String group, String plural, String namespace, String labelSelector) {
        Watched kind = watched(group, plural);
        List<ObjectNode> items = new ArrayList<>();
        kind.objects.values().stream()
                .filter(
                        each ->
                                namespace.isEmpty()
                                        || namespace.equals(
                                                each.at("/metadata/namespace").asText()))
                .forEach(items::add);
        return new ObjectList(resourceVersion(), items);
    }

    @Override
    public EventStream watch(
            String group, String plural, String namespace, String resourceVersion) {
        Stream stream = new Stream(watched(group, plural));
        stream.kind.streams.add(stream);
        return stream;
    }

    @Override
    public @Nullable ObjectNode find(ResourceKey key) {
        return type(key.group(), key.plural()) == null
                ? null
                : watched(key.group(), key.plural())
                        .objects
                        .get(key.namespace() + "/" + key.name());
    }

    @Override
    public ObjectNode get(ResourceKey key) {
        ObjectNode found = find(key);
        if (found == null) {
            throw Statuses.notFound(key.group(), key.plural(), key.name());
        }
        return found;
    }

    @Override
    public String resourceVersion() {
        return Long.toString(changes.get());
    }

    /** One kind: its objects as last seen, and who waits for changes. */
    private final class Watched implements ResourceEventHandler<GenericKubernetesResource> {
        private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();
        private final List<Stream> streams = new CopyOnWriteArrayList<>();
        private final boolean definitions;
        private @Nullable SharedIndexInformer<GenericKubernetesResource> informer;

        Watched(ResourceType type) {
            definitions = type.plural().equals("customresourcedefinitions");
            ResourceDefinitionContext context =
                    new ResourceDefinitionContext.Builder()
                            .withGroup(type.group())
                            .withVersion(type.version())
                            .withKind(type.kind())
                            .withPlural(type.plural())
                            .withNamespaced(type.namespaced())
                            .build();
            try {
                informer =
                        type.namespaced()
                                ? client.genericKubernetesResources(context)
                                        .inAnyNamespace()
                                        .inform(this)
                                : client.genericKubernetesResources(context).inform(this);
            } catch (KubernetesClientException e) {
                if (e.getCode() != FORBIDDEN) {
                    throw e;
                }
                warnings.accept(
                        type.groupResource()
                                + ": may not be read with this kubeconfig, so what they say is left"
                                + " out: allow get, list and watch to change that");
            }
        }

        private ObjectNode json(GenericKubernetesResource resource) {
            return client.getKubernetesSerialization().convertValue(resource, ObjectNode.class);
        }

        private String key(GenericKubernetesResource resource) {
            String namespace = resource.getMetadata().getNamespace();
            return (namespace == null ? "" : namespace) + "/" + resource.getMetadata().getName();
        }

        private void tell(EventType type, ObjectNode object) {
            changes.incrementAndGet();
            if (definitions) {
                forgetKinds();
            }
            streams.forEach(each -> each.events.add(new Event(type, object)));
        }

        @Override
        public void onAdd(GenericKubernetesResource resource) {
            ObjectNode object = json(resource);
            objects.put(key(resource), object);
            tell(EventType.ADDED, object);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
            ObjectNode object = json(now);
            objects.put(key(now), object);
            tell(EventType.MODIFIED, object);
        }

        @Override
        public void onDelete(GenericKubernetesResource resource, boolean lastStateUnknown) {
            ObjectNode object = json(resource);
            objects.remove(key(resource));
            tell(EventType.DELETED, object);
        }
    }

    private static final class Stream implements EventStream {
        private static final Event END =
                new Event(EventType.DELETED, JsonNodeFactory.instance.objectNode());

        private final Watched kind;
        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

        Stream(Watched kind) {
            this.kind = kind;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // the end is one instance
        public @Nullable Event next() throws InterruptedException {
            Event event = events.take();
            return event == END ? null : event;
        }

        @Override
        public void close() {
            kind.streams.remove(this);
            events.add(END);
        }
    }

    private static ApiException readOnly() {
        return Statuses.forbidden(
                "", "", "", "this cluster is watched only; change it with kubectl");
    }

    @Override
    public ObjectNode create(ObjectNode object) {
        throw readOnly();
    }

    @Override
    public ObjectNode update(ObjectNode object) {
        throw readOnly();
    }

    @Override
    public ObjectNode updateStatus(ObjectNode object) {
        throw readOnly();
    }

    @Override
    public @Nullable ObjectNode edit(ResourceKey key, UnaryOperator<@Nullable ObjectNode> change) {
        throw readOnly();
    }

    @Override
    public @Nullable ObjectNode editStatus(
            ResourceKey key, UnaryOperator<@Nullable ObjectNode> change) {
        throw readOnly();
    }

    @Override
    public @Nullable ObjectNode bind(ResourceKey pod, String node, String scheduledTime) {
        throw readOnly();
    }

    @Override
    public void delete(ResourceKey key) {
        throw readOnly();
    }

    @Override
    public ObjectNode mergePatch(ResourceKey key, JsonNode patch) {
        throw readOnly();
    }

    @Override
    public void close() {
        for (Watched kind : watched.values()) {
            SharedIndexInformer<GenericKubernetesResource> running = kind.informer;
            if (running != null) {
                running.close();
            }
            List.copyOf(kind.streams).forEach(Stream::close);
        }
    }
}
