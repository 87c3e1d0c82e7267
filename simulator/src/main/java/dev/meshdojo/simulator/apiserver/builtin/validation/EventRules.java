package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.List;

/**
 * What events must keep to, in either group. Source: {@code pkg/apis/core/validation/events.go}.
 */
public final class EventRules {

    private static final int LONGEST_WORD = 128;
    private static final int LONGEST_NOTE = 1024;
    private static final String MISMATCH = "does not match event.namespace";

    private EventRules() {}

    /**
     * What is wrong with an event.
     *
     * @param core whether the event is written in core's form
     */
    public static List<FieldError> validate(ObjectNode event, boolean core) {
        Check check = new Check();
        boolean timed = !isBlank(event.path("eventTime"));
        namespace(check, event, event.path(core ? "involvedObject" : "regarding"), timed);
        if (timed) {
            timed(check, event, core);
        }
        if (!core) {
            newForm(check, event, timed);
        }
        return check.errors();
    }

    private static void namespace(Check check, ObjectNode event, JsonNode about, boolean timed) {
        String own = event.path("metadata").path("namespace").asText();
        String of = about.path("namespace").asText();
        boolean anywhere =
                own.isEmpty() || own.equals("default") || (timed && own.equals("kube-system"));
        if (of.isEmpty() ? !anywhere : !timed && !of.equals(own)) {
            check.invalid("involvedObject.namespace", TextNode.valueOf(of), MISMATCH);
        }
    }

    private static void timed(Check check, ObjectNode event, boolean core) {
        String controller = core ? "reportingComponent" : "reportingController";
        String reporter = event.path(controller).asText();
        if (reporter.isEmpty()) {
            check.required(controller, "");
        }
        for (String problem : Names.qualified(reporter)) {
            check.invalidText(controller, reporter, problem);
        }
        word(check, "reportingInstance", event);
        word(check, "action", event);
        word(check, "reason", event);
        if (event.path(core ? "message" : "note").asText().length() > LONGEST_NOTE) {
            check.invalid("message", TextNode.valueOf(""), "can have at most 1024 characters");
        }
    }

    private static void word(Check check, String field, ObjectNode event) {
        String text = event.path(field).asText();
        if (text.isEmpty()) {
            check.required(field, "");
        } else if (text.length() > LONGEST_WORD) {
            check.invalid(field, TextNode.valueOf(""), "can have at most 128 characters");
        }
    }

    /** What the new group asks beyond core. */
    private static void newForm(Check check, ObjectNode event, boolean timed) {
        series(check, event.path("series"));
        if (!timed) {
            check.required("eventTime", "");
        }
        String type = event.path("type").asText();
        if (!type.equals("Normal") && !type.equals("Warning")) {
            check.invalid("type", TextNode.valueOf(""), "has invalid value: " + type);
        }
        for (String old : List.of("FirstTimestamp", "LastTimestamp", "Count")) {
            JsonNode value = event.path("deprecated" + old);
            if (!isBlank(value) && !value.asText().equals("0")) {
                String field = old.substring(0, 1).toLowerCase(java.util.Locale.ROOT);
                check.invalid(field + old.substring(1), TextNode.valueOf(""), "needs to be unset");
            }
        }
        if (!event.path("deprecatedSource").isEmpty()) {
            check.invalid("source", TextNode.valueOf(""), "needs to be unset");
        }
    }

    private static void series(Check check, JsonNode series) {
        if (!series.isObject()) {
            return;
        }
        if (series.path("count").asInt() < 2) {
            check.invalid("series.count", TextNode.valueOf(""), "should be at least 2");
        }
        if (isBlank(series.path("lastObservedTime"))) {
            check.required("series.lastObservedTime", "");
        }
    }

    private static boolean isBlank(JsonNode value) {
        return value.isMissingNode() || value.isNull() || value.asText().isEmpty();
    }
}
