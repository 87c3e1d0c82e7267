package dev.meshdojo.simulator.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.istio.InstallTarget.Kind;
import dev.meshdojo.simulator.istio.operator.Component;
import dev.meshdojo.simulator.istio.operator.OperatorValues;
import dev.meshdojo.simulator.istio.render.ManifestRenderer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Installs, updates and removes Istio as {@code istioctl install} and {@code uninstall} do: merge
 * the input, render each component, apply in the order of dependence, wait until ready, prune what
 * the input no longer asks for.
 *
 * <p>Thread-safe; each call works on its own. CRDs are the API server's own in the in-process
 * cluster; for others the caller passes them.
 */
public final class IstioInstaller {

    private static final String COMPONENT_LABEL = "operator.istio.io/component";
    private static final String MANAGED_LABEL = "operator.istio.io/managed";

    private final InstallTarget target;
    private final IstioRelease release;
    private final List<ObjectNode> crds;

    /**
     * For one cluster.
     *
     * @param crds the CustomResourceDefinitions to install where they are missing
     */
    public IstioInstaller(InstallTarget target, IstioRelease release, List<ObjectNode> crds) {
        this.target = target;
        this.release = release;
        this.crds = List.copyOf(crds);
    }

    /** The input merged, as an installation would follow it. */
    public OperatorValues plan(InstallOptions options) throws InstallException {
        try {
            return OperatorValues.merge(
                    options.files(), options.flags(), release.hub(), release.version());
        } catch (IllegalArgumentException e) {
            throw new InstallException("generate config: " + e.getMessage(), e);
        }
    }

    /** Every object an installation would apply, in order: {@code istioctl manifest generate}. */
    public List<ObjectNode> manifests(InstallOptions options) throws InstallException {
        List<ObjectNode> all = new ArrayList<>();
        render(plan(options)).values().forEach(all::addAll);
        return all;
    }

    private Map<Component, List<ObjectNode>> render(OperatorValues input) {
        ManifestRenderer renderer = new ManifestRenderer(input, release.version());
        Map<Component, List<ObjectNode>> rendered = new EnumMap<>(Component.class);
        for (Component component : Component.values()) {
            List<ObjectNode> objects = renderer.render(component);
            if (!objects.isEmpty()) {
                rendered.put(component, objects);
            }
        }
        return rendered;
    }

    /**
     * Installs or updates.
     *
     * @throws InstallException when input is wrong, an object is refused, or a Deployment does not
     *     become ready in time
     */
    public void install(InstallOptions options, InstallProgress progress)
            throws InstallException, InterruptedException {
        OperatorValues input = plan(options);
        Map<Component, List<ObjectNode>> rendered = render(input);
        if (options.dryRun()) {
            rendered.keySet().forEach(component -> progress.line(installed(component)));
            progress.line("✔ Installation complete");
            return;
        }
        createNamespace(input.namespace());
        for (Component component : List.of(Component.BASE, Component.PILOT)) {
            if (rendered.containsKey(component)) {
                run(Map.of(component, rendered.get(component)), options, progress);
            }
        }
        Map<Component, List<ObjectNode>> gateways = new EnumMap<>(Component.class);
        rendered.forEach(
                (component, objects) -> {
                    if (component.gateway()) {
                        gateways.put(component, objects);
                    }
                });
        if (!gateways.isEmpty()) {
            run(gateways, options, progress);
        }
        progress.status("- Pruning removed resources");
        prune(input, rendered);
        progress.line("✔ Installation complete");
    }

    private static String installed(Component component) {
        return "✔ " + component.title() + " installed " + component.icon();
    }

    private void createNamespace(String name) {
        if (target.find(OwnedKinds.NAMESPACE, "", name) != null) {
            return;
        }
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", name);
        target.apply(namespace);
    }

    /** Applies components side by side, then waits for all of them. */
    private void run(
            Map<Component, List<ObjectNode>> components,
            InstallOptions options,
            InstallProgress progress)
            throws InstallException, InterruptedException {
        String titles =
                components.keySet().stream()
                        .map(Component::title)
                        .sorted()
                        .collect(Collectors.joining(", "));
        progress.status("- Processing resources for " + titles + ".");
        for (Map.Entry<Component, List<ObjectNode>> entry : components.entrySet()) {
            if (entry.getKey() == Component.BASE) {
                applyCrds();
            }
            for (ObjectNode object : entry.getValue()) {
                apply(entry.getKey(), object, progress);
            }
        }
        for (Map.Entry<Component, List<ObjectNode>> entry : components.entrySet()) {
            if (!options.skipWait()) {
                await(entry.getKey(), entry.getValue(), options, progress, titles);
            }
            progress.line(installed(entry.getKey()));
        }
    }

    private void applyCrds() {
        for (ObjectNode crd : crds) {
            String name = crd.path("metadata").path("name").asText();
            if (target.find(OwnedKinds.CRD, "", name) == null) {
                target.apply(crd);
            }
        }
    }

    private void apply(Component component, ObjectNode object, InstallProgress progress)
            throws InstallException {
        JsonNode metadata = object.path("metadata");
        String namespace = metadata.path("namespace").asText("");
        if (!namespace.isEmpty()) {
            createNamespace(namespace);
        }
        try {
            target.apply(object);
        } catch (RuntimeException e) {
            String message =
                    "failed to update resource with server-side apply for obj %s/%s/%s: %s"
                            .formatted(
                                    object.path("kind").asText(),
                                    namespace,
                                    metadata.path("name").asText(),
                                    e.getMessage());
            progress.line("✘ " + component.title() + " encountered an error: " + message);
            throw new InstallException("failed to install manifests: " + message, e);
        }
    }

    private void await(
            Component component,
            List<ObjectNode> objects,
            InstallOptions options,
            InstallProgress progress,
            String titles)
            throws InstallException, InterruptedException {
        for (ObjectNode object : objects) {
            if (!object.path("kind").asText().equals("Deployment")) {
                continue;
            }
            String namespace = object.path("metadata").path("namespace").asText();
            String name = object.path("metadata").path("name").asText();
            String id = "Deployment/" + namespace + "/" + name;
            ObjectNode now = target.find(OwnedKinds.DEPLOYMENT, namespace, name);
            if (now != null && ready(now)) {
                continue;
            }
            progress.status("- Processing resources for " + titles + ". Waiting for " + id);
            Duration limit = options.readinessTimeout();
            if (!target.await(
                    OwnedKinds.DEPLOYMENT, namespace, name, IstioInstaller::ready, limit)) {
                String message =
                        "failed to wait for resource: resources not ready after %s: context deadline exceeded\n  %s"
                                .formatted(spell(limit), id + PodTrouble.of(target, object));
                progress.line("✘ " + component.title() + " encountered an error: " + message);
                throw new InstallException("failed to install manifests: " + message);
            }
        }
    }

    private static boolean ready(JsonNode deployment) {
        JsonNode status = deployment.path("status");
        int wanted = deployment.path("spec").path("replicas").asInt(1);
        return status.path("observedGeneration").asLong()
                        >= deployment.path("metadata").path("generation").asLong()
                && status.path("updatedReplicas").asInt() >= wanted
                && status.path("readyReplicas").asInt() >= wanted;
    }

    /** A duration as Go prints it: {@code 5m0s}. */
    private static String spell(Duration duration) {
        long hours = duration.toHours();
        String text = duration.toMinutesPart() + "m" + duration.toSecondsPart() + "s";
        if (hours > 0) {
            return hours + "h" + text;
        }
        return duration.toMinutes() > 0 ? text : duration.toSecondsPart() + "s";
    }

    private void prune(OperatorValues input, Map<Component, List<ObjectNode>> rendered) {
        Set<String> kept = new HashSet<>();
        rendered.values().forEach(objects -> objects.forEach(object -> kept.add(id(object))));
        String selector =
                "%s=Reconcile,install.operator.istio.io/owning-resource-namespace=%s,istio.io/rev=%s,%s"
                        .formatted(
                                MANAGED_LABEL,
                                input.namespace(),
                                input.revisionLabel(),
                                COMPONENT_LABEL);
        for (Kind kind : OwnedKinds.pruned()) {
            for (ObjectNode object : target.list(kind, selector)) {
                boolean derived = object.path("metadata").has("ownerReferences");
                if (!kept.contains(id(object)) && !derived) {
                    delete(kind, object);
                }
            }
        }
    }

    private static String id(ObjectNode object) {
        return String.join(
                "/",
                object.path("kind").asText(),
                object.path("metadata").path("namespace").asText(""),
                object.path("metadata").path("name").asText());
    }

    private void delete(Kind kind, ObjectNode object) {
        target.delete(
                kind,
                object.path("metadata").path("namespace").asText(""),
                object.path("metadata").path("name").asText());
    }

    /**
     * Removes a control plane and its gateways.
     *
     * @param revision which one; empty with {@code purge} for everything that istioctl ever made
     * @param purge also what all revisions share, and the CRDs
     */
    public void uninstall(String revision, boolean purge, InstallProgress progress)
            throws InstallException {
        if (!purge && revision.isEmpty()) {
            throw new InstallException(
                    "at least one of the --revision (or --set revision=<revision>), --filename or"
                            + " --purge flags must be set");
        }
        String selector =
                purge
                        ? COMPONENT_LABEL
                        : "istio.io/rev=%s,%s in (Pilot,IngressGateways,EgressGateways,Cni,Ztunnel)"
                                .formatted(revision, COMPONENT_LABEL);
        for (Kind kind : purge ? OwnedKinds.purged() : OwnedKinds.pruned()) {
            for (ObjectNode object : target.list(kind, selector)) {
                delete(kind, object);
                progress.line(
                        "  Removed %s/%s, Kind=%s/%s.%s."
                                .formatted(
                                        kind.group(),
                                        kind.version(),
                                        kind.kind(),
                                        object.path("metadata").path("name").asText(),
                                        object.path("metadata").path("namespace").asText("")));
            }
        }
        progress.line("✔ Uninstall complete");
    }
}
