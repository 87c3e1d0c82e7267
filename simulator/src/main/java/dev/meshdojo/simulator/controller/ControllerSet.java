package dev.meshdojo.simulator.controller;

import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.controller.batch.CronJobController;
import dev.meshdojo.simulator.controller.batch.JobController;
import dev.meshdojo.simulator.controller.certificates.CertificateControllers;
import dev.meshdojo.simulator.controller.eviction.PodCollector;
import dev.meshdojo.simulator.controller.eviction.TaintEvictionController;
import dev.meshdojo.simulator.controller.namespace.RootCaPublisher;
import dev.meshdojo.simulator.controller.namespace.ServiceAccountController;
import dev.meshdojo.simulator.controller.namespace.TokenSecretController;
import dev.meshdojo.simulator.controller.policy.AutoscalerController;
import dev.meshdojo.simulator.controller.policy.CertificateRequestController;
import dev.meshdojo.simulator.controller.policy.ClaimController;
import dev.meshdojo.simulator.controller.policy.DisruptionController;
import dev.meshdojo.simulator.controller.policy.EphemeralVolumeController;
import dev.meshdojo.simulator.controller.policy.QuotaController;
import dev.meshdojo.simulator.controller.policy.VolumeController;
import dev.meshdojo.simulator.controller.policy.VolumeProtectionController;
import dev.meshdojo.simulator.controller.rbac.ClusterRoleAggregationController;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informers;
import dev.meshdojo.simulator.controller.scheduling.Scheduler;
import dev.meshdojo.simulator.controller.service.EndpointSliceController;
import dev.meshdojo.simulator.controller.service.EndpointSliceMirroringController;
import dev.meshdojo.simulator.controller.service.EndpointsController;
import dev.meshdojo.simulator.controller.service.LoadBalancerController;
import dev.meshdojo.simulator.controller.workload.DaemonSetController;
import dev.meshdojo.simulator.controller.workload.DeploymentController;
import dev.meshdojo.simulator.controller.workload.ReplicaSetController;
import dev.meshdojo.simulator.controller.workload.StatefulSetController;
import java.util.ArrayList;
import java.util.List;

/**
 * The control loops of one cluster: what kube-controller-manager and kube-scheduler do on a real
 * one, and a load balancer when asked for. Each loop is a virtual thread. Thread-safe; whoever
 * starts it closes it.
 */
public final class ControllerSet implements AutoCloseable {

    private final Informers informers;
    private final List<Controller> controllers;

    private ControllerSet(Informers informers, List<Controller> controllers) {
        this.informers = informers;
        this.controllers = List.copyOf(controllers);
    }

    /** Starts all loops; returns before they have caught up. */
    public static ControllerSet start(ControllerOptions options) {
        ResourceApi api = options.api().apply("kube-controller-manager");
        Informers informers = new Informers(api);
        ControllerContext context = new ControllerContext(api, informers, options.clock());
        List<Controller> all = new ArrayList<>();
        all.add(new ServiceAccountController(context));
        all.add(RootCaPublisher.ofCluster(context, options.caPem()));
        all.add(RootCaPublisher.ofMesh(as("istiod", options, informers), options.caPem()));
        all.add(new DeploymentController(context));
        all.add(ReplicaSetController.forReplicaSets(context));
        all.add(ReplicaSetController.forReplicationControllers(context));
        all.add(new StatefulSetController(context));
        all.add(new DaemonSetController(context));
        all.add(new JobController(context));
        all.add(new CronJobController(context));
        all.add(new EndpointsController(context));
        all.add(new EndpointSliceController(context));
        all.add(new EndpointSliceMirroringController(context));
        all.add(new DisruptionController(context));
        all.add(new AutoscalerController(context));
        all.add(new ClaimController(context));
        all.add(new VolumeController(context));
        all.add(new EphemeralVolumeController(context));
        all.add(new VolumeProtectionController(context));
        all.add(new TaintEvictionController(context));
        all.add(new PodCollector(context));
        all.add(new QuotaController(context));
        all.add(
                new ClusterRoleAggregationController(
                        as("clusterrole-aggregation-controller", options, informers)));
        if (options.signer() != null) {
            all.add(new TokenSecretController(context, options.signer(), options.caPem()));
        }
        if (options.authority() != null) {
            all.add(
                    new CertificateRequestController(
                            as("certificate-controller", options, informers), options.authority()));
        }
        all.add(new Scheduler(as("kube-scheduler", options, informers)));
        if (options.pool() != null) {
            all.add(
                    new LoadBalancerController(
                            as("metallb-controller", options, informers), options.pool()));
        }
        all.add(
                new CertificateControllers(
                        as("cert-manager", options, informers), options.clusterName()));
        informers.start(options.clusterName());
        all.forEach(controller -> controller.start(options.clusterName()));
        return new ControllerSet(informers, all);
    }

    private static ControllerContext as(
            String manager, ControllerOptions options, Informers informers) {
        return new ControllerContext(options.api().apply(manager), informers, options.clock());
    }

    /**
     * Makes delays that a moved clock ended take effect; for clocks that do not run by themselves.
     */
    public void clockMoved() {
        controllers.forEach(Controller::clockMoved);
    }

    @Override
    public void close() {
        controllers.reversed().forEach(Controller::close);
        informers.close();
    }
}
