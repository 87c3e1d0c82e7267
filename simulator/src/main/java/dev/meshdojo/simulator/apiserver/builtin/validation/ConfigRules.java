package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.builtin.GoJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** What Kubernetes demands of ConfigMaps and Secrets. */
final class ConfigRules {

    private static final int LIMIT = 1024 * 1024;
    private static final String FROZEN = "field is immutable when `immutable` is set";
    private static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ConfigRules() {}

    static void configMap(Check check, At map) {
        long size = 0;
        for (var entry : map.get("data").entries().entrySet()) {
            At value = entry.getValue();
            key(check, value, entry.getKey());
            if (map.value().path("binaryData").has(entry.getKey())) {
                check.invalidText(
                        value.path(), entry.getKey(), "duplicate of key present in binaryData");
            }
            size += value.text().getBytes(StandardCharsets.UTF_8).length;
        }
        for (var entry : map.get("binaryData").entries().entrySet()) {
            key(check, entry.getValue(), entry.getKey());
            size += decoded(entry.getValue()).length;
        }
        if (size > LIMIT) {
            check.add(FieldError.tooLong("[]", LIMIT));
        }
    }

    private static void key(Check check, At value, String key) {
        dev.meshdojo.simulator.apiserver.builtin.Names.configKey(key)
                .forEach(problem -> check.invalidText(value.path(), key, problem));
    }

    private static byte[] decoded(At value) {
        try {
            return Base64.getMimeDecoder().decode(value.text());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    static void configMapUpdate(Check check, At map, At old) {
        frozen(check, map, old, List.of("data", "binaryData"));
        configMap(check, map);
    }

    static void secretUpdate(Check check, At secret, At old) {
        check.immutable(secret.get("type"), old.get("type"));
        frozen(check, secret, old, List.of("data"));
        secret(check, secret);
    }

    private static void frozen(Check check, At object, At old, List<String> fields) {
        if (!old.get("immutable").isTrue()) {
            return;
        }
        if (!object.get("immutable").isTrue()) {
            check.forbidden("immutable", FROZEN);
        }
        for (String field : fields) {
            if (!Check.same(object.get(field).value(), old.get(field).value())) {
                check.forbidden(field, FROZEN);
            }
        }
    }

    static void secret(Check check, At secret) {
        At data = secret.get("data");
        long size = 0;
        for (var entry : data.entries().entrySet()) {
            key(check, entry.getValue(), entry.getKey());
            size += decoded(entry.getValue()).length;
        }
        if (size > LIMIT) {
            check.tooLong(data, LIMIT);
        }
        switch (secret.get("type").text()) {
            case "kubernetes.io/service-account-token" -> {
                At account = secret.get("metadata", "annotations").key(ACCOUNT);
                check.requiredText(account, "");
            }
            case "kubernetes.io/dockercfg" -> json(check, data.key(".dockercfg"));
            case "kubernetes.io/dockerconfigjson" -> json(check, data.key(".dockerconfigjson"));
            case "kubernetes.io/basic-auth" -> {
                if (!data.key("username").set() && !data.key("password").set()) {
                    check.required(data.key("username"), "");
                    check.required(data.key("password"), "");
                }
            }
            case "kubernetes.io/ssh-auth" -> check.requiredText(data.key("ssh-privatekey"), "");
            case "kubernetes.io/tls" -> {
                for (String key : List.of("tls.crt", "tls.key")) {
                    if (!data.key(key).set()) {
                        check.required(data.key(key), "");
                    }
                }
            }
            default -> {}
        }
    }

    private static void json(Check check, At value) {
        if (!value.set()) {
            check.required(value, "");
            return;
        }
        String text = new String(decoded(value), StandardCharsets.UTF_8);
        String problem = GoJson.problem(text);
        if (problem == null) {
            try {
                if (!MAPPER.readTree(text).isObject()) {
                    problem = GoJson.notAnObject(MAPPER.readTree(text));
                }
            } catch (JsonProcessingException e) {
                problem = e.getOriginalMessage();
            }
        }
        if (problem != null) {
            check.invalidText(value.path(), "<secret contents redacted>", problem);
        }
    }
}
