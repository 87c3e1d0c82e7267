package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace's labels ask for.
 *
 * @param enforce what pods have to keep
 * @param warn what clients are warned of
 * @param errors what is wrong with the labels
 */
record NamespacePolicy(LevelVersion enforce, LevelVersion warn, List<FieldError> errors) {

    private static final String PREFIX = "pod-security.kubernetes.io/";

    NamespacePolicy {
        errors = List.copyOf(errors);
    }

    /**
     * The policy of a namespace. A wrong level to enforce counts as the strictest, any other as the
     * laxest; a wrong version as the latest. Who is told to enforce more than is warned of is
     * warned of that as well.
     */
    static NamespacePolicy of(JsonNode namespace) {
        JsonNode labels = namespace.path("metadata").path("labels");
        List<FieldError> errors = new ArrayList<>();
        LevelVersion enforce = mode(labels, "enforce", Level.RESTRICTED, errors);
        mode(labels, "audit", Level.PRIVILEGED, errors);
        LevelVersion warn = mode(labels, "warn", Level.PRIVILEGED, errors);
        boolean enforced = Level.of(labels.path(PREFIX + "enforce").asText()) != null;
        if (enforced
                && !labels.has(PREFIX + "warn")
                && enforce.level().compareTo(warn.level()) > 0) {
            warn = warn.withLevel(enforce.level());
            if (!labels.has(PREFIX + "warn-version")) {
                warn = warn.withMinor(enforce.minor());
            }
        }
        return new NamespacePolicy(enforce, warn, errors);
    }

    private static LevelVersion mode(
            JsonNode labels, String mode, Level otherwise, List<FieldError> errors) {
        LevelVersion result = new LevelVersion(Level.PRIVILEGED, LevelVersion.LATEST);
        JsonNode level = labels.path(PREFIX + mode);
        if (!level.isMissingNode()) {
            Level named = Level.of(level.asText());
            result = result.withLevel(named == null ? otherwise : named);
            note(
                    errors,
                    named,
                    PREFIX + mode,
                    level,
                    "must be one of privileged, baseline, restricted");
        }
        JsonNode version = labels.path(PREFIX + mode + "-version");
        if (!version.isMissingNode()) {
            Integer named = LevelVersion.version(version.asText());
            result = result.withMinor(named == null ? LevelVersion.LATEST : named);
            note(
                    errors,
                    named,
                    PREFIX + mode + "-version",
                    version,
                    "must be \"latest\" or \"v1.x\"");
        }
        return result;
    }

    private static void note(
            List<FieldError> errors,
            @Nullable Object named,
            String label,
            JsonNode value,
            String why) {
        if (named == null) {
            errors.add(
                    FieldError.invalid(
                            "metadata.labels[" + label + "]",
                            TextNode.valueOf(value.asText()),
                            why));
        }
    }
}
