package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meshdojo.simulator.conformance.wire.Answer;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.nio.charset.StandardCharsets;

/** Recognizes the answers of echo pods. */
final class EchoAnswers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private EchoAnswers() {}

    /** What an echo pod told, or absent when somebody else answered. */
    static JsonView of(Answer answer) {
        if (!answer.body().startsWith("{")) {
            return JsonView.ABSENT;
        }
        try {
            JsonView told =
                    JsonView.of(JSON.readTree(answer.body().getBytes(StandardCharsets.ISO_8859_1)));
            return told.has("service") && told.has("headers") && told.has("protocol")
                    ? told
                    : JsonView.ABSENT;
        } catch (JsonProcessingException e) {
            return JsonView.ABSENT;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
