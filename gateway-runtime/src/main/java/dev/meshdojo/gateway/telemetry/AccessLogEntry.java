package dev.meshdojo.gateway.telemetry;

import dev.meshdojo.gateway.stream.format.FormatContext;
import dev.meshdojo.gateway.stream.format.JsonText;
import dev.meshdojo.gateway.stream.format.SubstitutionFormat;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One finished stream in the fields of Istio's JSON access log. Immutable.
 *
 * @param fields by name, such as {@code response_flags}, in alphabetical order; null where the
 *     stream has no such thing
 * @param text the line of Istio's text format, without its line end
 */
public record AccessLogEntry(Map<String, @Nullable Object> fields, String text) {

    private static final SubstitutionFormat TEXT = SubstitutionFormat.compile(IstioLogFormat.TEXT);
    private static final Map<String, SubstitutionFormat> FIELDS = compiledFields();

    public AccessLogEntry {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The entry of a stream that has ended. */
    public static AccessLogEntry of(FormatContext context) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        FIELDS.forEach((name, format) -> fields.put(name, format.json(context)));
        return new AccessLogEntry(fields, TEXT.dashEmpty(context).stripTrailing());
    }

    /** The line of Istio's JSON format, without its line end. */
    public String json() {
        return JsonText.of(fields);
    }

    private static Map<String, SubstitutionFormat> compiledFields() {
        Map<String, SubstitutionFormat> compiled = new LinkedHashMap<>();
        IstioLogFormat.JSON.forEach(
                (name, format) -> compiled.put(name, SubstitutionFormat.compile(format)));
        return Collections.unmodifiableMap(compiled);
    }
}
