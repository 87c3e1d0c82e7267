package dev.meshdojo.simulator.pilot.listener;

import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.security.Policies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The Telemetry resources in force for a proxy, from the mesh's over its namespace's to its own;
 * later ones go before earlier ones.
 *
 * @param resources their specs in that order
 * @param mesh mesh configuration, for providers
 */
record Telemetries(List<JsonView> resources, MeshConfig mesh) {

    /** What a gateway is in the eyes of {@code match.mode}. */
    private static final String GATEWAY_MODE = "CLIENT";

    private static final String BOTH_MODES = "CLIENT_AND_SERVER";

    /**
     * One provider of access logs.
     *
     * @param disabled whether it is switched off
     * @param filter CEL expression of the requests to log; empty for all
     */
    record Logging(boolean disabled, String filter) {}

    static Telemetries of(MeshModel model, ProxyIdentity proxy) {
        String root = model.mesh().rootNamespace();
        List<KubeObject> all = model.objects("telemetries.telemetry.istio.io").byAge();
        List<JsonView> out = new ArrayList<>();
        wide(all, root, out);
        if (!proxy.namespace().equals(root)) {
            wide(all, proxy.namespace(), out);
        }
        for (KubeObject object : all) {
            if (object.namespace().equals(proxy.namespace())
                    && !wide(object)
                    && Policies.selects(object, proxy, root)) {
                out.add(object.spec());
            }
        }
        return new Telemetries(out, model.mesh());
    }

    /** Only the oldest resource for a whole namespace counts. */
    private static void wide(List<KubeObject> all, String namespace, List<JsonView> out) {
        for (KubeObject object : all) {
            if (object.namespace().equals(namespace) && wide(object)) {
                out.add(object.spec());
                return;
            }
        }
    }

    private static boolean wide(KubeObject object) {
        JsonView spec = object.spec();
        return spec.at("selector").textMap("matchLabels").isEmpty()
                && !spec.has("targetRef")
                && spec.list("targetRefs").isEmpty();
    }

    /** Whether access logging is set here rather than by the mesh's {@code accessLogFile}. */
    boolean setsLogging() {
        return resources.stream().anyMatch(spec -> !spec.list("accessLogging").isEmpty())
                || !defaults("accessLogging").isEmpty();
    }

    /** Providers of access logs by name. */
    Map<String, Logging> logging() {
        List<List<JsonView>> levels =
                resources.stream()
                        .map(spec -> spec.list("accessLogging"))
                        .filter(level -> !level.isEmpty())
                        .toList();
        List<String> inScope = defaults("accessLogging");
        Map<String, Logging> out = new TreeMap<>();
        if (levels.isEmpty()) {
            inScope.forEach(name -> out.put(name, new Logging(false, "")));
            return out;
        }
        Map<String, String> filters = new HashMap<>();
        for (List<JsonView> level : levels) {
            Set<String> names = new LinkedHashSet<>();
            for (JsonView logging : level) {
                if (matches(logging)) {
                    for (String name : providers(logging)) {
                        names.add(name);
                        filters.put(name, logging.at("filter").text("expression"));
                    }
                }
            }
            inScope = names.isEmpty() ? inScope : List.copyOf(names);
        }
        List<String> parents = defaults("accessLogging");
        for (List<JsonView> level : levels) {
            for (JsonView logging : level) {
                List<String> names = providers(logging);
                parents = names.isEmpty() ? parents : names;
                for (String name : parents) {
                    if (inScope.contains(name) && matches(logging)) {
                        out.put(
                                name,
                                logging.flag("disabled")
                                        ? new Logging(true, "")
                                        : new Logging(false, filters.getOrDefault(name, "")));
                    }
                }
            }
        }
        return out;
    }

    /** Whether tracing is set here rather than by the mesh's {@code enableTracing}. */
    boolean setsTracing() {
        return resources.stream().anyMatch(spec -> !spec.list("tracing").isEmpty())
                || !defaults("tracing").isEmpty();
    }

    /** What resources say of tracing, in order, as far as it is meant for gateways. */
    List<JsonView> tracing() {
        List<JsonView> out = new ArrayList<>();
        for (JsonView spec : resources) {
            for (JsonView tracing : spec.list("tracing")) {
                if (matches(tracing)) {
                    out.add(tracing);
                }
            }
        }
        return out;
    }

    /** Names of the mesh's default providers. */
    List<String> defaults(String what) {
        return mesh.view().at("defaultProviders").texts(what);
    }

    /** The providers that one entry names. */
    static List<String> providers(JsonView entry) {
        return entry.list("providers").stream().map(provider -> provider.text("name")).toList();
    }

    private static boolean matches(JsonView entry) {
        String mode = entry.at("match").text("mode");
        return mode.isEmpty() || mode.equals(BOTH_MODES) || mode.equals(GATEWAY_MODE);
    }
}
