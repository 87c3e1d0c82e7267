package dev.meshdojo.simulator.conformance;

import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.proxyconfig.ProxyConfigTables;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rows of {@code istioctl proxy-config} as the recordings keep them: blanks collapsed, and without
 * what every gateway has: ports 15021 and 15090, static clusters, plain clusters of the world.
 */
final class ProxyConfigRows {

    private static final Pattern WORLD =
            Pattern.compile(".*\\.(apps|other|istio-system|istio-ingress)\\.svc\\.cluster\\.local");

    private ProxyConfigRows() {}

    /** The rows of one table, heading first. */
    static List<String> of(XdsSnapshot xds, String table) {
        List<List<String>> rows =
                switch (table) {
                    case "listeners" -> ProxyConfigTables.listeners(xds.listeners());
                    case "routes" -> ProxyConfigTables.routes(xds.routes());
                    case "clusters" -> ProxyConfigTables.clusters(xds.clusters());
                    default ->
                            throw new IllegalArgumentException(
                                    "table: "
                                            + table
                                            + " (expected: listeners, routes or clusters)");
                };
        return rows.stream()
                .filter(row -> kept(table, row))
                .map(row -> String.join(" ", row).replaceAll("\\s+", " ").strip())
                .toList();
    }

    private static boolean kept(String table, List<String> row) {
        return switch (table) {
            case "listeners" -> !row.get(1).equals("15021") && !row.get(1).equals("15090");
            case "clusters" ->
                    !row.get(0).equals("BlackHoleCluster")
                            && !(row.get(2).equals("-")
                                    && row.get(3).equals("outbound")
                                    && row.get(5).isEmpty()
                                    && WORLD.matcher(row.get(0)).matches());
            default -> true;
        };
    }
}
