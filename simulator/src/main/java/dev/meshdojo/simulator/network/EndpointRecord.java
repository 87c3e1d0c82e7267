package dev.meshdojo.simulator.network;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One address behind a Service.
 *
 * @param hostname the name a headless Service gives it, or empty
 * @param ready whether it may get traffic
 * @param ports port number by Service port name
 */
record EndpointRecord(String ip, String hostname, boolean ready, Map<String, Integer> ports) {

    EndpointRecord {
        ports = Map.copyOf(ports);
    }

    /** The endpoints of an EndpointSlice. */
    static List<EndpointRecord> of(JsonNode slice) {
        Map<String, Integer> ports = new HashMap<>();
        for (JsonNode port : slice.path("ports")) {
            ports.put(port.path("name").asText(""), port.path("port").asInt());
        }
        List<EndpointRecord> entries = new ArrayList<>();
        for (JsonNode endpoint : slice.path("endpoints")) {
            boolean ready = endpoint.path("conditions").path("ready").asBoolean(true);
            for (JsonNode address : endpoint.path("addresses")) {
                entries.add(
                        new EndpointRecord(
                                address.asText(),
                                endpoint.path("hostname").asText(""),
                                ready,
                                ports));
            }
        }
        return entries;
    }
}
