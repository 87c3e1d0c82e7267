package dev.meshdojo.simulator.analysis.analyzer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.admission.Spec;
import org.jspecify.annotations.Nullable;

/** YAML inside of strings. Pure. */
final class Documents {

    private static final YAMLMapper YAML = new YAMLMapper();

    private Documents() {}

    /** The document in a text; absent when there is none or it cannot be read. */
    static Spec yaml(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Spec.ABSENT;
        }
        try {
            return new Spec(YAML.readTree(text));
        } catch (JsonProcessingException e) {
            return Spec.ABSENT;
        }
    }
}
