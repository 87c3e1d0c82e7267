package dev.meshdojo.simulator.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.discovery.ServerVersion;
import dev.meshdojo.simulator.apiserver.model.KindDefinition;
import dev.meshdojo.simulator.apiserver.model.KubernetesTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes OpenAPI documents of given resources. Thread-safe. */
final class OpenApiDocuments {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> ALWAYS =
            List.of(
                    CommonDefinitions.META + "Status",
                    CommonDefinitions.META + "DeleteOptions",
                    CommonDefinitions.META + "Patch",
                    CommonDefinitions.META + "WatchEvent",
                    CommonDefinitions.OBJECT_META,
                    CommonDefinitions.LIST_META);

    private final KubernetesTypes types;
    private final CustomSchemas custom;

    OpenApiDocuments(KubernetesTypes types, ResourceApi api) {
        this.types = types;
        this.custom = new CustomSchemas(api);
    }

    /** The OpenAPI v3 document of one group and version. */
    ObjectNode v3(String group, String version, Collection<ResourceDefinition> resources) {
        ObjectNode document = JSON.objectNode().put("openapi", "3.0.0");
        document.set("info", info());
        ObjectNode paths = document.putObject("paths");
        Map<String, ObjectNode> schemas = new TreeMap<>();
        List<String> builtIn = new ArrayList<>(ALWAYS);
        for (KindDefinition kind : types.kinds()) {
            if (kind.group().equals(group) && kind.version().equals(version)) {
                builtIn.add(kind.definition());
            }
        }
        addResources(paths, schemas, builtIn, resources, version, Dialect.V3);
        schemas.putAll(new BuiltInSchemas(types, Dialect.V3).closure(builtIn));
        setSorted(document.putObject("components").putObject("schemas"), schemas);
        return document;
    }

    /** The OpenAPI v2 document of everything. */
    ObjectNode v2(Collection<ResourceDefinition> resources) {
        ObjectNode document = JSON.objectNode().put("swagger", "2.0");
        document.set("info", info());
        ObjectNode paths = document.putObject("paths");
        Map<String, ObjectNode> schemas = new TreeMap<>();
        List<String> builtIn = new ArrayList<>(ALWAYS);
        types.kinds().forEach(kind -> builtIn.add(kind.definition()));
        for (ResourceDefinition resource : resources) {
            for (ResourceDefinition.Version version : resource.versions()) {
                if (version.served()) {
                    addResources(
                            paths, schemas, builtIn, List.of(resource), version.name(), Dialect.V2);
                }
            }
        }
        schemas.putAll(new BuiltInSchemas(types, Dialect.V2).closure(builtIn));
        setSorted(document.putObject("definitions"), schemas);
        return document;
    }

    /** A document of a path that is no group and version: only which paths there are. */
    ObjectNode plain(String path) {
        ObjectNode document = JSON.objectNode().put("openapi", "3.0.0");
        document.set("info", info());
        ObjectNode get = document.putObject("paths").putObject("/" + path + "/").putObject("get");
        get.put("description", "get " + path);
        get.putObject("responses").putObject("200").put("description", "OK");
        return document;
    }

    /** What identifies the state of custom schemas. */
    String state(ResourceDefinition resource) {
        return resource.custom() ? custom.state(resource) : "";
    }

    private void addResources(
            ObjectNode paths,
            Map<String, ObjectNode> schemas,
            List<String> builtIn,
            Collection<ResourceDefinition> resources,
            String version,
            Dialect dialect) {
        Operations operations = new Operations(dialect);
        for (ResourceDefinition resource : resources) {
            String name;
            if (resource.custom()) {
                name = CustomSchemas.definitionName(resource, version);
                schemas.putAll(custom.of(resource, version, dialect));
            } else {
                name = builtInName(resource, version);
                builtIn.add(name);
            }
            operations.add(paths, resource, version, name);
        }
    }

    private String builtInName(ResourceDefinition resource, String version) {
        for (KindDefinition kind : types.kinds()) {
            if (kind.kind().equals(resource.kind())
                    && kind.group().equals(resource.group())
                    && kind.version().equals(version)) {
                return kind.definition();
            }
        }
        return CommonDefinitions.META + "Status";
    }

    private static ObjectNode info() {
        return JSON.objectNode().put("title", "Kubernetes").put("version", ServerVersion.RELEASE);
    }

    private static void setSorted(ObjectNode target, Map<String, ObjectNode> schemas) {
        schemas.forEach(target::set);
    }
}
