package dev.meshdojo.simulator.controller.certificates;

import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import dev.meshdojo.simulator.controller.runtime.Informers;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs cert-manager's controllers from the moment its CRDs are there: a cluster in which nobody
 * installed cert-manager has none of them.
 */
public final class CertificateControllers extends Controller {

    private static final List<String> KINDS = List.of("certificates", "issuers", "clusterissuers");

    private final String clusterName;
    private final Informer definitions;
    private final List<Controller> running = new ArrayList<>();
    private final Informers informers;
    private boolean closed;

    /** Waits for the CRDs once started. */
    public CertificateControllers(ControllerContext context, String clusterName) {
        super("cert-manager", context);
        this.informers = new Informers(context.api());
        this.clusterName = clusterName;
        this.definitions = context.informer("apiextensions.k8s.io", "customresourcedefinitions");
        definitions.onEach(
                definition -> {
                    if (Meta.name(definition).endsWith("." + Issuers.GROUP)) {
                        queue.add(new ObjectName("", Issuers.GROUP));
                    }
                });
    }

    @Override
    protected void reconcile(ObjectName target) {
        boolean complete =
                KINDS.stream()
                        .allMatch(plural -> context.api().type(Issuers.GROUP, plural) != null);
        if (complete) {
            begin();
        }
    }

    private synchronized void begin() {
        if (closed || !running.isEmpty()) {
            return;
        }
        ControllerContext own = new ControllerContext(context.api(), informers, context.clock());
        List<Controller> controllers =
                List.of(
                        new IssuerController("cert-manager-issuers", "issuers", own),
                        new IssuerController("cert-manager-clusterissuers", "clusterissuers", own),
                        new CertificateController(own));
        informers.start(clusterName);
        for (Controller controller : controllers) {
            controller.start(clusterName);
            running.add(controller);
        }
    }

    /** Whether cert-manager is at work. */
    public synchronized boolean active() {
        return !running.isEmpty();
    }

    @Override
    public void close() {
        super.close();
        List<Controller> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(running);
        }
        all.reversed().forEach(Controller::close);
        informers.close();
    }
}
