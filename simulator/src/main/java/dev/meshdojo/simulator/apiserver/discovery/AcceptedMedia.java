package dev.meshdojo.simulator.apiserver.discovery;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a client accepts as a discovery document. */
enum AcceptedMedia {
    AGGREGATED_V2("v2"),
    AGGREGATED_V2BETA1("v2beta1"),
    PLAIN("");

    private final String version;

    AcceptedMedia(String version) {
        this.version = version;
    }

    String apiVersion() {
        return "apidiscovery.k8s.io/" + version;
    }

    String contentType() {
        return this == PLAIN
                ? "application/json"
                : "application/json;g=apidiscovery.k8s.io;v="
                        + version
                        + ";as=APIGroupDiscoveryList";
    }

    /** The first of the clauses of an Accept header that can be served; plain when none says. */
    static AcceptedMedia of(String accept) {
        for (String clause : accept.split(",")) {
            String[] parts = clause.strip().split(";");
            String type = parts[0].strip().toLowerCase(Locale.ROOT);
            if (!type.equals("application/json") && !type.equals("*/*")) {
                continue;
            }
            Map<String, String> parameters = new HashMap<>();
            for (int i = 1; i < parts.length; i++) {
                String[] pair = parts[i].strip().split("=", 2);
                parameters.put(pair[0], pair.length > 1 ? pair[1] : "");
            }
            if (!parameters.containsKey("as")) {
                return PLAIN;
            }
            if ("APIGroupDiscoveryList".equals(parameters.get("as"))
                    && "apidiscovery.k8s.io".equals(parameters.get("g"))) {
                for (AcceptedMedia media : values()) {
                    if (media != PLAIN && media.version.equals(parameters.get("v"))) {
                        return media;
                    }
                }
            }
        }
        return PLAIN;
    }
}
