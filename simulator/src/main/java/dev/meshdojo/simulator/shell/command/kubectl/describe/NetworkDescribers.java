package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Endpoints and EndpointSlices. */
final class NetworkDescribers {

    private NetworkDescribers() {}

    private static String joined(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(i -> texts.add(field.isEmpty() ? i.asText() : i.path(field).asText()));
        return String.join(",", texts);
    }

    static void endpoints(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        out.head(object);
        out.line(0, "Subsets:");
        for (JsonNode subset : object.path("subsets")) {
            out.field(1, "Addresses", Description.orNone(joined(subset.path("addresses"), "ip")));
            out.field(
                    1,
                    "NotReadyAddresses",
                    Description.orNone(joined(subset.path("notReadyAddresses"), "ip")));
            if (!subset.path("ports").isEmpty()) {
                out.line(1, "Ports:");
                out.line(2, "Name\tPort\tProtocol");
                out.line(2, "----\t----\t--------");
                subset.path("ports").forEach(p -> out.line(2, port(p)));
            }
            out.raw("\n");
        }
        EventList.write(object, source, out);
    }

    private static String port(JsonNode port) {
        String name = port.path("name").asText("");
        return (name.isEmpty() ? "<unset>" : name)
                + "\t"
                + port.path("port").asText("<unset>")
                + "\t"
                + port.path("protocol").asText("");
    }

    static void endpointSlice(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        out.head(object);
        out.field(0, "AddressType", object.path("addressType").asText());
        if (object.path("ports").isEmpty()) {
            out.field(0, "Ports", "<unset>");
        } else {
            out.line(0, "Ports:");
            out.line(1, "Name\tPort\tProtocol");
            out.line(1, "----\t----\t--------");
            object.path("ports").forEach(p -> out.line(1, port(p)));
        }
        if (object.path("endpoints").isEmpty()) {
            out.field(0, "Endpoints", "<none>");
        } else {
            out.line(0, "Endpoints:");
            object.path("endpoints").forEach(e -> endpoint(e, out));
        }
        EventList.write(object, source, out);
    }

    private static void endpoint(JsonNode endpoint, Description out) {
        out.field(1, "- Addresses", joined(endpoint.path("addresses"), ""));
        out.line(2, "Conditions:");
        JsonNode ready = endpoint.path("conditions").path("ready");
        out.field(3, "Ready", ready.isMissingNode() ? "<unset>" : ready.asText());
        out.field(2, "Hostname", endpoint.path("hostname").asText("<unset>"));
        JsonNode target = endpoint.path("targetRef");
        if (!target.isMissingNode()) {
            out.field(
                    2,
                    "TargetRef",
                    target.path("kind").asText() + "/" + target.path("name").asText());
        }
        out.field(2, "NodeName", endpoint.path("nodeName").asText("<unset>"));
        out.field(2, "Zone", endpoint.path("zone").asText("<unset>"));
    }
}
