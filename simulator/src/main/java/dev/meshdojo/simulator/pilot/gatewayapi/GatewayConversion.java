package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Gateway with its listeners.
 *
 * @param gateway the Gateway
 * @param services host names of the Services in front of its pods
 * @param listeners its listeners in order
 * @param error what is wrong with the Gateway itself; null when nothing is
 */
record GatewayConversion(
        KubeObject gateway,
        List<String> services,
        List<ListenerConversion> listeners,
        @Nullable ConversionError error) {

    private static final Set<String> OPAQUE = Set.of("TCP", "UDP");

    /** The conversion, or null when another controller is in charge. */
    static @Nullable GatewayConversion of(World world, KubeObject gateway) {
        String gatewayClass = gateway.spec().text("gatewayClassName");
        if (!world.controller(gatewayClass).equals(GatewayApi.CONTROLLER)) {
            return null;
        }
        List<String> services = new ArrayList<>();
        ConversionError error = services(world, gateway, gatewayClass, services);
        if (services.isEmpty() && error != null) {
            return new GatewayConversion(gateway, services, List.of(), error);
        }
        List<ListenerConversion> listeners = new ArrayList<>();
        List<JsonView> earlier = new ArrayList<>();
        for (JsonView listener : gateway.spec().list("listeners")) {
            String conflict = conflict(listener, earlier);
            if (conflict == null) {
                earlier.add(listener);
            }
            listeners.add(
                    ListenerConversion.of(
                            world, gateway, listener, String.join(",", services), conflict));
        }
        return new GatewayConversion(gateway, services, listeners, error);
    }

    private static @Nullable ConversionError services(
            World world, KubeObject gateway, String gatewayClass, List<String> out) {
        List<JsonView> addresses = gateway.spec().list("addresses");
        boolean managed =
                addresses.isEmpty() || (addresses.size() == 1 && !hostname(addresses.getFirst()));
        if (managed) {
            String override =
                    gateway.annotations().getOrDefault("gateway.istio.io/name-override", "");
            out.add(
                    world.hostname(
                            override.isEmpty() ? gateway.name() + "-" + gatewayClass : override,
                            gateway.namespace()));
            return null;
        }
        List<String> skipped = new ArrayList<>();
        for (JsonView address : addresses) {
            String value = address.text("value");
            if (!hostname(address)) {
                skipped.add(value);
            } else {
                out.add(value.contains(".") ? value : world.hostname(value, gateway.namespace()));
            }
        }
        return skipped.isEmpty()
                ? null
                : new ConversionError(
                        "UnsupportedAddress",
                        "only Hostname is supported, ignoring [" + String.join(" ", skipped) + "]");
    }

    private static boolean hostname(JsonView address) {
        return address.text("type").equals("Hostname");
    }

    private static @Nullable String conflict(JsonView listener, List<JsonView> earlier) {
        for (JsonView prior : earlier) {
            if (prior.integer("port") != listener.integer("port")) {
                continue;
            }
            String protocol = listener.text("protocol");
            String other = prior.text("protocol");
            boolean opaque = OPAQUE.contains(protocol);
            if (opaque || OPAQUE.contains(other)) {
                return "ProtocolConflict";
            }
            if (host(listener).equals(host(prior))) {
                return protocol.equals(other) ? "HostnameConflict" : "ProtocolConflict";
            }
        }
        return null;
    }

    private static String host(JsonView listener) {
        String written = listener.text("hostname");
        return written.isEmpty() ? "*" : written;
    }
}
