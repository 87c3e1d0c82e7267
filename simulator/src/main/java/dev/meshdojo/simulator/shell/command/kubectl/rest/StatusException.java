package dev.meshdojo.simulator.shell.command.kubectl.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The API server refused; carries its {@code Status}. */
public final class StatusException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient JsonNode status;

    /** Wraps a {@code Status} object. */
    public StatusException(JsonNode status) {
        super(status.path("message").asText());
        this.status = status;
    }

    /** One made here, for answers that are no {@code Status}. */
    public static StatusException of(int code, String reason, String message) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
        status.put("message", message).put("reason", reason).put("code", code);
        return new StatusException(status);
    }

    /** The object as sent. */
    public JsonNode status() {
        return status;
    }

    /** HTTP status. */
    public int code() {
        return status.path("code").asInt();
    }

    /** Such as {@code NotFound}; empty when unknown. */
    public String reason() {
        return status.path("reason").asText();
    }

    /** The same refusal, worded as kubectl words it for a file. */
    public StatusException when(String verb, String source) {
        ObjectNode copy = status.deepCopy();
        copy.put(
                "message",
                "error when " + verb + " \"" + source + "\": " + status.path("message").asText());
        return new StatusException(copy);
    }

    /** The same refusal with a message of the caller's. */
    public StatusException withMessage(String message) {
        ObjectNode copy = status.deepCopy();
        copy.put("message", message);
        return new StatusException(copy);
    }
}
