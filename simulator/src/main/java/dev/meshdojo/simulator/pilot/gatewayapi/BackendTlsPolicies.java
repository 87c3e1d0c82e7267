package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * BackendTLSPolicies: the DestinationRules they amount to, and what became of each target.
 *
 * @param destinationRules one for each host that some policy is for
 * @param policies each policy with its targets
 */
record BackendTlsPolicies(List<KubeObject> destinationRules, List<Policy> policies) {

    private static final String IGNORE = "istio.io/ignore-policy-attachment";
    private static final Comparator<Applied> BY_AGE =
            Comparator.comparing((Applied one) -> one.policy.created())
                    .thenComparing(one -> one.policy.namespace())
                    .thenComparing(one -> one.policy.name());

    /**
     * A policy.
     *
     * @param policy the policy
     * @param ancestors what to report of it, by whom
     */
    record Policy(KubeObject policy, List<Ancestor> ancestors) {}

    /**
     * What a status says of one thing that a policy matters to.
     *
     * @param reference what it matters to, as a {@code parentRef}
     * @param controller who says so
     * @param conditions what is said
     */
    record Ancestor(ObjectNode reference, String controller, List<Condition> conditions) {}

    private record Target(String kind, KubeObject object, List<String> hosts) {
        String key() {
            return kind + "/" + object.key();
        }
    }

    private record Applied(
            KubeObject policy, Target target, String host, String section, ObjectNode tls) {}

    private record Found(@Nullable Target target, @Nullable String problem) {}

    static BackendTlsPolicies of(
            World world, List<KubeObject> objects, List<RouteConversion> routes) {
        if (objects.isEmpty()) {
            return new BackendTlsPolicies(List.of(), List.of());
        }
        List<KubeObject> active = objects.stream().filter(object -> !ignored(object)).toList();
        Map<String, Set<ParentKey>> gateways = gateways(routes);
        List<Policy> policies = new ArrayList<>();
        List<Applied> applied = new ArrayList<>();
        for (KubeObject object : objects) {
            policies.add(
                    ignored(object)
                            ? ignoredPolicy(object)
                            : new Translation(world, object, active, gateways).translate(applied));
        }
        return new BackendTlsPolicies(destinationRules(applied), policies);
    }

    private static boolean ignored(KubeObject policy) {
        return policy.annotations().getOrDefault(IGNORE, "").equalsIgnoreCase("true");
    }

    private static Policy ignoredPolicy(KubeObject policy) {
        List<Ancestor> ancestors = new ArrayList<>();
        for (JsonView target : policy.spec().list("targetRefs")) {
            ancestors.add(
                    new Ancestor(
                            reference(target),
                            PolicyStatus.MESH_CONTROLLER,
                            List.of(
                                    new Condition(
                                            "Accepted",
                                            false,
                                            "IgnoredByIstio",
                                            "Ignored by Istio due to annotation "
                                                    + IGNORE
                                                    + "=true"))));
        }
        return new Policy(policy, ancestors);
    }

    private static ObjectNode reference(JsonView target) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (String field : List.of("group", "kind", "name", "sectionName")) {
            if (target.has(field)) {
                out.put(field, target.text(field));
            }
        }
        return out;
    }

    /** The Gateways whose routes lead to each backend, as {@code kind/namespace/name}. */
    private static Map<String, Set<ParentKey>> gateways(List<RouteConversion> routes) {
        Map<String, Set<ParentKey>> out = new LinkedHashMap<>();
        for (RouteConversion conversion : routes) {
            KubeObject route = conversion.route();
            Set<ParentKey> owners = new LinkedHashSet<>();
            for (JsonView reference : route.spec().list("parentRefs")) {
                ParentKey key = ParentKey.of(reference, route.namespace());
                if (key != null && key.kind().equals("Gateway")) {
                    owners.add(key);
                }
            }
            for (JsonView rule : route.spec().list("rules")) {
                for (JsonView backend : rule.list("backendRefs")) {
                    String kind = backend.text("kind");
                    String namespace = backend.text("namespace");
                    String key =
                            (kind.isEmpty() ? "Service" : kind)
                                    + "/"
                                    + (namespace.isEmpty() ? route.namespace() : namespace)
                                    + "/"
                                    + backend.text("name");
                    out.computeIfAbsent(key, k -> new LinkedHashSet<>()).addAll(owners);
                }
            }
        }
        return out;
    }

    private static List<KubeObject> destinationRules(List<Applied> applied) {
        Map<String, List<Applied>> byHost = new TreeMap<>();
        for (Applied one : applied) {
            byHost.computeIfAbsent(one.target.key() + "/" + one.host, key -> new ArrayList<>())
                    .add(one);
        }
        List<KubeObject> out = new ArrayList<>();
        byHost.values().forEach(parts -> out.add(destinationRule(parts)));
        return out;
    }

    private static KubeObject destinationRule(List<Applied> parts) {
        parts.sort(BY_AGE);
        Applied first = parts.getFirst();
        KubeObject target = first.target.object;
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "networking.istio.io/v1").put("kind", "DestinationRule");
        String infix =
                first.target.kind.equals("ServiceEntry")
                        ? "~" + first.host.replace('.', '-') + "~"
                        : "~";
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("namespace", target.namespace())
                .put("name", target.name() + infix + ListenerConversion.SUFFIX);
        Set<String> parents = new LinkedHashSet<>();
        Map<String, ObjectNode> sections = new LinkedHashMap<>();
        ObjectNode everywhere = null;
        for (Applied part : parts) {
            if (!part.section.isEmpty()) {
                sections.putIfAbsent(part.section, part.tls);
            } else if (everywhere == null) {
                everywhere = part.tls;
            } else {
                continue;
            }
            parents.add("BackendTLSPolicy/" + part.policy.namespace() + "." + part.policy.name());
        }
        metadata.putObject("annotations").put(VirtualService.PARENTS, String.join(",", parents));
        ObjectNode spec = object.putObject("spec").put("host", first.host);
        ObjectNode policy = spec.putObject("trafficPolicy");
        if (everywhere != null) {
            policy.set("tls", everywhere);
        }
        if (!sections.isEmpty()) {
            ArrayNode levels = policy.putArray("portLevelSettings");
            sections.forEach(
                    (name, tls) -> {
                        ObjectNode level = levels.addObject();
                        level.putObject("port").put("number", port(target, name));
                        level.set("tls", tls);
                    });
        }
        return KubeObject.of(object);
    }

    private static int port(KubeObject target, String name) {
        for (JsonView port : target.spec().list("ports")) {
            if (port.text("name").equals(name)) {
                return port.has("number") ? port.integer("number") : port.integer("port");
            }
        }
        return 0;
    }

    /** One policy being read. */
    private record Translation(
            World world,
            KubeObject policy,
            List<KubeObject> active,
            Map<String, Set<ParentKey>> gateways) {

        Policy translate(List<Applied> applied) {
            JsonView validation = policy.spec().at("validation");
            BackendAuthority authority = BackendAuthority.of(world, policy.namespace(), validation);
            ObjectNode tls = tls(validation, authority.credential());
            List<Ancestor> ancestors = new ArrayList<>();
            Set<ParentKey> owners = new LinkedHashSet<>();
            // A complaint about one target is repeated for those after it, as Istio does it.
            Condition accepted = authority.accepted();
            for (JsonView written : policy.spec().list("targetRefs")) {
                Found found = target(written);
                Target target = found.target;
                if (target == null) {
                    accepted =
                            new Condition(
                                    "Accepted",
                                    false,
                                    "TargetNotFound",
                                    "targetRefs invalid: " + found.problem);
                } else {
                    String rival = rival(written);
                    if (rival != null) {
                        accepted =
                                new Condition(
                                        "Accepted",
                                        false,
                                        "Conflicted",
                                        "Conflicts with BackendTLSPolicy \""
                                                + rival
                                                + "\" targeting the same backend");
                    } else {
                        for (String host : target.hosts) {
                            String section = written.text("sectionName");
                            applied.add(new Applied(policy, target, host, section, tls));
                        }
                    }
                    owners.addAll(gateways.getOrDefault(target.key(), Set.of()));
                }
                ancestors.add(
                        new Ancestor(
                                reference(written),
                                PolicyStatus.MESH_CONTROLLER,
                                List.of(accepted, authority.resolved())));
            }
            Condition last = accepted;
            owners.stream()
                    .sorted(
                            Comparator.comparing(
                                    (ParentKey key) -> key.namespace() + "/" + key.name()))
                    .map(key -> gateway(key.name(), List.of(last, authority.resolved())))
                    .forEach(ancestors::add);
            return new Policy(policy, ancestors);
        }

        private static Ancestor gateway(String name, List<Condition> conditions) {
            ObjectNode reference = JsonNodeFactory.instance.objectNode();
            reference.put("group", Grants.GROUP).put("kind", "Gateway").put("name", name);
            return new Ancestor(reference, GatewayApi.CONTROLLER, conditions);
        }

        private static ObjectNode tls(JsonView validation, String credential) {
            ObjectNode out = JsonNodeFactory.instance.objectNode();
            out.put("mode", "SIMPLE").put("sni", validation.text("hostname"));
            List<JsonView> names = validation.list("subjectAltNames");
            if (!names.isEmpty()) {
                ArrayNode list = out.putArray("subjectAltNames");
                for (JsonView name : names) {
                    list.add(name.text(name.text("type").equals("URI") ? "uri" : "hostname"));
                }
            }
            if (!credential.isEmpty()) {
                out.put("credentialName", credential);
            }
            return out;
        }

        private Found target(JsonView written) {
            String kind = written.text("kind");
            String name = written.text("name");
            String group = written.text("group");
            String namespace = policy.namespace();
            boolean service = group.isEmpty() && kind.equals("Service");
            boolean entry = group.equals("networking.istio.io") && kind.equals("ServiceEntry");
            boolean other = group.isEmpty() && (kind.equals("ConfigMap") || kind.equals("Secret"));
            if (!service && !entry && !other) {
                return new Found(null, "unsupported kind " + kind);
            }
            KubeObject object =
                    service
                            ? world.service(namespace, name)
                            : entry
                                    ? world.serviceEntry(namespace, name)
                                    : kind.equals("Secret")
                                            ? world.secret(namespace, name)
                                            : world.configMap(namespace, name);
            if (object == null) {
                return new Found(null, BackendAuthority.notFound(namespace, name, kind));
            }
            if (other) {
                return new Found(null, "unsupported reference kind: " + kind);
            }
            String section = written.text("sectionName");
            if (!section.isEmpty() && port(object, section) == 0) {
                return new Found(
                        null,
                        "sectionName \""
                                + section
                                + "\" does not exist in "
                                + kind
                                + " "
                                + object.key());
            }
            return new Found(
                    new Target(
                            kind,
                            object,
                            service
                                    ? List.of(world.hostname(name, namespace))
                                    : object.spec().texts("hosts")),
                    null);
        }

        /** The older policy for the same target, or null. */
        private @Nullable String rival(JsonView written) {
            for (KubeObject other : active) {
                boolean elder =
                        !other.equals(policy)
                                && other.namespace().equals(policy.namespace())
                                && older(other, policy);
                if (elder
                        && other.spec().list("targetRefs").stream()
                                .anyMatch(target -> reference(target).equals(reference(written)))) {
                    return other.name();
                }
            }
            return null;
        }

        private static boolean older(KubeObject a, KubeObject b) {
            int order = a.created().compareTo(b.created());
            return order != 0 ? order < 0 : a.name().compareTo(b.name()) < 0;
        }
    }
}
