package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.object.Quantity;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import dev.meshdojo.simulator.controller.scheduling.PodResources;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what each ResourceQuota's namespace uses. Source: {@code pkg/controller/resourcequota};
 * scopes are not modelled.
 */
public final class QuotaController extends Controller {

    private static final Map<String, String> COUNTED =
            Map.ofEntries(
                    Map.entry("pods", "pods."),
                    Map.entry("count/pods", "pods."),
                    Map.entry("services", "services."),
                    Map.entry("secrets", "secrets."),
                    Map.entry("configmaps", "configmaps."),
                    Map.entry("persistentvolumeclaims", "persistentvolumeclaims."),
                    Map.entry("replicationcontrollers", "replicationcontrollers."),
                    Map.entry("resourcequotas", "resourcequotas."));
    private static final List<String> CORE =
            List.of(
                    "services",
                    "secrets",
                    "configmaps",
                    "persistentvolumeclaims",
                    "replicationcontrollers");
    private static final Map<String, List<String>> GROUPS =
            Map.of(
                    "apps", List.of("deployments", "replicasets", "statefulsets", "daemonsets"),
                    "batch", List.of("jobs", "cronjobs"));

    private final Informer quotas;
    private final Informer pods;

    /** Subscribes; runs once started. */
    public QuotaController(ControllerContext context) {
        super("resourcequota-controller", context);
        this.quotas = context.informer("resourcequotas");
        this.pods = context.informer("pods");
        quotas.onEach(quota -> queue.add(Meta.objectName(quota)));
        watch(pods);
        CORE.forEach(plural -> watch(context.informer(plural)));
        GROUPS.forEach(
                (group, plurals) ->
                        plurals.forEach(plural -> watch(context.informer(group, plural))));
    }

    private void watch(Informer informer) {
        informer.onEach(
                object ->
                        quotas.list(Meta.namespace(object))
                                .forEach(quota -> queue.add(Meta.objectName(quota))));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode quota = quotas.get(target);
        if (quota == null) {
            return;
        }
        ObjectNode status = Fields.object();
        ObjectNode hard = status.putObject("hard");
        ObjectNode used = status.putObject("used");
        Map<String, String> wanted = new LinkedHashMap<>(Fields.strings(quota, "spec", "hard"));
        wanted.forEach(
                (resource, limit) -> {
                    hard.put(resource, limit);
                    String usage = usage(target.namespace(), resource);
                    if (usage != null) {
                        used.put(resource, usage);
                    }
                });
        storeStatus(
                quotas,
                ControllerContext.core("resourcequotas", target.namespace(), target.name()),
                quota,
                status);
    }

    private @Nullable String usage(String namespace, String resource) {
        if (resource.equals("pods")) {
            return Long.toString(live(namespace).size());
        }
        if (resource.startsWith("services.")) {
            String type =
                    resource.equals("services.nodeports")
                            ? "NodePort"
                            : resource.equals("services.loadbalancers") ? "LoadBalancer" : "";
            return Long.toString(
                    context.informer("services").list(namespace).stream()
                            .filter(service -> counts(service, type))
                            .count());
        }
        String counted = COUNTED.get(resource);
        if (counted == null && resource.startsWith("count/")) {
            counted = resource.substring("count/".length());
            counted = counted.contains(".") ? counted : counted + ".";
        }
        if (counted != null) {
            int dot = counted.indexOf('.');
            String group = counted.substring(dot + 1);
            String plural = counted.substring(0, dot);
            if (context.api().type(group, plural) == null) {
                return "0";
            }
            return Integer.toString(
                    context.api().list(group, plural, namespace, "").items().size());
        }
        return sum(namespace, resource);
    }

    private static boolean counts(ObjectNode service, String type) {
        String actual = Fields.text(service, "spec", "type");
        return actual.equals(type) || (type.equals("NodePort") && actual.equals("LoadBalancer"));
    }

    private List<ObjectNode> live(String namespace) {
        return pods.list(namespace).stream().filter(pod -> !Pods.finished(pod)).toList();
    }

    private @Nullable String sum(String namespace, String resource) {
        boolean limits = resource.startsWith("limits.");
        String name = resource.replaceFirst("^(requests|limits)\\.", "");
        boolean cpu = name.equals("cpu");
        if (!cpu && !name.equals("memory") && !name.equals("ephemeral-storage")) {
            return "0";
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (ObjectNode pod : live(namespace)) {
            Map<String, BigDecimal> all =
                    limits ? PodResources.limits(pod) : PodResources.requests(pod);
            sum = sum.add(all.getOrDefault(name, BigDecimal.ZERO));
        }
        return cpu ? Quantity.decimal(sum) : Quantity.binary(sum);
    }
}
