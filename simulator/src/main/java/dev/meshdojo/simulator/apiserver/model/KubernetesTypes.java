package dev.meshdojo.simulator.apiserver.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The types of all built-in kinds as Kubernetes 1.35 documents them: one model for OpenAPI, strict
 * field validation, strategic merge patch and server-side apply.
 *
 * <p>Shapes come from fabric8's model classes by reflection, resolved one definition at a time on
 * first use; what reflection cannot know (required fields, list and patch semantics, formats,
 * enums, fields that fabric8 lacks or has in excess) comes from a facts table beside this class.
 * Immutable to its users and thread-safe; one per JVM is enough.
 */
public final class KubernetesTypes {

    private static final class Shared {
        static final KubernetesTypes INSTANCE = new KubernetesTypes(FactsTable.load());
    }

    private final FactsTable facts;
    private final Map<String, Optional<ObjectType>> types = new ConcurrentHashMap<>();

    private KubernetesTypes(FactsTable facts) {
        this.facts = facts;
    }

    /** The model of this JVM. */
    public static KubernetesTypes shared() {
        return Shared.INSTANCE;
    }

    /** The type of a built-in kind, or null when the kind is none. */
    public @Nullable ObjectType kind(String group, String version, String kind) {
        String definition = facts.definitionOf(group, version, kind);
        return definition == null ? null : find(definition);
    }

    /**
     * A definition that a {@link FieldType.Ref} names.
     *
     * @throws IllegalArgumentException when there is none
     */
    public ObjectType definition(String fullName) {
        ObjectType type = find(fullName);
        if (type == null) {
            throw new IllegalArgumentException(
                    "no definition \"" + fullName + "\" among the built-in types");
        }
        return type;
    }

    /** A definition by its full name, or null when there is none. */
    public @Nullable ObjectType find(String fullName) {
        return types.computeIfAbsent(fullName, this::resolve).orElse(null);
    }

    /** All built-in kinds, in the order of the facts table. */
    public List<KindDefinition> kinds() {
        return facts.kinds();
    }

    private Optional<ObjectType> resolve(String fullName) {
        if (!fullName.startsWith("io.k8s.")) {
            return Optional.empty();
        }
        String shortName = Definitions.shortName(fullName);
        return ModelReflection.read(shortName, facts.of(shortName));
    }
}
