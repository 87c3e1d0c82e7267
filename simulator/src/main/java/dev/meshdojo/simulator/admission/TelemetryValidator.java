package dev.meshdojo.simulator.admission;

import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.meshdojo.simulator.golang.Failure;
import java.util.List;
import java.util.regex.Pattern;

/** Rules for Telemetry. */
final class TelemetryValidator implements KindValidator {

    private static final Pattern POSITION = Pattern.compile("ERROR: <input>:\\d+:\\d+: ");
    private static final CelParser EXPRESSIONS =
            CelParserFactory.standardCelParserBuilder().build();

    @Override
    public Review review(ObjectUnderReview object) {
        Spec spec = object.spec();
        Review review = CommonRules.policyTargets(spec);
        for (Spec metrics : spec.list("metrics")) {
            review.error(providers(metrics.list("providers")));
            metrics.list("overrides").forEach(override -> override(override, review));
        }
        tracing(spec.list("tracing"), review);
        for (Spec logging : spec.list("accessLogging")) {
            if (logging.has("filter")) {
                review.error(expression(logging.get("filter").text("expression")));
            }
            review.error(providers(logging.list("providers")));
        }
        return review;
    }

    private static Failure providers(List<Spec> providers) {
        return providers.stream().anyMatch(provider -> provider.text("name").isEmpty())
                ? Failure.of("providers.name may not be empty")
                : Failure.NONE;
    }

    private static void override(Spec override, Review review) {
        override.map("tagOverrides")
                .forEach(
                        (name, tag) -> {
                            if (name.isEmpty()) {
                                review.warn("tagOverrides.name may not be empty");
                            }
                            boolean value = !tag.text("value").isEmpty();
                            String operation = tag.text("operation");
                            if (operation.equals("REMOVE")) {
                                if (value) {
                                    review.error(
                                            "tagOverrides.value may only be set when operation is"
                                                    + " UPSERT");
                                }
                            } else if (!value) {
                                review.error(
                                        "tagOverrides.value must be set when operation is UPSERT");
                            }
                        });
        Spec match = override.get("match");
        if (match.has("customMetric") && match.text("customMetric").isEmpty()) {
            review.error("customMetric may not be empty");
        }
    }

    private static void tracing(List<Spec> tracing, Review review) {
        if (tracing.size() > 1) {
            review.warn("multiple tracing is not currently supported");
        }
        for (Spec entry : tracing) {
            if (entry.list("providers").size() > 1) {
                review.warn("multiple providers is not currently supported");
            }
            review.error(providers(entry.list("providers")));
            double percentage = entry.decimal("randomSamplingPercentage");
            if (percentage < 0 || percentage > 100) {
                review.error("randomSamplingPercentage must be in range [0.0, 100.0]");
            }
            entry.map("customTags").forEach((name, tag) -> tag(name, tag, review));
        }
    }

    private static void tag(String name, Spec tag, Review review) {
        if (name.isEmpty()) {
            review.error("tag name may not be empty");
        }
        if (tag.has("literal") && tag.get("literal").text("value").isEmpty()) {
            review.error("literal tag value may not be empty");
        } else if (tag.has("header") && tag.get("header").text("name").isEmpty()) {
            review.error("header tag name may not be empty");
        } else if (tag.has("environment") && tag.get("environment").text("name").isEmpty()) {
            review.error("environment tag name may not be empty");
        }
    }

    /** The parser is Google's in either language; only the way it reports differs. */
    private static Failure expression(String expression) {
        var result = EXPRESSIONS.parse(expression);
        if (!result.hasError()) {
            return Failure.NONE;
        }
        String text =
                POSITION.matcher(result.getErrorString())
                        .replaceAll("$0Syntax error: ")
                        .stripTrailing();
        if (expression.isEmpty()) {
            text = text.replaceFirst(":1:1:", ":1:0:").replaceFirst("(?s)\n.*", "");
        }
        return Failure.of("must be a valid CEL expression, " + text);
    }
}
