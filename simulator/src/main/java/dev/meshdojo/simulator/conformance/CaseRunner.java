package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.conformance.ConformanceCase.RecordedExchange;
import dev.meshdojo.simulator.conformance.ConformanceCase.RecordedVerdict;
import dev.meshdojo.simulator.conformance.wire.Answer;
import dev.meshdojo.simulator.conformance.wire.Client;
import dev.meshdojo.simulator.conformance.wire.Credentials;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs cases on a cluster and compares everything they recorded. */
public final class CaseRunner {

    private static final String DEFAULT_GATEWAY = "istio-system/istio-ingressgateway";
    private static final Instant SAME_SECOND = Instant.parse("2024-06-01T00:00:00Z");
    private static final Duration OBSERVATION = Duration.ofMillis(1_500);
    private static final Duration QUIET = Duration.ofMillis(30);
    private static final Duration SETTLING = Duration.ofMillis(3);
    private static final String DENIED =
            "admission webhook \"rev.validation.istio.io\" denied the request: configuration is"
                    + " invalid: ";

    private final ConformanceTarget target;
    private final Client client;
    private final ServedCertificates certificates;
    private final AnalysisComparison analysis;

    /** A runner of a corpus' cases on {@code target}, which it does not close. */
    public CaseRunner(ConformanceTarget target, Corpus corpus) {
        this.target = target;
        this.client = new Client(new Credentials(corpus.clients()));
        this.certificates = new ServedCertificates(corpus.secrets());
        this.analysis = new AnalysisComparison(corpus);
    }

    /**
     * What became of a case.
     *
     * @param recorded the case
     * @param compared exchanges compared
     * @param equal exchanges that were equal in every field
     * @param differences everything that was not
     */
    public record Outcome(
            ConformanceCase recorded, int compared, int equal, List<Difference> differences) {

        public Outcome {
            differences = List.copyOf(differences);
        }
    }

    /** Applies a case's resources, sends its requests, compares, and removes the resources. */
    public Outcome run(ConformanceCase recorded) throws InterruptedException {
        List<Difference> differences = new ArrayList<>();
        List<ObjectNode> applied = new ArrayList<>();
        int equal = 0;
        try {
            for (ObjectNode resource : recorded.resources()) {
                if (apply(recorded, resource, differences)) {
                    applied.add(resource);
                }
            }
            target.awaitConfigured();
            proxyConfig(recorded, differences);
            differences.addAll(analysis.compare(recorded));
            for (RecordedExchange exchange : recorded.exchanges()) {
                List<Difference> found = exchange(recorded, exchange);
                differences.addAll(found);
                equal += found.isEmpty() ? 1 : 0;
            }
        } finally {
            for (ObjectNode resource : applied.reversed()) {
                target.remove(resource);
            }
            target.awaitConfigured();
        }
        return new Outcome(recorded, recorded.exchanges().size(), equal, differences);
    }

    private boolean apply(
            ConformanceCase recorded, ObjectNode resource, List<Difference> differences)
            throws InterruptedException {
        String created = JsonView.of(resource).at("metadata").text("creationTimestamp");
        String label = ConformanceCase.label(resource);
        ConformanceTarget.Applied said =
                target.apply(resource, created.isEmpty() ? SAME_SECOND : Instant.parse(created));
        RecordedVerdict verdict = verdict(recorded, label);
        String expected =
                verdict.error().isEmpty() ? verdict.schemaError() : DENIED + verdict.error();
        boolean sameError =
                verdict.schemaError().isEmpty()
                        ? said.error().equals(expected)
                        : !said.error().isEmpty();
        if (!sameError) {
            differences.add(
                    new Difference(
                            recorded.name(), label, "validation.error", expected, said.error()));
        }
        String warnings = reviewed(resource) ? String.join("\n", said.warnings()) : "";
        if (said.error().isEmpty() && !words(warnings).equals(words(listed(verdict.warning())))) {
            differences.add(
                    new Difference(
                            recorded.name(),
                            label,
                            "validation.warning",
                            verdict.warning(),
                            warnings));
        }
        return said.error().isEmpty();
    }

    /** Whether Istio's webhook sees it; only the webhook's warnings were recorded. */
    private static boolean reviewed(ObjectNode resource) {
        return resource.path("apiVersion").asText().split("/", 2)[0].endsWith(".istio.io");
    }

    /** What was recorded for a resource; error and warning may be entries of their own. */
    private static RecordedVerdict verdict(ConformanceCase recorded, String label) {
        RecordedVerdict all = new RecordedVerdict(label, "", "", "");
        for (RecordedVerdict one : recorded.verdicts()) {
            if (one.resource().equals(label)) {
                all =
                        new RecordedVerdict(
                                label,
                                all.error() + one.error(),
                                all.schemaError() + one.schemaError(),
                                all.warning() + one.warning());
            }
        }
        return all;
    }

    /** Several warnings were recorded as one bulleted text; the API server sends each by itself. */
    private static String listed(String warnings) {
        return warnings.contains("\n\t* ")
                ? warnings.substring(warnings.indexOf("\n\t* ")).replace("\n\t* ", "\n")
                : warnings;
    }

    /** Headers carry warnings, so line breaks do not survive. */
    private static String words(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private void proxyConfig(ConformanceCase recorded, List<Difference> differences) {
        recorded.proxyConfig()
                .forEach(
                        (gateway, tables) ->
                                tables.forEach(
                                        (table, rows) -> {
                                            List<String> seen =
                                                    ProxyConfigRows.of(
                                                            target.configuration(gateway), table);
                                            if (!sameRows(rows, seen)) {
                                                differences.add(
                                                        new Difference(
                                                                recorded.name(),
                                                                gateway,
                                                                "proxyConfig." + table,
                                                                rows.toString(),
                                                                seen.toString()));
                                            }
                                        }));
    }

    private static boolean sameRows(List<String> expected, List<String> seen) {
        return expected.stream().sorted().toList().equals(seen.stream().sorted().toList());
    }

    private List<Difference> exchange(ConformanceCase recorded, RecordedExchange exchange)
            throws InterruptedException {
        String written = exchange.written().text("gateway");
        String gateway = written.isEmpty() ? DEFAULT_GATEWAY : written;
        JsonView expect = exchange.expect();
        Placeholders placeholders =
                new Placeholders(target.clientAddress(), target.gatewayAddress(gateway));
        ExchangeComparison comparison = new ExchangeComparison(expect, placeholders, certificates);
        List<Difference> out = new ArrayList<>();
        try {
            InetSocketAddress address = target.address(gateway, exchange.request().integer("port"));
            int repeat =
                    Math.max(
                            exchange.request().integer("repeat"),
                            exchange.written().integer("repeat"));
            if (repeat > 0) {
                Distribution distribution = new Distribution();
                target.clearObservations();
                int echoed = 0;
                for (int i = 0; i < repeat; i++) {
                    Answer answer = client.send(address, exchange.request());
                    distribution.add(answer);
                    echoed += EchoAnswers.of(answer).present() ? 1 : 0;
                }
                if (!distribution.fits(expect.at("distribution"))) {
                    out.add(
                            new Difference(
                                    recorded.name(),
                                    exchange.name(),
                                    "distribution",
                                    expect.at("distribution").node().toString(),
                                    distribution.counts().toString()));
                }
                awaitQuiet(echoed);
                return out;
            }
            target.clearObservations();
            long start = System.nanoTime();
            Answer answer = client.send(address, exchange.request());
            long millis = (System.nanoTime() - start) / 1_000_000;
            comparison.answer(answer, millis);
            observe(comparison, expect);
        } catch (IOException e) {
            out.add(
                    new Difference(
                            recorded.name(), exchange.name(), "exchange", "sent", e.toString()));
        }
        for (String[] difference : comparison.differences()) {
            out.add(
                    new Difference(
                            recorded.name(),
                            exchange.name(),
                            difference[0],
                            difference[1],
                            difference[2]));
        }
        return out;
    }

    /** Waits until what many requests left behind has arrived, so that the next sees none of it. */
    private void awaitQuiet(int requests) throws InterruptedException {
        target.awaitObserved(requests, 0, OBSERVATION);
        target.awaitSilence(QUIET);
    }

    /** Waits until as much was observed as was recorded, and a moment more for what is too much. */
    private void observe(ExchangeComparison comparison, JsonView expect)
            throws InterruptedException {
        int requests = expect.list("received").size();
        int entries = expect.list("accessLog").size();
        target.awaitObserved(requests, entries, OBSERVATION);
        target.awaitSilence(SETTLING);
        comparison.received(target.received());
        List<Map<String, @org.jspecify.annotations.Nullable Object>> logged = new ArrayList<>();
        target.accessLog().forEach(entry -> logged.add(new HashMap<>(entry)));
        comparison.accessLog(logged);
    }
}
