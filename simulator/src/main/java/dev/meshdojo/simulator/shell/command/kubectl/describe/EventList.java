package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.golang.HumanDuration;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The events at the end of a description. */
public final class EventList {

    private EventList() {}

    static void write(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        if (!source.showsEvents()) {
            return;
        }
        JsonNode metadata = object.path("metadata");
        String namespace = metadata.path("namespace").asText("");
        String selector =
                String.join(
                        ",",
                        "involvedObject.name=" + metadata.path("name").asText(),
                        "involvedObject.namespace=" + namespace,
                        "involvedObject.kind=" + object.path("kind").asText(),
                        "involvedObject.uid=" + metadata.path("uid").asText());
        String root =
                namespace.isEmpty()
                        ? "/api/v1/events"
                        : "/api/v1/namespaces/" + namespace + "/events";
        String query = "?fieldSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
        List<JsonNode> events = new ArrayList<>();
        try {
            events.addAll(source.list(root + query));
        } catch (StatusException notListed) {
            events.clear();
        }
        write(events, source.now(), out);
    }

    private static void write(List<JsonNode> events, Instant now, Description out) {
        if (events.isEmpty()) {
            out.field(0, "Events", "<none>");
            return;
        }
        events.sort(Comparator.comparing(e -> last(e).toString()));
        out.flush();
        out.line(0, "Events:");
        out.line(1, "Type\tReason\tAge\tFrom\tMessage");
        out.line(1, "----\t------\t----\t----\t-------");
        for (JsonNode event : events) {
            out.line(
                    1,
                    String.join(
                            "\t",
                            event.path("type").asText(),
                            event.path("reason").asText(),
                            interval(event, now),
                            from(event),
                            event.path("message").asText().strip()));
        }
    }

    private static String from(JsonNode event) {
        String component = event.path("source").path("component").asText("");
        return component.isEmpty() ? event.path("reportingComponent").asText("") : component;
    }

    /** When it was seen last. */
    public static Instant last(JsonNode event) {
        for (String field : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
            String text = event.path(field).asText("");
            if (!text.isEmpty() && !text.equals("null")) {
                return Instant.parse(text);
            }
        }
        return Instant.EPOCH;
    }

    private static Instant first(JsonNode event) {
        String text = event.path("firstTimestamp").asText("");
        return text.isEmpty() || text.equals("null") ? last(event) : Instant.parse(text);
    }

    /** {@code 5m} or {@code 10s (x3 over 5m)}. */
    public static String interval(JsonNode event, Instant now) {
        int count = event.path("series").path("count").asInt(event.path("count").asInt(0));
        String since = HumanDuration.text(Duration.between(first(event), now));
        if (count > 1) {
            String recent = HumanDuration.text(Duration.between(last(event), now));
            return recent + " (x" + count + " over " + since + ")";
        }
        return since;
    }
}
