package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;

/** A container's environment. */
final class ContainerEnvironment {

    private ContainerEnvironment() {}

    static void write(Description out, JsonNode container, JsonNode pod) {
        if (!container.path("envFrom").isEmpty()) {
            out.line(2, "Environment Variables from:");
            for (JsonNode from : container.path("envFrom")) {
                boolean map = from.has("configMapRef");
                JsonNode reference = map ? from.path("configMapRef") : from.path("secretRef");
                String prefix = from.path("prefix").asText("");
                out.line(
                        3,
                        reference.path("name").asText()
                                + "\t"
                                + (map ? "ConfigMap" : "Secret")
                                + (prefix.isEmpty() ? "" : " with prefix '" + prefix + "'")
                                + "\tOptional: "
                                + reference.path("optional").asBoolean(false));
            }
        }
        out.line(2, "Environment:" + (container.path("env").isEmpty() ? "\t<none>" : ""));
        for (JsonNode variable : container.path("env")) {
            variable(out, variable, container, pod);
        }
    }

    private static void variable(
            Description out, JsonNode variable, JsonNode container, JsonNode pod) {
        String name = variable.path("name").asText();
        JsonNode from = variable.path("valueFrom");
        if (from.isMissingNode()) {
            String[] lines = variable.path("value").asText("").split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                out.line(3, i == 0 ? name + ":\t" + lines[i] : "\t" + lines[i]);
            }
        } else if (from.has("fieldRef")) {
            JsonNode reference = from.path("fieldRef");
            String path = reference.path("fieldPath").asText();
            out.field(
                    3,
                    name,
                    value(pod, path)
                            + " ("
                            + reference.path("apiVersion").asText("")
                            + ":"
                            + path
                            + ")");
        } else if (from.has("resourceFieldRef")) {
            String resource = from.path("resourceFieldRef").path("resource").asText();
            out.field(3, name, resource(container, resource) + " (" + resource + ")");
        } else if (from.has("secretKeyRef")) {
            JsonNode key = from.path("secretKeyRef");
            out.field(
                    3,
                    name,
                    "<set to the key '"
                            + key.path("key").asText()
                            + "' in secret '"
                            + key.path("name").asText()
                            + "'>\tOptional: "
                            + key.path("optional").asBoolean(false));
        } else if (from.has("configMapKeyRef")) {
            JsonNode key = from.path("configMapKeyRef");
            out.field(
                    3,
                    name,
                    "<set to the key '"
                            + key.path("key").asText()
                            + "' of config map '"
                            + key.path("name").asText()
                            + "'>\tOptional: "
                            + key.path("optional").asBoolean(false));
        }
    }

    private static String value(JsonNode pod, String path) {
        if (pod.path("status").isMissingNode()) {
            return "";
        }
        int bracket = path.indexOf("['");
        if (bracket > 0) {
            JsonNode map = pod.at("/" + path.substring(0, bracket).replace('.', '/'));
            return map.path(path.substring(bracket + 2, path.length() - 2)).asText("");
        }
        return pod.at("/" + path.replace('.', '/')).asText("");
    }

    private static String resource(JsonNode container, String resource) {
        String[] parts = resource.split("\\.", 2);
        String value =
                container
                        .path("resources")
                        .path(parts[0])
                        .path(parts.length > 1 ? parts[1] : "")
                        .asText("");
        if (value.isEmpty()) {
            return "node allocatable";
        }
        if (resource.endsWith(".cpu")) {
            return value.endsWith("m")
                    ? String.valueOf((Long.parseLong(value.replace("m", "")) + 999) / 1000)
                    : value;
        }
        return bytes(value);
    }

    private static String bytes(String quantity) {
        String[] units = {"Ki", "Mi", "Gi", "Ti"};
        for (int i = 0; i < units.length; i++) {
            if (quantity.endsWith(units[i])) {
                return String.valueOf(
                        Long.parseLong(quantity.replace(units[i], "")) << (10 * (i + 1)));
            }
        }
        return quantity;
    }
}
