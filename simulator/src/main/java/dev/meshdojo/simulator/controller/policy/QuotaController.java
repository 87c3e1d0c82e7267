package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.builtin.Amount;
import dev.meshdojo.simulator.apiserver.quota.ObjectUsage;
import dev.meshdojo.simulator.apiserver.quota.QuotaUsage;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings a new or changed ResourceQuota into force and counts anew when objects come, go or change
 * what they use. Admission has charged what comes before; counting it again mends what was charged
 * for objects that then were not stored. Source: {@code pkg/controller/resourcequota}.
 */
public final class QuotaController extends Controller {

    /** What is counted so often that it is followed from the start. */
    private static final List<String> KINDS =
            List.of(
                    "pods",
                    "services",
                    "secrets",
                    "configmaps",
                    "persistentvolumeclaims",
                    "replicationcontrollers",
                    "deployments.apps",
                    "replicasets.apps",
                    "statefulsets.apps",
                    "daemonsets.apps",
                    "jobs.batch",
                    "cronjobs.batch");

    private static final Set<String> SHRINKING =
            Set.of("pods", "services", "persistentvolumeclaims");

    private final Informer quotas;
    private final Set<String> watched = new HashSet<>();

    /** Subscribes; runs once started. */
    public QuotaController(ControllerContext context) {
        super("resourcequota-controller", context);
        this.quotas = context.informer("resourcequotas");
        quotas.onChange(
                (before, after) -> {
                    if (after == null) {
                        recount(before);
                    } else if (before == null
                            || !after.path("spec")
                                    .path("hard")
                                    .equals(before.path("spec").path("hard"))) {
                        queue.add(Meta.objectName(after));
                    }
                });
        KINDS.forEach(this::watch);
    }

    private Informer watch(String kind) {
        int dot = kind.indexOf('.');
        Informer informer =
                dot < 0
                        ? context.informer(kind)
                        : context.informer(kind.substring(dot + 1), kind.substring(0, dot));
        if (watched.add(kind)) {
            informer.onChange(
                    (before, after) -> {
                        if (before == null || after == null || changed(kind, before, after)) {
                            recount(after == null ? before : after);
                        }
                    });
        }
        return informer;
    }

    private boolean changed(String kind, ObjectNode before, ObjectNode after) {
        return SHRINKING.contains(kind)
                && !ObjectUsage.of(kind, before, context.now())
                        .equals(ObjectUsage.of(kind, after, context.now()));
    }

    private void recount(@Nullable ObjectNode object) {
        if (object != null) {
            quotas.list(Meta.namespace(object)).forEach(quota -> queue.add(Meta.objectName(quota)));
        }
    }

    @Override
    protected void reconcile(ObjectName target) {
        ResourceKey key =
                ControllerContext.core("resourcequotas", target.namespace(), target.name());
        ObjectNode quota = context.api().find(key);
        if (quota == null) {
            return;
        }
        for (String kind : QuotaUsage.kinds(quota)) {
            if (!watched.contains(kind) && served(kind)) {
                watch(kind);
                context.informers().start(name());
            }
        }
        Map<String, Amount> counted =
                QuotaUsage.count(quota, kind -> objects(kind, target.namespace()), context.now());
        ObjectNode status = Fields.object();
        ObjectNode hard = status.putObject("hard");
        ObjectNode used = status.putObject("used");
        Fields.strings(quota, "spec", "hard")
                .forEach(
                        (resource, limit) -> {
                            hard.put(resource, limit);
                            Amount amount = counted.get(resource);
                            if (amount != null) {
                                used.put(resource, amount.toString());
                            }
                        });
        storeStatus(quotas, key, quota, status);
    }

    private boolean served(String kind) {
        int dot = kind.indexOf('.');
        return dot > 0
                && context.api().type(kind.substring(dot + 1), kind.substring(0, dot)) != null;
    }

    private List<ObjectNode> objects(String kind, String namespace) {
        int dot = kind.indexOf('.');
        String group = dot < 0 ? "" : kind.substring(dot + 1);
        String plural = dot < 0 ? kind : kind.substring(0, dot);
        return context.api().type(group, plural) == null
                ? List.of()
                : context.api().list(group, plural, namespace, "").items();
    }
}
