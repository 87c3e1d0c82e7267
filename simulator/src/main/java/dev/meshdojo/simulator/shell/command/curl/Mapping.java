package dev.meshdojo.simulator.shell.command.curl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code --resolve} and {@code --connect-to}. */
final class Mapping {

    private Mapping() {}

    /** Where to connect instead. */
    record Place(String host, int port) {}

    /** The address given for a host and port; empty when none is. */
    static String resolve(List<String> entries, String host, int port) {
        for (String entry : entries) {
            String[] parts = entry.replaceFirst("^\\+", "").split(":", 3);
            boolean match =
                    parts.length == 3 && (parts[0].equalsIgnoreCase(host) || parts[0].equals("*"));
            if (match && parts[1].equals(String.valueOf(port))) {
                return parts[2].split(",", 2)[0].replaceAll("[\\[\\]]", "");
            }
        }
        return "";
    }

    static @Nullable Place connectTo(List<String> entries, String host, int port) {
        for (String entry : entries) {
            String[] parts = entry.split(":", 4);
            boolean match =
                    parts.length == 4
                            && (parts[0].isEmpty() || parts[0].equalsIgnoreCase(host))
                            && (parts[1].isEmpty() || parts[1].equals(String.valueOf(port)));
            if (match) {
                String toHost = parts[2].isEmpty() ? host : parts[2];
                int toPort = parts[3].isEmpty() ? port : Integer.parseInt(parts[3]);
                return new Place(toHost, toPort);
            }
        }
        return null;
    }
}
