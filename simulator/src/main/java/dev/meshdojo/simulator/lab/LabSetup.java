package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.cluster.Cluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Puts into a cluster what a lab takes for granted, on any kind of cluster. */
public final class LabSetup {

    private static final long READY_SECONDS = 60;

    private LabSetup() {}

    /** Creates namespaces, applies manifests and waits for their Deployments. */
    public static void prepare(Lab lab, Cluster cluster, LabListener listener) {
        for (String namespace : lab.namespaces()) {
            cluster.client()
                    .resource(
                            new NamespaceBuilder()
                                    .withNewMetadata()
                                    .withName(namespace)
                                    .endMetadata()
                                    .build())
                    .serverSideApply();
        }
        List<Deployment> deployments = new ArrayList<>();
        for (Lab.Manifests manifests : lab.manifests()) {
            for (Path file : files(lab.root().resolve(manifests.path()))) {
                deployments.addAll(apply(cluster, file, manifests.namespace()));
            }
        }
        for (Deployment deployment : deployments) {
            listener.progress("Waiting for " + deployment.getMetadata().getName() + " …");
            cluster.client().resource(deployment).waitUntilReady(READY_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static List<Deployment> apply(Cluster cluster, Path file, String namespace) {
        List<Deployment> deployments = new ArrayList<>();
        try (InputStream yaml = Files.newInputStream(file)) {
            for (HasMetadata item : cluster.client().load(yaml).items()) {
                HasMetadata applied =
                        cluster.client().resource(item).inNamespace(namespace).serverSideApply();
                if (applied instanceof Deployment deployment) {
                    deployments.add(deployment);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return deployments;
    }

    private static List<Path> files(Path path) {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(entry -> entry.toString().endsWith(".yaml")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + path, e);
        }
    }
}
