package dev.meshdojo.simulator.pilot.route;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.Service;
import org.jspecify.annotations.Nullable;

/** Names of clusters for VirtualService destinations. */
public final class Destinations {

    private Destinations() {}

    /** {@code outbound|PORT|SUBSET|HOST}. */
    public static String clusterName(String subset, String host, int port) {
        return "outbound|" + port + "|" + subset + "|" + host;
    }

    /** {@code outbound_.PORT_.SUBSET_.HOST}, which clients of a passing-through gateway name. */
    public static String sniClusterName(String subset, String host, int port) {
        return "outbound_." + port + "_." + subset + "_." + host;
    }

    /**
     * The cluster of a destination: its port, else the Service's only one, else the port of the
     * listener.
     *
     * @param service the Service meant, or null when there is none
     */
    public static String clusterName(
            JsonView destination, @Nullable Service service, int listenerPort) {
        String host = destination.text("host");
        if (host.isEmpty()) {
            return "UnknownService";
        }
        if (service != null && !service.externalName().isEmpty()) {
            host = service.externalName();
        }
        int port = listenerPort;
        if (destination.has("port")) {
            port = destination.at("port").integer("number");
        } else if (service != null && service.ports().size() == 1) {
            port = service.ports().getFirst().number();
        }
        return clusterName(destination.text("subset"), host, port);
    }
}
