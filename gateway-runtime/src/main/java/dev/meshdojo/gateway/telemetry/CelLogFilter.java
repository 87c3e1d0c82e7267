package dev.meshdojo.gateway.telemetry;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.format.FormatContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the streams for which a CEL expression over Envoy's attributes is true. An expression that
 * cannot be judged, because it reads what a stream does not have, takes none.
 *
 * <p>Source: Envoy's "CEL" access log extension filter, "Attributes".
 */
final class CelLogFilter implements LogFilter {

    private static final Cel ENVIRONMENT =
            CelFactory.plannerCelBuilder()
                    .addVar("request", SimpleType.DYN)
                    .addVar("response", SimpleType.DYN)
                    .addVar("connection", SimpleType.DYN)
                    .addVar("upstream", SimpleType.DYN)
                    .addVar("source", SimpleType.DYN)
                    .addVar("destination", SimpleType.DYN)
                    .addVar("metadata", SimpleType.DYN)
                    .addVar("filter_state", SimpleType.DYN)
                    .addVar("xds", SimpleType.DYN)
                    .build();

    private final CelRuntime.@Nullable Program program;

    private CelLogFilter(CelRuntime.@Nullable Program program) {
        this.program = program;
    }

    /**
     * Compiles an expression.
     *
     * @throws InvalidConfigException when it does not parse
     */
    static CelLogFilter compile(String expression) {
        if (ENVIRONMENT.parse(expression).hasError()) {
            throw new InvalidConfigException(
                    "Not able to parse expression: "
                            + ENVIRONMENT.parse(expression).getErrorString());
        }
        CelValidationResult checked = ENVIRONMENT.compile(expression);
        if (checked.hasError()) {
            return new CelLogFilter(null);
        }
        try {
            return new CelLogFilter(ENVIRONMENT.createProgram(checked.getAst()));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new InvalidConfigException("failed to create an expression: " + e.getMessage());
        }
    }

    @Override
    public boolean takes(FormatContext context) {
        CelRuntime.Program known = program;
        if (known == null) {
            return false;
        }
        StreamAttributes attributes = new StreamAttributes(context);
        try {
            return Boolean.TRUE.equals(
                    known.eval(name -> Optional.ofNullable(attributes.of(name))));
        } catch (CelEvaluationException e) {
            return false;
        }
    }
}
