package dev.meshdojo.simulator.pilot.envoyfilter;

import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Patches of clusters. */
final class ClusterPatches {

    private final List<Patch> patches;

    ClusterPatches(List<Patch> patches) {
        this.patches = patches.stream().filter(patch -> patch.applyTo().equals("CLUSTER")).toList();
    }

    List<Cluster> apply(List<Cluster> clusters) {
        List<Cluster> out = new ArrayList<>();
        for (Cluster cluster : clusters) {
            Cluster patched = cluster(cluster);
            if (patched != null) {
                out.add(patched);
            }
        }
        for (Patch patch : patches) {
            if (patch.is("ADD")) {
                out.add((Cluster) patch.value());
            }
        }
        return out;
    }

    private @Nullable Cluster cluster(Cluster cluster) {
        Cluster.Builder out = cluster.toBuilder();
        for (Patch patch : patches) {
            if (!matches(cluster.getName(), patch)) {
                continue;
            }
            if (patch.is("REMOVE")) {
                return null;
            }
            if (patch.is("MERGE")) {
                merge(out, (Cluster) patch.value());
            }
        }
        return out.build();
    }

    /** A patch with a transport socket changes nothing but that. */
    private static void merge(Cluster.Builder out, Cluster value) {
        if (!value.hasTransportSocket()) {
            ProtoValues.merge(out, value);
            return;
        }
        String name = value.getTransportSocket().getName();
        for (int i = 0; i < out.getTransportSocketMatchesCount(); i++) {
            var socket = out.getTransportSocketMatches(i).getTransportSocket();
            if (socket.getName().equals(name)) {
                out.getTransportSocketMatchesBuilder(i)
                        .getTransportSocketBuilder()
                        .setTypedConfig(
                                ProtoValues.merge(
                                        socket.getTypedConfig(),
                                        value.getTransportSocket().getTypedConfig()));
                return;
            }
        }
        if (out.getTransportSocketMatchesCount() > 0) {
            return;
        }
        if (out.hasTransportSocket() && out.getTransportSocket().getName().equals(name)) {
            out.getTransportSocketBuilder()
                    .setTypedConfig(
                            ProtoValues.merge(
                                    out.getTransportSocket().getTypedConfig(),
                                    value.getTransportSocket().getTypedConfig()));
        } else {
            out.setTransportSocket(value.getTransportSocket());
        }
    }

    /**
     * A cluster's name is {@code outbound|80|subset|host} or {@code outbound_.80_.subset_.host}.
     */
    private static boolean matches(String cluster, Patch patch) {
        JsonView match = patch.match().at("cluster");
        if (!match.text("name").isEmpty()) {
            return match.text("name").equals(cluster);
        }
        String[] parts = cluster.contains("|") ? cluster.split("\\|", 4) : cluster.split("_\\.", 4);
        boolean known = parts.length == 4;
        int port = match.integer("portNumber");
        return agrees(match.text("subset"), known ? parts[2] : "")
                && agrees(match.text("service"), known ? parts[3] : "")
                && (port == 0 || (known && parts[1].equals(Integer.toString(port))));
    }

    private static boolean agrees(String wanted, String own) {
        return wanted.isEmpty() || wanted.equals(own);
    }
}
