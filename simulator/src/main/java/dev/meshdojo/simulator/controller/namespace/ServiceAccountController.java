package dev.meshdojo.simulator.controller.namespace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;

/** Keeps the ServiceAccount {@code default} in every namespace. */
public final class ServiceAccountController extends Controller {

    private static final String DEFAULT = "default";

    private final Informer namespaces;
    private final Informer accounts;

    /** Subscribes; runs once started. */
    public ServiceAccountController(ControllerContext context) {
        super("service-account-controller", context);
        this.namespaces = context.informer("namespaces");
        this.accounts = context.informer("serviceaccounts");
        namespaces.onEach(namespace -> queue.add(new ObjectName("", Meta.name(namespace))));
        accounts.onEach(
                account -> {
                    if (Meta.name(account).equals(DEFAULT)) {
                        queue.add(new ObjectName("", Meta.namespace(account)));
                    }
                });
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode namespace = namespaces.get(target);
        if (namespace == null
                || Meta.deleting(namespace)
                || accounts.get(new ObjectName(target.name(), DEFAULT)) != null) {
            return;
        }
        accounts.observe(
                context.api()
                        .create(Fields.manifest("v1", "ServiceAccount", target.name(), DEFAULT)));
    }
}
