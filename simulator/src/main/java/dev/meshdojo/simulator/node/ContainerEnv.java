package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.PodIdentity;
import dev.meshdojo.simulator.controller.object.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A container's environment: {@code envFrom}, then {@code env} with its sources, {@code $(NAME)}
 * expanded from what stands before.
 */
final class ContainerEnv {

    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final ObjectNode pod;
    private final ContainerSpec spec;
    private final PodIdentity identity;
    private final PodVolumes sources;
    private final Map<String, String> links;
    private final Map<String, String> values = new LinkedHashMap<>();

    private ContainerEnv(
            ObjectNode pod,
            ContainerSpec spec,
            PodIdentity identity,
            PodVolumes sources,
            Map<String, String> links) {
        this.links = links;
        this.pod = pod;
        this.spec = spec;
        this.identity = identity;
        this.sources = sources;
    }

    /** A reference to something that is not there; the message is the kubelet's. */
    static final class MissingReference extends Exception {
        private static final long serialVersionUID = 1L;

        MissingReference(String message) {
            super(message);
        }
    }

    static Map<String, String> of(
            ObjectNode pod,
            ContainerSpec spec,
            PodIdentity identity,
            PodVolumes sources,
            Map<String, String> links)
            throws MissingReference {
        ContainerEnv env = new ContainerEnv(pod, spec, identity, sources, links);
        env.build();
        return env.values;
    }

    private void build() throws MissingReference {
        values.put("PATH", PATH);
        values.put("HOSTNAME", identity.name());
        values.putAll(links);
        for (ObjectNode from : Fields.objects(spec.json(), "envFrom")) {
            addAll(from);
        }
        for (ObjectNode variable : Fields.objects(spec.json(), "env")) {
            String name = Fields.text(variable, "name");
            String value =
                    Fields.has(variable, "valueFrom")
                            ? from(variable.path("valueFrom"))
                            : expand(Fields.text(variable, "value"), values::get);
            if (value != null) {
                values.put(name, value);
            }
        }
        values.put("HOME", values.getOrDefault("HOME", "/root"));
    }

    private void addAll(JsonNode from) throws MissingReference {
        boolean secret = Fields.has(from, "secretRef");
        JsonNode reference = from.path(secret ? "secretRef" : "configMapRef");
        String name = Fields.text(reference, "name");
        Map<String, byte[]> data = sources.data(secret, name);
        if (data == null) {
            if (!Fields.flag(reference, "optional")) {
                throw missing(secret, name);
            }
            return;
        }
        String prefix = Fields.text(from, "prefix");
        data.forEach((key, value) -> values.put(prefix + key, PodVolumes.text(value)));
    }

    private @Nullable String from(JsonNode source) throws MissingReference {
        if (Fields.has(source, "fieldRef")) {
            return field(Fields.text(source, "fieldRef", "fieldPath"));
        }
        if (Fields.has(source, "resourceFieldRef")) {
            return new DownwardApi(pod, identity.ip())
                    .resource(source.path("resourceFieldRef"), spec.json());
        }
        boolean secret = Fields.has(source, "secretKeyRef");
        JsonNode reference = source.path(secret ? "secretKeyRef" : "configMapKeyRef");
        String name = Fields.text(reference, "name");
        String key = Fields.text(reference, "key");
        Map<String, byte[]> data = sources.data(secret, name);
        byte[] value = data == null ? null : data.get(key);
        if (value != null) {
            return PodVolumes.text(value);
        }
        if (Fields.flag(reference, "optional")) {
            return null;
        }
        throw data == null
                ? missing(secret, name)
                : new MissingReference(
                        "couldn't find key "
                                + key
                                + " in "
                                + (secret ? "Secret " : "ConfigMap ")
                                + identity.namespace()
                                + "/"
                                + name);
    }

    private static MissingReference missing(boolean secret, String name) {
        return new MissingReference(
                (secret ? "secret" : "configmap") + " \"" + name + "\" not found");
    }

    private String field(String path) {
        return switch (path) {
            case "spec.nodeName" -> identity.nodeName();
            case "spec.serviceAccountName" -> identity.serviceAccount();
            default -> new DownwardApi(pod, identity.ip()).field(path);
        };
    }

    /** {@code $(NAME)} replaced where {@code NAME} is known, {@code $$} by {@code $}. */
    static String expand(String text, UnaryOperator<@Nullable String> lookup) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int close = text.indexOf(')', i);
            if (c == '$' && i + 1 < text.length() && text.charAt(i + 1) == '$') {
                out.append('$');
                i++;
            } else if (c == '$' && text.startsWith("$(", i) && close > 0) {
                String value = lookup.apply(text.substring(i + 2, close));
                out.append(value == null ? text.substring(i, close + 1) : value);
                i = close;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** {@link #expand} for a command line. */
    static List<String> expand(List<String> words, Map<String, String> env) {
        List<String> result = new ArrayList<>();
        words.forEach(word -> result.add(expand(word, env::get)));
        return result;
    }
}
