package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has listeners, and who serves them.
 *
 * @param owner the Gateway or ListenerSet that has them
 * @param gateway the Gateway that serves them
 * @param services host names of the Services in front of its pods
 * @param serviceAccount the account of its pods; empty when somebody else deploys them
 * @param error what is wrong with the Gateway's addresses; null when nothing is
 */
record ListenerHost(
        KubeObject owner,
        KubeObject gateway,
        List<String> services,
        String serviceAccount,
        @Nullable ConversionError error) {

    /** The host of a Gateway's own listeners. */
    static ListenerHost of(World world, KubeObject gateway) {
        List<JsonView> addresses = gateway.spec().list("addresses");
        String fallback = gateway.name() + "-" + gateway.spec().text("gatewayClassName");
        if (managed(gateway)) {
            String name = annotation(gateway, "gateway.istio.io/name-override", fallback);
            return new ListenerHost(
                    gateway,
                    gateway,
                    List.of(world.hostname(name, gateway.namespace())),
                    annotation(gateway, "gateway.istio.io/service-account", fallback),
                    null);
        }
        List<String> services = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (JsonView address : addresses) {
            String value = address.text("value");
            if (!hostname(address)) {
                skipped.add(value);
            } else {
                services.add(
                        value.contains(".") ? value : world.hostname(value, gateway.namespace()));
            }
        }
        return new ListenerHost(gateway, gateway, services, "", error(gateway, skipped));
    }

    private static @Nullable ConversionError error(KubeObject gateway, List<String> skipped) {
        if (!skipped.isEmpty()) {
            return new ConversionError(
                    "UnsupportedAddress",
                    "only Hostname is supported, ignoring [" + String.join(" ", skipped) + "]");
        }
        String type = "networking.istio.io/service-type";
        return gateway.annotations().containsKey(type)
                ? new ConversionError(
                        "DeprecatedField",
                        "annotation "
                                + type
                                + " is deprecated, use Spec.Infrastructure.Routeability")
                : null;
    }

    /** The host of the listeners that a ListenerSet adds to this one's Gateway. */
    ListenerHost with(KubeObject listenerSet) {
        return new ListenerHost(listenerSet, gateway, services, serviceAccount, error);
    }

    /** Whether a ListenerSet has the listeners. */
    boolean set() {
        return owner.kind().equals("ListenerSet");
    }

    /** Whether nothing can be served, as no address is usable. */
    boolean hopeless() {
        return services.isEmpty() && error != null;
    }

    /** Whether Istio deploys the Gateway's pods. */
    static boolean managed(KubeObject gateway) {
        List<JsonView> addresses = gateway.spec().list("addresses");
        if (addresses.size() != 1) {
            return addresses.isEmpty();
        }
        String type = addresses.getFirst().text("type");
        return type.isEmpty() || type.equals("IPAddress");
    }

    private static boolean hostname(JsonView address) {
        return address.text("type").isEmpty() || address.text("type").equals("Hostname");
    }

    private static String annotation(KubeObject gateway, String name, String fallback) {
        String written = gateway.annotations().getOrDefault(name, "");
        return written.isEmpty() ? fallback : written;
    }
}
