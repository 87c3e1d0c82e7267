package dev.meshdojo.simulator.conformance;

import dev.meshdojo.simulator.conformance.wire.Answer;
import dev.meshdojo.simulator.conformance.wire.TlsFacts;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares one exchange with its recording, field by field. */
final class ExchangeComparison {

    private final JsonView expect;
    private final Placeholders placeholders;
    private final ServedCertificates certificates;
    private final List<String[]> differences = new ArrayList<>();

    ExchangeComparison(
            JsonView expect, Placeholders placeholders, ServedCertificates certificates) {
        this.expect = expect;
        this.placeholders = placeholders;
        this.certificates = certificates;
    }

    /** Field, expectation and what was seen of everything that differs. */
    List<String[]> differences() {
        return differences;
    }

    void answer(Answer answer, long millis) {
        field("outcome", expect.text("outcome"), answer.outcome());
        tls(answer.tls());
        switch (answer.outcome()) {
            case "response" -> response(answer);
            case "tls-alert" -> field("alert", expect.text("alert"), answer.detail());
            case "stream-reset" -> field("reset", expect.text("reset"), answer.detail());
            case "data" -> field("data", expect.text("data"), answer.detail());
            default -> {}
        }
        if (expect.has("elapsed")) {
            elapsed(expect.text("elapsed"), millis);
        }
    }

    void received(List<JsonView> seen) {
        List<JsonView> expected = expect.list("received");
        List<JsonView> left = new ArrayList<>(seen);
        for (JsonView wanted : expected) {
            JsonView hit = null;
            List<String> closest = null;
            for (JsonView candidate : left) {
                List<String> wrong = receivedProblems(wanted, candidate);
                if (wrong.isEmpty()) {
                    hit = candidate;
                    break;
                }
                if (closest == null || wrong.size() < closest.size()) {
                    closest = wrong;
                }
            }
            if (hit != null) {
                left.remove(hit);
            } else {
                different(
                        "received",
                        wanted.text("service") + " " + wanted.text("path"),
                        closest == null ? "nothing" : String.join("; ", closest));
            }
        }
        if (expected.size() != seen.size()) {
            different(
                    "received",
                    expected.size() + " requests",
                    seen.size()
                            + " requests: "
                            + seen.stream()
                                    .map(r -> r.text("service") + " " + r.text("path"))
                                    .toList());
        }
    }

    void accessLog(List<Map<String, @Nullable Object>> seen) {
        List<JsonView> expected = expect.list("accessLog");
        List<Map<String, @Nullable Object>> left = new ArrayList<>(seen);
        for (JsonView wanted : expected) {
            Map<String, @Nullable Object> hit = null;
            for (Map<String, @Nullable Object> candidate : left) {
                if (logged(wanted, candidate)) {
                    hit = candidate;
                    break;
                }
            }
            if (hit == null) {
                different("accessLog", wanted.node().toString(), shown(wanted, left));
            } else {
                left.remove(hit);
            }
        }
        if (expected.size() != seen.size()) {
            different(
                    "accessLog",
                    expected.size() + " entries",
                    seen.size()
                            + " entries: "
                            + seen.stream().map(ExchangeComparison::summary).toList());
        }
    }

    private void response(Answer answer) {
        field("status", expect.text("status"), Integer.toString(answer.status()));
        field(
                "interim",
                expect.texts("interim").toString(),
                answer.interim().stream().map(String::valueOf).toList().toString());
        JsonView echo = EchoAnswers.of(answer);
        headers("headers", expect.at("headers"), answer.headers(), echo.present());
        headers("trailers", expect.at("trailers"), answer.trailers(), false);
        String answeredBy = echo.present() ? echo.text("service") + " " + echo.text("version") : "";
        field("answeredBy", expect.text("answeredBy"), answeredBy);
        if (!echo.present()) {
            field("body", expect.text("body"), answer.body());
        }
        boolean announced =
                answer.headers().stream()
                        .anyMatch(h -> h.name().equals("connection") && h.value().equals("close"));
        if (!announced) {
            field("connection", expect.text("connection"), answer.closed() ? "closed" : "");
        } else if (!answer.closed()) {
            different("connection", "closed, as announced", "open");
        }
    }

    private void headers(
            String field, JsonView expected, List<Answer.Header> seen, boolean fromEcho) {
        Map<String, List<String>> lines = new TreeMap<>();
        for (Answer.Header header : seen) {
            boolean ignored =
                    header.name().equals("date")
                            || (fromEcho && header.name().equals("content-length"));
            if (!ignored) {
                lines.computeIfAbsent(header.name(), n -> new ArrayList<>()).add(header.value());
            }
        }
        headerLines(field, lines(expected), lines);
    }

    private void headerLines(
            String field, Map<String, List<String>> expected, Map<String, List<String>> seen) {
        expected.forEach(
                (name, values) -> {
                    List<String> found = seen.getOrDefault(name, List.of());
                    if (!same(values, found)) {
                        different(field + "." + name, values.toString(), found.toString());
                    }
                });
        seen.forEach(
                (name, values) -> {
                    if (!expected.containsKey(name)) {
                        different(field + "." + name, "none", values.toString());
                    }
                });
    }

    private static Map<String, List<String>> lines(JsonView headers) {
        Map<String, List<String>> out = new LinkedHashMap<>();
        headers.fields()
                .forEach(
                        (name, value) ->
                                out.put(
                                        name,
                                        value.node().isArray()
                                                ? value.elements().stream()
                                                        .map(JsonView::asText)
                                                        .toList()
                                                : List.of(value.asText())));
        return out;
    }

    private boolean same(List<String> expected, List<String> seen) {
        if (expected.size() != seen.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!placeholders.matches(expected.get(i), seen.get(i))) {
                return false;
            }
        }
        return true;
    }

    private List<String> receivedProblems(JsonView wanted, JsonView candidate) {
        List<String> out = new ArrayList<>();
        for (String field : List.of("service", "version", "protocol", "method", "path", "data")) {
            if (wanted.has(field)
                    && !placeholders.matches(wanted.text(field), candidate.text(field))) {
                out.add(field + " " + candidate.text(field));
            }
        }
        if (wanted.has("data")) {
            return out;
        }
        if (!placeholders.matches(wanted.text("body"), candidate.text("body"))) {
            out.add("body " + candidate.text("body"));
        }
        Map<String, List<String>> lines = new TreeMap<>();
        for (JsonView header : candidate.list("headers")) {
            List<JsonView> pair = header.elements();
            String name = pair.get(0).asText().toLowerCase(Locale.ROOT); // as the records have it
            lines.computeIfAbsent(name, n -> new ArrayList<>()).add(pair.get(1).asText());
        }
        Map<String, List<String>> expected = lines(wanted.at("headers"));
        expected.forEach(
                (name, values) -> {
                    List<String> found = lines.getOrDefault(name, List.of());
                    if (!same(values, found)) {
                        out.add(name + " " + found + " instead of " + values);
                    }
                });
        lines.forEach(
                (name, values) -> {
                    if (!expected.containsKey(name)) {
                        out.add(name + " " + values + " too many");
                    }
                });
        return out;
    }

    private boolean logged(JsonView wanted, Map<String, @Nullable Object> candidate) {
        for (Map.Entry<String, JsonView> field : wanted.fields().entrySet()) {
            if (!placeholders.matches(
                    field.getValue().asText(), text(candidate.get(field.getKey())))) {
                return false;
            }
        }
        return true;
    }

    private static String shown(JsonView wanted, List<Map<String, @Nullable Object>> left) {
        List<String> out = new ArrayList<>();
        for (Map<String, @Nullable Object> entry : left) {
            Map<String, String> fields = new LinkedHashMap<>();
            wanted.fields().keySet().forEach(name -> fields.put(name, text(entry.get(name))));
            out.add(fields.toString());
        }
        return out.toString();
    }

    private static String summary(Map<String, @Nullable Object> entry) {
        return text(entry.get("method"))
                + " "
                + text(entry.get("path"))
                + " "
                + text(entry.get("response_code"))
                + " "
                + text(entry.get("response_flags"))
                + " "
                + text(entry.get("response_code_details"));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private void tls(@Nullable TlsFacts facts) {
        JsonView expected = expect.at("tls");
        if (!expected.present() || facts == null) {
            if (expected.present() != (facts != null)) {
                different("tls", expected.node().toString(), String.valueOf(facts));
            }
            return;
        }
        field("tls.version", expected.text("version"), facts.version());
        field("tls.alpn", expected.text("alpn"), facts.alpn());
        field(
                "tls.certificate",
                expected.text("certificate"),
                certificates.name(facts.certificate()));
        Boolean trusted = facts.trusted();
        if (trusted != null) {
            field("tls.trusted", Boolean.toString(expected.flag("trusted")), trusted.toString());
        }
    }

    private void elapsed(String recorded, long millis) {
        long expected = Long.parseLong(recorded.substring(0, recorded.length() - 2));
        if (Math.abs(millis - expected) > expected * 0.2 + 150) {
            different("elapsed", recorded, millis + "ms");
        }
    }

    private void field(String name, String expected, String seen) {
        if (!placeholders.matches(expected, seen)) {
            different(name, expected, seen);
        }
    }

    private void different(String field, String expected, String seen) {
        differences.add(new String[] {field, expected, seen});
    }
}
