package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apps.ContainerFiles;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A pod's volumes: configMap, secret, downwardAPI, projected and emptyDir; others are empty
 * directories. ConfigMaps and Secrets are read when a file is, so changes show at once.
 */
final class PodVolumes {

    private final ResourceApi api;
    private final ObjectNode pod;
    private final TokenSource tokenSource;
    private final Map<String, NavigableMap<String, byte[]>> emptyDirs = new HashMap<>();
    private final Map<JsonNode, byte[]> tokens = new ConcurrentHashMap<>();

    PodVolumes(ResourceApi api, ObjectNode pod, TokenSource tokenSource) {
        this.api = api;
        this.pod = pod;
        this.tokenSource = tokenSource;
    }

    /** The decoded data of a ConfigMap or Secret of the pod's namespace, or null. */
    @Nullable Map<String, byte[]> data(boolean secret, String name) {
        ObjectNode object =
                api.find(
                        new ResourceKey(
                                "", secret ? "secrets" : "configmaps", Meta.namespace(pod), name));
        if (object == null) {
            return null;
        }
        Map<String, byte[]> data = new TreeMap<>();
        Fields.strings(object, "data")
                .forEach(
                        (key, value) ->
                                data.put(
                                        key,
                                        secret
                                                ? Base64.getDecoder().decode(value)
                                                : value.getBytes(StandardCharsets.UTF_8)));
        Fields.strings(object, "binaryData")
                .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        return data;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The first volume that cannot be mounted, as the kubelet says it; null when all can. */
    @Nullable String unmountable() {
        for (ObjectNode volume : Fields.objects(pod, "spec", "volumes")) {
            String name = Fields.text(volume, "name");
            String missing = missing(false, volume.path("configMap"), "name");
            missing =
                    missing == null ? missing(true, volume.path("secret"), "secretName") : missing;
            for (ObjectNode source : Fields.objects(volume, "projected", "sources")) {
                missing =
                        missing == null
                                ? missing(false, source.path("configMap"), "name")
                                : missing;
                missing = missing == null ? missing(true, source.path("secret"), "name") : missing;
            }
            if (missing != null) {
                return "MountVolume.SetUp failed for volume \"" + name + "\" : " + missing;
            }
        }
        return null;
    }

    private @Nullable String missing(boolean secret, JsonNode source, String field) {
        String name = Fields.text(source, field);
        if (name.isEmpty() || Fields.flag(source, "optional") || name.equals("kube-root-ca.crt")) {
            return null;
        }
        Map<String, byte[]> data = data(secret, name);
        if (data == null) {
            return (secret ? "secret" : "configmap") + " \"" + name + "\" not found";
        }
        for (ObjectNode item : Fields.objects(source, "items")) {
            String key = Fields.text(item, "key");
            if (!data.containsKey(key)) {
                return secret
                        ? "references non-existent secret key: " + key
                        : "configmap references non-existent config key: " + key;
            }
        }
        return null;
    }

    /**
     * Mounts what a container asks for.
     *
     * @param env what {@code subPathExpr} may name
     */
    void mount(ContainerSpec container, ContainerFiles files, Map<String, String> env) {
        Map<String, ObjectNode> volumes = new HashMap<>();
        Fields.objects(pod, "spec", "volumes")
                .forEach(volume -> volumes.put(Fields.text(volume, "name"), volume));
        for (ObjectNode mount : Fields.objects(container.json(), "volumeMounts")) {
            ObjectNode volume = volumes.get(Fields.text(mount, "name"));
            if (volume == null) {
                continue;
            }
            String path = Fields.text(mount, "mountPath");
            String expression = Fields.text(mount, "subPathExpr");
            String subPath =
                    expression.isEmpty()
                            ? Fields.text(mount, "subPath")
                            : ContainerEnv.expand(expression, env::get);
            if (subPath.isEmpty() && isDirectory(volume)) {
                files.mountShared(path, emptyDir(Fields.text(volume, "name")));
                continue;
            }
            files.mount(
                    path,
                    () -> subPath.isEmpty() ? content(volume) : under(content(volume), subPath));
        }
    }

    private static boolean isDirectory(JsonNode volume) {
        return !Fields.has(volume, "configMap")
                && !Fields.has(volume, "secret")
                && !Fields.has(volume, "downwardAPI")
                && !Fields.has(volume, "projected");
    }

    private static NavigableMap<String, byte[]> under(
            NavigableMap<String, byte[]> content, String subPath) {
        NavigableMap<String, byte[]> result = new TreeMap<>();
        content.forEach(
                (path, bytes) -> {
                    if (path.equals(subPath)) {
                        result.put("", bytes);
                    } else if (path.startsWith(subPath + "/")) {
                        result.put(path.substring(subPath.length() + 1), bytes);
                    }
                });
        return result;
    }

    private NavigableMap<String, byte[]> content(JsonNode volume) {
        NavigableMap<String, byte[]> files = new TreeMap<>();
        if (Fields.has(volume, "configMap")) {
            addKeys(files, false, volume.path("configMap"), "name");
        } else if (Fields.has(volume, "secret")) {
            addKeys(files, true, volume.path("secret"), "secretName");
        } else if (Fields.has(volume, "downwardAPI")) {
            addFields(files, volume.path("downwardAPI"));
        } else if (Fields.has(volume, "projected")) {
            for (ObjectNode source : Fields.objects(volume, "projected", "sources")) {
                addKeys(files, false, source.path("configMap"), "name");
                addKeys(files, true, source.path("secret"), "name");
                addFields(files, source.path("downwardAPI"));
                addToken(files, source.path("serviceAccountToken"));
            }
        } else {
            return emptyDir(Fields.text(volume, "name"));
        }
        return files;
    }

    private synchronized NavigableMap<String, byte[]> emptyDir(String name) {
        return emptyDirs.computeIfAbsent(name, n -> new ConcurrentSkipListMap<>());
    }

    private void addKeys(
            NavigableMap<String, byte[]> files, boolean secret, JsonNode source, String field) {
        String name = Fields.text(source, field);
        Map<String, byte[]> data = name.isEmpty() ? null : data(secret, name);
        if (data == null) {
            return;
        }
        if (!Fields.has(source, "items")) {
            files.putAll(data);
            return;
        }
        for (ObjectNode item : Fields.objects(source, "items")) {
            byte[] value = data.get(Fields.text(item, "key"));
            if (value != null) {
                files.put(Fields.text(item, "path"), value);
            }
        }
    }

    private void addToken(NavigableMap<String, byte[]> files, JsonNode source) {
        String path = Fields.text(source, "path");
        if (path.isEmpty()) {
            return;
        }
        byte[] token = tokens.computeIfAbsent(source, this::token);
        if (token.length > 0) {
            files.put(path, token);
        }
    }

    private byte[] token(JsonNode source) {
        String audience = Fields.text(source, "audience");
        String token =
                tokenSource.token(
                        new TokenSource.Holder(
                                Meta.namespace(pod),
                                Fields.text(pod, "spec", "serviceAccountName"),
                                Meta.name(pod),
                                Meta.uid(pod),
                                Fields.text(pod, "spec", "nodeName")),
                        Duration.ofSeconds(Fields.number(3600, source, "expirationSeconds")),
                        audience.isEmpty() ? List.of() : List.of(audience));
        return token == null ? new byte[0] : token.getBytes(StandardCharsets.UTF_8);
    }

    private void addFields(NavigableMap<String, byte[]> files, JsonNode source) {
        for (ObjectNode item : Fields.objects(source, "items")) {
            DownwardApi known = new DownwardApi(pod, Fields.text(pod, "status", "podIP"));
            String value =
                    Fields.has(item, "resourceFieldRef")
                            ? known.resource(item.path("resourceFieldRef"), Fields.object())
                            : known.field(Fields.text(item, "fieldRef", "fieldPath"));
            files.put(Fields.text(item, "path"), value.getBytes(StandardCharsets.UTF_8));
        }
    }
}
