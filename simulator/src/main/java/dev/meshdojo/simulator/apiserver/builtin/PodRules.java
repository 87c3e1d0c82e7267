package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What Kubernetes demands of pod specs. */
final class PodRules {

    private static final List<String> RESTART = List.of("Always", "OnFailure", "Never");
    private static final Pattern ENV_NAME = Pattern.compile("[ -<>-~]+");
    private static final List<String> HANDLERS =
            List.of("exec", "httpGet", "tcpSocket", "grpc", "sleep");
    private static final String UPDATE_RULE =
            "pod updates may not change fields other than"
                    + " `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
                    + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1"
                    + " if it was previously negative)";

    private PodRules() {}

    static void validate(Check check, JsonNode spec, String path) {
        Set<String> volumes = volumes(check, spec, path);
        JsonNode containers = spec.path("containers");
        if (containers.isEmpty()) {
            check.required(path + ".containers", "");
        }
        Set<String> names = new HashSet<>();
        containers(check, containers, path + ".containers", names, volumes);
        containers(check, spec.path("initContainers"), path + ".initContainers", names, volumes);
        if (!RESTART.contains(spec.path("restartPolicy").asText())) {
            check.add(
                    FieldError.notSupported(
                            path + ".restartPolicy", spec.path("restartPolicy"), RESTART));
        }
        check.oneOf(
                path + ".dnsPolicy",
                spec.path("dnsPolicy"),
                List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"));
        spec.path("nodeSelector")
                .properties()
                .forEach(
                        label ->
                                check.names(
                                        path + ".nodeSelector",
                                        label.getValue().asText(),
                                        Names.labelValue(label.getValue().asText())));
        check.nonNegative(
                path + ".terminationGracePeriodSeconds",
                spec.path("terminationGracePeriodSeconds"));
        String account = spec.path("serviceAccountName").asText("");
        if (!account.isEmpty()) {
            check.names(path + ".serviceAccountName", account, Names.subdomain(account, false));
        }
        JsonNode deadline = spec.path("activeDeadlineSeconds");
        if (deadline.isNumber() && (deadline.asLong() < 1 || deadline.asLong() > 2147483647L)) {
            check.invalid(
                    path + ".activeDeadlineSeconds",
                    deadline,
                    "must be between 1 and 2147483647, inclusive");
        }
    }

    private static Set<String> volumes(Check check, JsonNode spec, String path) {
        Set<String> names = new HashSet<>();
        int index = 0;
        for (JsonNode volume : spec.path("volumes")) {
            String at = path + ".volumes[" + index++ + "]";
            String name = volume.path("name").asText("");
            if (name.isEmpty()) {
                check.required(at + ".name", "");
            } else {
                check.names(at + ".name", name, Names.label(name, false));
            }
            if (!names.add(name)) {
                check.add(FieldError.duplicate(at + ".name", TextNode.valueOf(name)));
            }
            if (volume.has("persistentVolumeClaim")
                    && volume.path("persistentVolumeClaim")
                            .path("claimName")
                            .asText("")
                            .isEmpty()) {
                check.required(at + ".persistentVolumeClaim.claimName", "");
            }
            if (volume.has("secret")
                    && volume.path("secret").path("secretName").asText("").isEmpty()) {
                check.required(at + ".secret.secretName", "");
            }
            if (volume.has("configMap")
                    && volume.path("configMap").path("name").asText("").isEmpty()) {
                check.required(at + ".configMap.name", "");
            }
            if (volume.has("hostPath")
                    && volume.path("hostPath").path("path").asText("").isEmpty()) {
                check.required(at + ".hostPath.path", "");
            }
        }
        return names;
    }

    private static void containers(
            Check check, JsonNode list, String path, Set<String> names, Set<String> volumes) {
        int index = 0;
        Set<String> hostPorts = new HashSet<>();
        for (JsonNode container : list) {
            String at = path + "[" + index++ + "]";
            String name = container.path("name").asText("");
            if (name.isEmpty()) {
                check.required(at + ".name", "");
            } else {
                check.names(at + ".name", name, Names.label(name, false));
                if (!names.add(name)) {
                    check.add(FieldError.duplicate(at + ".name", container.path("name")));
                }
            }
            image(check, at + ".image", container.path("image"));
            ports(check, at + ".ports", container.path("ports"), hostPorts);
            environment(check, at + ".env", container.path("env"));
            mounts(check, at + ".volumeMounts", container.path("volumeMounts"), volumes);
            check.oneOf(
                    at + ".imagePullPolicy",
                    container.path("imagePullPolicy"),
                    List.of("Always", "IfNotPresent", "Never"));
            resources(check, at + ".resources", container.path("resources"));
            for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
                if (container.has(probe)) {
                    probe(check, at + "." + probe, container.path(probe));
                }
            }
            JsonNode liveness = container.path("livenessProbe").path("successThreshold");
            if (liveness.isNumber() && liveness.asInt() != 1 && liveness.asInt() > 0) {
                check.invalid(at + ".livenessProbe.successThreshold", liveness, "must be 1");
            }
            for (String hook : List.of("postStart", "preStop")) {
                if (container.path("lifecycle").has(hook)) {
                    handler(
                            check,
                            at + ".lifecycle." + hook,
                            container.path("lifecycle").path(hook));
                }
            }
            check.oneOf(
                    at + ".terminationMessagePolicy",
                    container.path("terminationMessagePolicy"),
                    List.of("FallbackToLogsOnError", "File"));
        }
    }

    static void image(Check check, String path, JsonNode image) {
        String text = image.asText("");
        if (text.isEmpty()) {
            check.required(path, "");
        } else if (!text.strip().equals(text)) {
            check.invalid(path, image, "must not have leading or trailing whitespace");
        }
    }

    private static void ports(Check check, String path, JsonNode ports, Set<String> hostPorts) {
        Set<String> names = new HashSet<>();
        int index = 0;
        for (JsonNode port : ports) {
            String at = path + "[" + index++ + "]";
            String name = port.path("name").asText("");
            if (!name.isEmpty()) {
                int before = check.errors().size();
                check.portName(at + ".name", port.path("name"));
                if (check.errors().size() == before && !names.add(name)) {
                    check.add(FieldError.duplicate(at + ".name", port.path("name")));
                }
            }
            if (port.path("containerPort").asInt() == 0) {
                check.required(at + ".containerPort", "");
            } else {
                check.port(at + ".containerPort", port.path("containerPort"));
            }
            JsonNode hostPort = port.path("hostPort");
            if (hostPort.asInt() != 0) {
                check.port(at + ".hostPort", hostPort);
                if (!hostPorts.add(
                        port.path("protocol").asText()
                                + "/"
                                + port.path("hostIP").asText("")
                                + "/"
                                + hostPort)) {
                    check.add(FieldError.duplicate(at + ".hostPort", hostPort));
                }
            }
            check.oneOf(at + ".protocol", port.path("protocol"), List.of("SCTP", "TCP", "UDP"));
        }
    }

    private static void environment(Check check, String path, JsonNode variables) {
        int index = 0;
        for (JsonNode variable : variables) {
            String at = path + "[" + index++ + "]";
            String name = variable.path("name").asText("");
            if (name.isEmpty()) {
                check.required(at + ".name", "");
            } else if (!ENV_NAME.matcher(name).matches()) {
                check.invalid(
                        at + ".name",
                        variable.path("name"),
                        "a valid environment variable name must consist only of printable ASCII"
                                + " characters other than '='");
            }
            if (variable.has("valueFrom")) {
                if (variable.path("valueFrom").isEmpty()) {
                    check.invalid(
                            at + ".valueFrom",
                            TextNode.valueOf(""),
                            "must specify one of: `fieldRef`, `resourceFieldRef`,"
                                    + " `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
                } else if (!variable.path("value").asText("").isEmpty()) {
                    check.invalid(
                            at + ".valueFrom",
                            TextNode.valueOf(""),
                            "may not be specified when `value` is not empty");
                }
            }
        }
    }

    private static void mounts(Check check, String path, JsonNode mounts, Set<String> volumes) {
        int index = 0;
        Set<String> paths = new HashSet<>();
        for (JsonNode mount : mounts) {
            String at = path + "[" + index++ + "]";
            String name = mount.path("name").asText("");
            if (name.isEmpty()) {
                check.required(at + ".name", "");
            } else if (!volumes.contains(name)) {
                check.add(FieldError.notFound(at + ".name", mount.path("name")));
            }
            String target = mount.path("mountPath").asText("");
            if (target.isEmpty()) {
                check.required(at + ".mountPath", "");
            }
            if (!paths.add(target)) {
                check.invalid(at + ".mountPath", mount.path("mountPath"), "must be unique");
            }
        }
    }

    private static void resources(Check check, String path, JsonNode resources) {
        JsonNode limits = resources.path("limits");
        limits.properties().forEach(limit -> quantity(check, path + ".limits", limit));
        resources
                .path("requests")
                .properties()
                .forEach(
                        request -> {
                            quantity(check, path + ".requests", request);
                            JsonNode limit = limits.get(request.getKey());
                            if (limit != null
                                    && Quantities.value(request.getValue().asText())
                                                    .compareTo(Quantities.value(limit.asText()))
                                            > 0) {
                                check.invalid(
                                        path + ".requests",
                                        TextNode.valueOf(
                                                Quantities.canonical(request.getValue().asText())),
                                        "must be less than or equal to "
                                                + request.getKey()
                                                + " limit of "
                                                + Quantities.canonical(limit.asText()));
                            }
                        });
    }

    private static void quantity(
            Check check, String path, java.util.Map.Entry<String, JsonNode> value) {
        if (Quantities.value(value.getValue().asText()).signum() < 0) {
            check.invalid(
                    path + "[" + value.getKey() + "]",
                    value.getValue(),
                    "must be greater than or equal to 0");
        }
    }

    private static void probe(Check check, String path, JsonNode probe) {
        handler(check, path, probe);
        for (String field :
                List.of(
                        "initialDelaySeconds",
                        "timeoutSeconds",
                        "periodSeconds",
                        "successThreshold",
                        "failureThreshold")) {
            check.nonNegative(path + "." + field, probe.path(field));
        }
    }

    private static void handler(Check check, String path, JsonNode handler) {
        int found = 0;
        for (String kind : HANDLERS) {
            if (!handler.has(kind)) {
                continue;
            }
            if (found++ > 0) {
                check.forbidden(path + "." + kind, "may not specify more than 1 handler type");
                continue;
            }
            JsonNode action = handler.path(kind);
            switch (kind) {
                case "exec" -> {
                    if (action.path("command").isEmpty()) {
                        check.required(path + ".exec.command", "");
                    }
                }
                case "httpGet" -> {
                    check.portOrName(path + ".httpGet.port", action.path("port"));
                    check.oneOf(
                            path + ".httpGet.scheme",
                            action.path("scheme"),
                            List.of("HTTP", "HTTPS"));
                }
                case "tcpSocket" -> check.portOrName(path + ".tcpSocket.port", action.path("port"));
                case "grpc" -> check.port(path + ".grpc.port", action.path("port"));
                default -> {}
            }
        }
        if (found == 0) {
            check.required(path, "must specify a handler type");
        }
    }

    /** Which of a running pod's fields may change. */
    static void validateUpdate(Check check, ObjectNode pod, ObjectNode old) {
        ObjectNode now = mutable(pod.path("spec"));
        ObjectNode before = mutable(old.path("spec"));
        if (pod.path("spec").path("containers").size()
                != old.path("spec").path("containers").size()) {
            check.forbidden("spec.containers", "pod updates may not add or remove containers");
            return;
        }
        if (!now.equals(before)) {
            check.forbidden("spec", UPDATE_RULE + "\n" + SpecDiff.of(before, now));
        }
    }

    private static ObjectNode mutable(JsonNode spec) {
        ObjectNode copy = spec.deepCopy();
        copy.remove(
                List.of(
                        "activeDeadlineSeconds",
                        "tolerations",
                        "terminationGracePeriodSeconds",
                        "schedulingGates",
                        "ephemeralContainers",
                        "nodeName"));
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : copy.path(list)) {
                ((ObjectNode) container).remove("image");
            }
        }
        return copy;
    }
}
