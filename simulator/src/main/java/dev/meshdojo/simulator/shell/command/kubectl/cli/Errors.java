package dev.meshdojo.simulator.shell.command.kubectl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.util.LinkedHashSet;
import java.util.Set;

/** How kubectl words what the server refused. Source: kubectl's {@code cmd/util} checkErr. */
public final class Errors {

    private Errors() {}

    /** The text for standard error, with its line end. */
    public static String text(StatusException refused) {
        JsonNode status = refused.status();
        String message = status.path("message").asText("");
        String reason = refused.reason();
        if (reason.equals("Invalid")) {
            return invalid(status, message);
        }
        if (reason.equals("Unauthorized")) {
            return "error: You must be logged in to the server (" + message + ")\n";
        }
        return reason.isEmpty()
                ? "Error from server: " + message + "\n"
                : "Error from server (" + reason + "): " + message + "\n";
    }

    private static String invalid(JsonNode status, String message) {
        JsonNode details = status.path("details");
        if (details.isMissingNode()) {
            return "The request is invalid" + (message.isEmpty() ? "" : ": " + message) + "\n";
        }
        String kind = details.path("kind").asText("");
        String name = details.path("name").asText("");
        String head = "The request is invalid";
        Set<String> causes = new LinkedHashSet<>();
        details.path("causes")
                .forEach(
                        c ->
                                causes.add(
                                        c.path("field").asText()
                                                + ": "
                                                + c.path("message").asText()));
        if (!kind.isEmpty() || !name.isEmpty()) {
            head = "The " + kind + " \"" + name + "\" is invalid";
        } else if (!message.isEmpty() && causes.isEmpty()) {
            head += ": " + message;
        }
        if (causes.isEmpty()) {
            return head + "\n";
        }
        if (causes.size() == 1) {
            return head + ": " + causes.iterator().next() + "\n";
        }
        return head + ": \n* " + String.join("\n* ", causes) + "\n";
    }
}
