package dev.meshdojo.simulator.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.analysis.analyzer.Analyzers;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/**
 * Analysis of a set of objects, as {@code istioctl analyze} does it: nothing but the objects given
 * is known. Thread-safe.
 */
public final class Analysis {

    private static final String SUPPRESS = "galley.istio.io/analyze-suppress";

    private final Clock clock;

    /**
     * @param clock tells whether certificates are valid
     */
    public Analysis(Clock clock) {
        this.clock = clock;
    }

    /**
     * What all analyzers say, in istioctl's order and each finding once; without what the objects'
     * own annotations suppress.
     *
     * @param objects complete objects of any kind; of two with one name the later counts
     */
    public List<Message> analyze(Iterable<? extends JsonNode> objects) {
        AnalysisContext context = new AnalysisContext(objects, clock.instant());
        Analyzers.all().forEach(analyzer -> analyzer.analyze(context));
        return context.messages().stream()
                .filter(message -> !suppressed(message))
                .sorted(Message.ORDER)
                .distinct()
                .toList();
    }

    private static boolean suppressed(Message message) {
        String codes = message.subject().annotations().getOrDefault(SUPPRESS, "");
        return Arrays.stream(codes.split(","))
                .anyMatch(code -> code.equals("*") || code.equals(message.code()));
    }
}
