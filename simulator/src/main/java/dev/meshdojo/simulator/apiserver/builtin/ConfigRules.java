package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What Kubernetes demands of ConfigMaps and Secrets. */
final class ConfigRules {

    private static final int LIMIT = 1024 * 1024;
    private static final Map<String, List<String>> REQUIRED =
            Map.of(
                    "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
                    "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
                    "kubernetes.io/dockercfg", List.of(".dockercfg"),
                    "kubernetes.io/ssh-auth", List.of("ssh-privatekey"));

    private ConfigRules() {}

    static void configMap(Check check, ObjectNode map) {
        keys(check, map, "data");
        keys(check, map, "binaryData");
        map.path("data")
                .fieldNames()
                .forEachRemaining(
                        key -> {
                            if (map.path("binaryData").has(key)) {
                                check.invalid(
                                        "data[" + key + "]",
                                        TextNode.valueOf(key),
                                        "duplicate of key present in binaryData");
                            }
                        });
        size(check, map, "");
    }

    static void secret(Check check, ObjectNode secret) {
        keys(check, secret, "data");
        size(check, secret, "data");
        String type = secret.path("type").asText();
        for (String key : REQUIRED.getOrDefault(type, List.of())) {
            if (!secret.path("data").has(key)) {
                check.required("data[" + key + "]", "");
            }
        }
        if (type.equals("kubernetes.io/basic-auth")
                && !secret.path("data").has("username")
                && !secret.path("data").has("password")) {
            check.required("data[username]", "");
            check.required("data[password]", "");
        }
        if (type.equals("kubernetes.io/service-account-token")
                && secret.path("metadata")
                        .path("annotations")
                        .path("kubernetes.io/service-account.name")
                        .asText("")
                        .isEmpty()) {
            check.required("metadata.annotations[kubernetes.io/service-account.name]", "");
        }
    }

    static void frozen(Check check, ObjectNode object, ObjectNode old, List<String> fields) {
        if (!old.path("immutable").asBoolean()) {
            return;
        }
        if (!object.path("immutable").asBoolean()) {
            check.forbidden("immutable", "field is immutable when `immutable` is set");
        }
        for (String field : fields) {
            if (!object.path(field).equals(old.path(field))) {
                check.forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }

    private static void keys(Check check, ObjectNode object, String field) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        object.path(field)
                .properties()
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        sorted.keySet()
                .forEach(key -> check.names(field + "[" + key + "]", key, Names.configKey(key)));
    }

    private static void size(Check check, ObjectNode object, String field) {
        long size = 0;
        for (String part : List.of("data", "binaryData")) {
            for (var entry : object.path(part).properties()) {
                size += entry.getValue().asText().length();
            }
        }
        if (size > LIMIT) {
            check.add(FieldError.tooLong(field, LIMIT));
        }
    }
}
