package dev.meshdojo.simulator.apiserver.builtin;

import static dev.meshdojo.simulator.apiserver.builtin.Fill.absent;
import static dev.meshdojo.simulator.apiserver.builtin.Fill.each;
import static dev.meshdojo.simulator.apiserver.builtin.Fill.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The defaults of pod specs, alone and in templates. */
final class PodDefaults {

    private static final int DEFAULT_MODE = 420;

    private PodDefaults() {}

    /** Fills in a pod's own spec: limits double as requests there, but not in templates. */
    static void pod(ObjectNode pod) {
        if (pod.get("spec") instanceof ObjectNode spec) {
            for (String list : List.of("containers", "initContainers")) {
                each(spec, list, PodDefaults::requestsFromLimits);
            }
            spec(spec);
            absent(spec, "enableServiceLinks", true);
        }
    }

    /** Fills in the template below a path such as {@code spec}. */
    static void template(ObjectNode owner) {
        if (owner.get("template") instanceof ObjectNode template
                && template.get("spec") instanceof ObjectNode spec) {
            spec(spec);
        }
    }

    private static void spec(ObjectNode spec) {
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            each(spec, list, container -> container(container, spec));
        }
        each(spec, "volumes", PodDefaults::volume);
        absent(spec, "restartPolicy", "Always");
        absent(spec, "terminationGracePeriodSeconds", 30);
        absent(spec, "dnsPolicy", "ClusterFirst");
        if (!spec.has("securityContext")) {
            spec.putObject("securityContext");
        }
        absent(spec, "schedulerName", "default-scheduler");
        each(
                spec,
                "topologySpreadConstraints",
                constraint -> absent(constraint, "whenUnsatisfiable", "DoNotSchedule"));
        JsonNode account = spec.get("serviceAccountName");
        if (account != null && !account.asText().isEmpty()) {
            spec.set("serviceAccount", account);
        } else if (spec.path("serviceAccount").isTextual()) {
            spec.set("serviceAccountName", spec.get("serviceAccount"));
        }
    }

    private static void requestsFromLimits(ObjectNode container) {
        JsonNode limits = container.path("resources").path("limits");
        if (limits.isObject() && container.get("resources") instanceof ObjectNode resources) {
            ObjectNode requests = object(resources, "requests");
            limits.properties()
                    .forEach(limit -> requests.putIfAbsent(limit.getKey(), limit.getValue()));
            if (requests.isEmpty()) {
                resources.remove("requests");
            }
        }
    }

    private static void container(ObjectNode container, ObjectNode spec) {
        boolean hostNetwork = spec.path("hostNetwork").asBoolean();
        each(
                container,
                "ports",
                port -> {
                    absent(port, "protocol", "TCP");
                    if (hostNetwork && port.path("hostPort").asInt() == 0) {
                        port.set("hostPort", port.path("containerPort"));
                    }
                });
        each(
                container,
                "env",
                variable -> {
                    if (variable.path("valueFrom").get("fieldRef") instanceof ObjectNode field) {
                        absent(field, "apiVersion", "v1");
                    }
                });
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof ObjectNode found) {
                probe(found);
            }
        }
        for (String hook : List.of("postStart", "preStop")) {
            if (container.path("lifecycle").path(hook).get("httpGet")
                    instanceof ObjectNode httpGet) {
                httpGet(httpGet);
            }
        }
        absent(container, "terminationMessagePath", "/dev/termination-log");
        absent(container, "terminationMessagePolicy", "File");
        absent(container, "imagePullPolicy", pullPolicy(container.path("image").asText("")));
    }

    /** Always for {@code :latest} and for images without a tag, not for what is no image name. */
    private static String pullPolicy(String image) {
        return ImageName.isLatest(image) ? "Always" : "IfNotPresent";
    }

    private static void probe(ObjectNode probe) {
        if (probe.get("httpGet") instanceof ObjectNode httpGet) {
            httpGet(httpGet);
        }
        if (probe.get("grpc") instanceof ObjectNode grpc) {
            absent(grpc, "service", "");
        }
        positive(probe, "timeoutSeconds", 1);
        positive(probe, "periodSeconds", 10);
        positive(probe, "successThreshold", 1);
        positive(probe, "failureThreshold", 3);
    }

    private static void positive(ObjectNode object, String field, int value) {
        if (object.path(field).asInt(0) == 0) {
            object.put(field, value);
        }
    }

    private static void httpGet(ObjectNode action) {
        absent(action, "path", "/");
        absent(action, "scheme", "HTTP");
    }

    private static void volume(ObjectNode volume) {
        boolean sourced =
                volume.properties().stream()
                        .anyMatch(
                                field ->
                                        !field.getKey().equals("name")
                                                && !field.getValue().isNull());
        if (!sourced) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            if (volume.get(source) instanceof ObjectNode found) {
                absent(found, "defaultMode", DEFAULT_MODE);
            }
        }
        fieldRefs(volume.path("downwardAPI").path("items"));
        if (volume.get("projected") instanceof ObjectNode projected) {
            each(
                    projected,
                    "sources",
                    source -> {
                        fieldRefs(source.path("downwardAPI").path("items"));
                        if (source.get("serviceAccountToken") instanceof ObjectNode token) {
                            absent(token, "expirationSeconds", 3600);
                        }
                    });
        }
        if (volume.path("ephemeral").path("volumeClaimTemplate").get("spec")
                instanceof ObjectNode claim) {
            StorageDefaults.claim(claim);
        }
        if (volume.get("hostPath") instanceof ObjectNode hostPath) {
            absent(hostPath, "type", "");
        }
    }

    private static void fieldRefs(JsonNode items) {
        for (JsonNode item : items) {
            if (item.get("fieldRef") instanceof ObjectNode field) {
                absent(field, "apiVersion", "v1");
            }
        }
    }
}
