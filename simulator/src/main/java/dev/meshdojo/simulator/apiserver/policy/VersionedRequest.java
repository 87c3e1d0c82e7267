package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.UserInfo;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.Scales;
import dev.meshdojo.simulator.apiserver.schema.CelAuthorizer;
import dev.meshdojo.simulator.apiserver.schema.PolicyExpressions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request in the version that a webhook or a policy asked for. Confined to the request's thread.
 *
 * @param request the write
 * @param definition its resource
 * @param type the resource in the wanted version
 */
public record VersionedRequest(
        AdmissionRequest request, ResourceDefinition definition, ResourceType type) {

    /** A request in one of the versions of its resource. */
    public static VersionedRequest of(
            AdmissionRequest request, ResourceType type, ResourceRegistry registry) {
        return new VersionedRequest(
                request, Objects.requireNonNull(registry.find(type.group(), type.plural())), type);
    }

    /** The new state in the wanted version; null for deletions. */
    public @Nullable ObjectNode object() {
        return versioned(request.object(), request.type().version());
    }

    /** The stored state in the wanted version; null for creations. */
    public @Nullable ObjectNode oldObject() {
        ObjectNode old = request.oldObject();
        if (old == null) {
            return null;
        }
        String apiVersion = old.path("apiVersion").asText();
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        return versioned(old, definition.version(version) == null ? type.version() : version);
    }

    private @Nullable ObjectNode versioned(@Nullable ObjectNode object, String from) {
        if (object == null || isPlain()) {
            return object == null ? null : plain(object, from);
        }
        return request.subresource().equals("scale")
                ? Scales.of(object, definition.strategy().scalePaths(type.version()))
                : object;
    }

    private ObjectNode plain(ObjectNode object, String from) {
        ObjectNode converted = ApiCore.convert(definition, object, from, type.version());
        return definition.strategy().encode(converted.deepCopy(), type);
    }

    /** Whether what is sent is the stored kind, not one that a subresource has for itself. */
    public boolean isPlain() {
        return request.subresource().isEmpty()
                || objectKind(type).path("kind").asText().equals(type.kind());
    }

    /** What stands in an AdmissionReview's request besides uid and objects. */
    public ObjectNode describe() {
        ResourceType asked = request.type();
        ObjectNode described = JsonNodeFactory.instance.objectNode();
        described.set("kind", objectKind(type));
        described.set("resource", resource(type));
        if (!request.subresource().isEmpty()) {
            described.put("subResource", request.subresource());
        }
        described.set("requestKind", objectKind(asked));
        described.set("requestResource", resource(asked));
        if (!request.subresource().isEmpty()) {
            described.put("requestSubResource", request.subresource());
        }
        String namespace =
                asked.groupResource().equals("namespaces") ? request.name() : request.namespace();
        if (!request.name().isEmpty()) {
            described.put("name", request.name());
        }
        if (!namespace.isEmpty()) {
            described.put("namespace", namespace);
        }
        described.put("operation", request.operation().name());
        described.set("userInfo", user(request.user()));
        return described;
    }

    private ObjectNode objectKind(ResourceType of) {
        ObjectNode kind = JsonNodeFactory.instance.objectNode();
        ResourceDefinition.Version version = definition.version(of.version());
        ResourceDefinition.Subresource sub =
                version == null ? null : version.subresource(request.subresource());
        return sub != null && !sub.kind().isEmpty() && !sub.kind().equals(of.kind())
                ? kind.put("group", sub.version().isEmpty() ? of.group() : sub.group())
                        .put("version", sub.version().isEmpty() ? of.version() : sub.version())
                        .put("kind", sub.kind())
                : kind.put("group", of.group()).put("version", of.version()).put("kind", of.kind());
    }

    private static ObjectNode resource(ResourceType of) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("group", of.group())
                .put("version", of.version())
                .put("resource", of.plural());
    }

    private static ObjectNode user(UserInfo user) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("username", user.username());
        if (!user.uid().isEmpty()) {
            shown.put("uid", user.uid());
        }
        if (!user.groups().isEmpty()) {
            ArrayNode groups = shown.putArray("groups");
            user.groups().forEach(groups::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = shown.putObject("extra");
            user.extra()
                    .forEach(
                            (key, values) -> {
                                ArrayNode listed = extra.putArray(key);
                                values.forEach(listed::add);
                            });
        }
        return shown;
    }

    /** The variables {@code object}, {@code oldObject} and {@code request} of expressions. */
    public Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        values.put("object", value(object()));
        values.put("oldObject", value(oldObject()));
        ObjectNode described = describe();
        described.put("dryRun", request.dryRun());
        described.set("options", request.options());
        values.put("request", value(described));
        return values;
    }

    /** What a request wants, as the authorizer is asked, without its verb. */
    public static CelAuthorizer.Question question(AdmissionRequest request) {
        return CelAuthorizer.Question.about(
                request.type().group(),
                request.type().plural(),
                request.subresource(),
                request.namespace(),
                request.name());
    }

    static Object value(@Nullable JsonNode node) {
        return PolicyExpressions.value(node == null ? NullNode.getInstance() : node);
    }
}
