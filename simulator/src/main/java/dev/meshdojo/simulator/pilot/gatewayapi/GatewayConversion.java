package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Gateway that Istio is in charge of, with its listeners and ListenerSets.
 *
 * @param gateway the Gateway
 * @param services host names of the Services in front of its pods
 * @param listeners its own listeners in order
 * @param sets ListenerSets that name it, also refused ones
 * @param error what is wrong with the Gateway itself; null when nothing is
 * @param credentialError what is wrong with its credential towards backends; null when nothing is
 */
record GatewayConversion(
        KubeObject gateway,
        List<String> services,
        List<ListenerConversion> listeners,
        List<ListenerSetConversion> sets,
        @Nullable ConversionError error,
        @Nullable ConversionError credentialError) {

    static GatewayConversion of(World world, KubeObject gateway, List<KubeObject> sets) {
        ListenerHost host = ListenerHost.of(world, gateway);
        List<KubeObject> admitted =
                sets.stream().filter(set -> world.admits(gateway, set.namespace())).toList();
        ListenerConflicts conflicts = ListenerConflicts.of(gateway, admitted);
        List<ListenerSetConversion> converted = new ArrayList<>();
        for (KubeObject set : sets) {
            converted.add(
                    admitted.contains(set)
                            ? set(world, host.with(set), conflicts)
                            : ListenerSetConversion.refused(
                                    set,
                                    gateway,
                                    "The parent Gateway does not allow this reference; check the"
                                            + " 'spec.allowedRoutes'"));
        }
        ConversionError error = host.error() == null ? parameters(world, gateway) : host.error();
        return new GatewayConversion(
                gateway,
                host.services(),
                host.hopeless() ? List.of() : listeners(world, host, conflicts),
                converted,
                error,
                credential(world, gateway));
    }

    private static ListenerSetConversion set(
            World world, ListenerHost host, ListenerConflicts conflicts) {
        return new ListenerSetConversion(
                host.owner(),
                host.gateway(),
                host.services(),
                host.hopeless() ? List.of() : listeners(world, host, conflicts),
                null,
                host.error());
    }

    private static List<ListenerConversion> listeners(
            World world, ListenerHost host, ListenerConflicts conflicts) {
        List<ListenerConversion> out = new ArrayList<>();
        for (JsonView listener : host.owner().spec().list("listeners")) {
            out.add(
                    ListenerConversion.of(
                            world, host, listener, conflicts.of(host.owner(), listener)));
        }
        return out;
    }

    private static @Nullable ConversionError parameters(World world, KubeObject gateway) {
        JsonView parameters = gateway.spec().at("infrastructure").at("parametersRef");
        if (!parameters.present()) {
            return null;
        }
        String group = parameters.text("group");
        String kind = parameters.text("kind");
        String name = parameters.text("name");
        if (!group.isEmpty() || !kind.equals("ConfigMap")) {
            return new ConversionError(
                    "InvalidParameters",
                    "Unsupported parametersRef group/kind "
                            + group
                            + "/"
                            + kind
                            + ", only ConfigMap is supported");
        }
        return world.configMap(gateway.namespace(), name) == null
                ? new ConversionError(
                        "InvalidParameters",
                        "parametersRef ConfigMap "
                                + gateway.namespace()
                                + "/"
                                + name
                                + " does not exist")
                : null;
    }

    private static @Nullable ConversionError credential(World world, KubeObject gateway) {
        JsonView reference = gateway.spec().at("tls").at("backend").at("clientCertificateRef");
        return reference.present()
                ? new CredentialReferences(world)
                        .keyPair(
                                gateway,
                                reference,
                                "InvalidClientCertificateRef",
                                "invalid clientCertificateRef",
                                "clientCertificateRef")
                        .error()
                : null;
    }

    /** Everything that serves: own listeners, and those of ListenerSets that work. */
    List<ListenerConversion> served() {
        List<ListenerConversion> out = new ArrayList<>();
        for (ListenerConversion listener : listeners) {
            if (listener.parent() != null) {
                out.add(listener);
            }
        }
        for (ListenerSetConversion set : sets) {
            for (ListenerConversion listener : set.listeners()) {
                if (listener.parent() != null && listener.programmed()) {
                    out.add(listener);
                }
            }
        }
        return out;
    }
}
