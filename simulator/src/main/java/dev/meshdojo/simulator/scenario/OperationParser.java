package dev.meshdojo.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import dev.meshdojo.simulator.scenario.Operation.HttpRequestSpec;
import dev.meshdojo.simulator.scenario.Operation.Outcome;
import dev.meshdojo.simulator.scenario.Operation.RequestTarget;
import dev.meshdojo.simulator.scenario.Operation.ResponseExpectation;
import dev.meshdojo.simulator.scenario.spec.SpecReader;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads checks and operations from a lab or scenario file. Problems are noted on the reader.
 * Stateless.
 */
public final class OperationParser {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);
    private static final List<String> OPERATIONS =
            List.of("run", "request", "assert", "apply", "delete");

    private OperationParser() {}

    /** One check: a name, an optional {@code when}, and exactly one operation. */
    public static Check check(SpecReader reader) {
        String name = reader.text("name");
        Optional<Condition> when =
                reader.optionalObject("when").flatMap(OperationParser::condition);
        Duration timeout = reader.duration("timeout", DEFAULT_TIMEOUT);
        Operation operation = operation(reader);
        reader.finish();
        return new Check(name, reader.location(), when, operation, timeout);
    }

    /** A {@code when} mapping. */
    public static Optional<Condition> condition(SpecReader reader) {
        Optional<Condition> condition = Optional.empty();
        Optional<String> mode = reader.optionalText("loadBalancer");
        Optional<String> present = reader.optionalText("externalAddress");
        Optional<String> absent = reader.optionalText("noExternalAddress");
        if (mode.isPresent()) {
            if (!mode.get().equals("none") && !mode.get().equals("metallb")) {
                reader.problem("loadBalancer", "must be none or metallb");
            }
            condition = Optional.of(new Condition.LoadBalancerMode(mode.get()));
        } else if (present.isPresent() || absent.isPresent()) {
            String key = present.isPresent() ? "externalAddress" : "noExternalAddress";
            String[] parts = namespacedName(reader, key, present.or(() -> absent).orElse(""));
            condition =
                    Optional.of(
                            new Condition.ExternalAddress(parts[0], parts[1], present.isPresent()));
        } else {
            reader.problem("is empty; expected loadBalancer, externalAddress or noExternalAddress");
        }
        reader.finish();
        return condition;
    }

    private static Operation operation(SpecReader reader) {
        List<String> given = OPERATIONS.stream().filter(reader::has).toList();
        if (given.size() != 1) {
            reader.problem(
                    (given.isEmpty() ? "has no operation" : "has several operations: " + given)
                            + "; expected exactly one of "
                            + String.join(", ", OPERATIONS));
            OPERATIONS.forEach(reader::raw);
            reader.raw("expect");
            return new Operation.Apply(List.of(), Optional.empty());
        }
        return switch (given.getFirst()) {
            case "run" -> run(reader);
            case "request" -> request(reader);
            case "assert" -> assertion(reader);
            case "apply" -> files(reader.object("apply"), false);
            default -> files(reader.object("delete"), true);
        };
    }

    private static Operation run(SpecReader reader) {
        String script = reader.text("run");
        Optional<SpecReader> expect = reader.optionalObject("expect");
        int exit = expect.flatMap(e -> e.optionalInteger("exit")).orElse(0);
        TextExpectation stdout = expect.map(e -> text(e, "stdout")).orElse(TextExpectation.ANY);
        TextExpectation stderr = expect.map(e -> text(e, "stderr")).orElse(TextExpectation.ANY);
        expect.ifPresent(SpecReader::finish);
        return new Operation.Run(script, exit, stdout, stderr);
    }

    private static Operation request(SpecReader reader) {
        SpecReader request = reader.object("request");
        Optional<String> url = request.optionalText("url");
        Optional<String> gateway = request.optionalText("gateway");
        Optional<Integer> port = request.optionalInteger("port");
        RequestTarget target;
        if (url.isPresent() == gateway.isPresent()) {
            request.problem("needs either url, or gateway and port");
            target = new RequestTarget.Url("");
        } else if (url.isPresent()) {
            target = new RequestTarget.Url(url.get());
        } else {
            String[] parts = namespacedName(request, "gateway", gateway.orElse(""));
            target = new RequestTarget.GatewayService(parts[0], parts[1], port.orElse(80));
        }
        HttpRequestSpec spec =
                new HttpRequestSpec(
                        request.optionalText("method").orElse("GET"),
                        request.optionalText("path").orElse("/"),
                        request.optionalText("host"),
                        request.textMap("headers"),
                        request.optionalText("body").orElse(""));
        request.finish();
        return new Operation.Request(target, spec, response(reader.object("expect")));
    }

    private static ResponseExpectation response(SpecReader expect) {
        Outcome outcome = Outcome.RESPONSE;
        Optional<String> outcomeText = expect.optionalText("outcome");
        if (outcomeText.isPresent()) {
            try {
                outcome = Outcome.valueOf(outcomeText.get().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                expect.problem("outcome", "must be response, refused or closed");
            }
        }
        Map<String, String> headers = new TreeMap<>();
        expect.textMap("headers")
                .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        Map<String, String> json = expect.textMap("json");
        for (String path : json.keySet()) {
            try {
                JsonPath.compile(path);
            } catch (InvalidPathException e) {
                expect.problem("json", path + " is no JSON path: " + e.getMessage());
            }
        }
        ResponseExpectation expectation =
                new ResponseExpectation(
                        outcome,
                        expect.optionalInteger("status"),
                        headers,
                        text(expect, "body"),
                        json);
        expect.finish();
        return expectation;
    }

    private static Operation assertion(SpecReader reader) {
        SpecReader assertion = reader.object("assert");
        SpecReader resource = assertion.object("resource");
        resource.text("apiVersion");
        resource.text("kind");
        resource.object("metadata").text("name");
        JsonNode partial = assertion.raw("resource");
        assertion.finish();
        return new Operation.AssertObject(partial);
    }

    private static Operation files(SpecReader reader, boolean delete) {
        List<String> files = reader.texts("files");
        if (files.isEmpty()) {
            reader.problem("files", "is missing or empty");
        }
        Optional<String> namespace = reader.optionalText("namespace");
        reader.finish();
        return delete
                ? new Operation.Delete(files, namespace)
                : new Operation.Apply(files, namespace);
    }

    private static TextExpectation text(SpecReader parent, String key) {
        Optional<SpecReader> reader = parent.optionalObject(key);
        if (reader.isEmpty()) {
            return TextExpectation.ANY;
        }
        SpecReader text = reader.get();
        Optional<Pattern> pattern = Optional.empty();
        try {
            pattern = text.optionalText("matches").map(Pattern::compile);
        } catch (PatternSyntaxException e) {
            text.problem("matches", "is no regular expression: " + e.getDescription());
        }
        TextExpectation expectation =
                new TextExpectation(
                        text.optionalText("equals"),
                        text.texts("contains"),
                        text.texts("lacks"),
                        pattern);
        text.finish();
        return expectation;
    }

    private static String[] namespacedName(SpecReader reader, String key, String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            reader.problem(key, "must be NAMESPACE/NAME, but is " + text);
            return new String[] {"", ""};
        }
        return parts;
    }
}
