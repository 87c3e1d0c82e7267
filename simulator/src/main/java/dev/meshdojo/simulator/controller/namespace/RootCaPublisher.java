package dev.meshdojo.simulator.controller.namespace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Keeps one ConfigMap with a CA certificate in every namespace: {@code kube-root-ca.crt} for the
 * API server, {@code istio-ca-root-cert} for a mesh. Source: Kubernetes' {@code
 * root-ca-certificate-publisher-controller} and istiod's namespace controller.
 */
public final class RootCaPublisher extends Controller {

    private static final ObjectName ISTIOD = new ObjectName("istio-system", "istiod");

    private final String configMap;
    private final Map<String, String> data;
    private final Map<String, String> labels;
    private final Map<String, String> annotations;
    private final Informer namespaces;
    private final Informer configMaps;
    private final BooleanSupplier wanted;

    private RootCaPublisher(
            String name,
            ControllerContext context,
            String configMap,
            Map<String, String> data,
            Map<String, String> labels,
            Map<String, String> annotations,
            BooleanSupplier wanted) {
        super(name, context);
        this.configMap = configMap;
        this.data = data;
        this.labels = labels;
        this.annotations = annotations;
        this.wanted = wanted;
        this.namespaces = context.informer("namespaces");
        this.configMaps = context.informer("configmaps");
        namespaces.onEach(namespace -> queue.add(new ObjectName("", Meta.name(namespace))));
        configMaps.onEach(
                map -> {
                    if (Meta.name(map).equals(configMap)) {
                        queue.add(new ObjectName("", Meta.namespace(map)));
                    }
                });
    }

    /** Publishes the API server's CA. */
    public static RootCaPublisher ofCluster(ControllerContext context, String caPem) {
        return new RootCaPublisher(
                "root-ca-certificate-publisher-controller",
                context,
                "kube-root-ca.crt",
                Map.of("ca.crt", caPem),
                Map.of(),
                Map.of(
                        "kubernetes.io/description",
                        "Contains a CA bundle that can be used to verify the kube-apiserver when"
                                + " using internal endpoints such as the internal service IP or"
                                + " kubernetes.default.svc. No other usage is guaranteed across"
                                + " distributions of Kubernetes clusters."),
                () -> true);
    }

    /** Publishes a mesh's CA, as long as istiod is there. */
    public static RootCaPublisher ofMesh(ControllerContext context, String caPem) {
        Informer services = context.informer("services");
        RootCaPublisher publisher =
                new RootCaPublisher(
                        "namespace-controller",
                        context,
                        "istio-ca-root-cert",
                        Map.of("root-cert.pem", caPem),
                        Map.of("istio.io/config", "true"),
                        Map.of(),
                        () -> services.get(ISTIOD) != null);
        services.onEach(
                service -> {
                    if (ISTIOD.equals(
                            new ObjectName(Meta.namespace(service), Meta.name(service)))) {
                        publisher
                                .namespaces
                                .list("")
                                .forEach(
                                        namespace ->
                                                publisher.queue.add(
                                                        new ObjectName("", Meta.name(namespace))));
                    }
                });
        return publisher;
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode namespace = namespaces.get(target);
        if (namespace == null || Meta.deleting(namespace) || !wanted.getAsBoolean()) {
            return;
        }
        ObjectNode present = configMaps.get(new ObjectName(target.name(), configMap));
        ObjectNode content = Fields.object(data);
        if (present == null) {
            ObjectNode made = Fields.manifest("v1", "ConfigMap", target.name(), configMap);
            if (!annotations.isEmpty()) {
                Fields.child(made, "metadata").set("annotations", Fields.object(annotations));
            }
            if (!labels.isEmpty()) {
                Fields.child(made, "metadata").set("labels", Fields.object(labels));
            }
            made.set("data", content);
            configMaps.observe(context.api().create(made));
        } else if (!Fields.same(content, present.path("data"))) {
            ObjectNode changed = present.deepCopy();
            changed.set("data", content);
            configMaps.observe(context.api().update(changed));
        }
    }
}
