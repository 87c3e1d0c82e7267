package dev.meshdojo.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import dev.meshdojo.simulator.scenario.CheckResult.Status;
import dev.meshdojo.simulator.scenario.HttpProbe.ProbeRequest;
import dev.meshdojo.simulator.scenario.Operation.RequestTarget;
import dev.meshdojo.simulator.scenario.Operation.ResponseExpectation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs operations and checks. A check is tried again until it holds or its time is up; what was
 * seen last is what its result reports. Thread-safe as far as the context is.
 */
public final class OperationRunner {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ScenarioContext context;

    public OperationRunner(ScenarioContext context) {
        this.context = context;
    }

    /**
     * One try of an operation.
     *
     * @param expected empty when all was as wanted
     * @param seen what was seen instead
     */
    private record Attempt(String expected, String seen) {
        static final Attempt PASSED = new Attempt("", "");

        boolean passed() {
            return expected.isEmpty();
        }
    }

    /** Runs a check to its end. Never throws for what the cluster does. */
    public CheckResult run(Check check) throws InterruptedException {
        long start = System.nanoTime();
        String operation = check.operation().summary();
        if (check.when().isPresent() && !holds(check.when().get())) {
            return new CheckResult(
                    check.name(),
                    check.location(),
                    Status.SKIPPED,
                    operation,
                    "",
                    "",
                    Duration.ZERO);
        }
        long deadline = start + check.timeout().toNanos();
        CountDownLatch pause = new CountDownLatch(1);
        Attempt attempt = attempt(check.operation());
        while (!attempt.passed() && System.nanoTime() < deadline) {
            pause.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            attempt = attempt(check.operation());
        }
        return new CheckResult(
                check.name(),
                check.location(),
                attempt.passed() ? Status.PASSED : Status.FAILED,
                operation,
                attempt.expected(),
                attempt.seen(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /** Whether a condition holds now. */
    public boolean holds(Condition condition) {
        return switch (condition) {
            case Condition.LoadBalancerMode(String mode) ->
                    context.loadBalancer().name().equalsIgnoreCase(mode);
            case Condition.ExternalAddress(String namespace, String service, boolean present) ->
                    hasExternalAddress(namespace, service) == present;
        };
    }

    private boolean hasExternalAddress(String namespace, String name) {
        var service = context.cluster().client().services().inNamespace(namespace).withName(name);
        return Optional.ofNullable(service.get())
                .map(found -> found.getStatus())
                .map(status -> status.getLoadBalancer())
                .map(balancer -> !balancer.getIngress().isEmpty())
                .orElse(false);
    }

    private Attempt attempt(Operation operation) throws InterruptedException {
        try {
            context.cluster().awaitConfigured(Duration.ofSeconds(5));
        } catch (TimeoutException e) {
            return new Attempt(
                    "every proxy to run the newest configuration", String.valueOf(e.getMessage()));
        }
        return switch (operation) {
            case Operation.Run run -> run(run);
            case Operation.Request request -> request(request);
            case Operation.AssertObject assertion -> assertObject(assertion);
            case Operation.Apply apply -> kubectl("apply", apply.files(), apply.namespace());
            case Operation.Delete delete -> kubectl("delete", delete.files(), delete.namespace());
        };
    }

    private Attempt kubectl(String verb, List<String> files, Optional<String> namespace)
            throws InterruptedException {
        StringBuilder script = new StringBuilder("kubectl ").append(verb);
        namespace.ifPresent(name -> script.append(" -n ").append(name));
        files.forEach(file -> script.append(" -f '").append(file).append('\''));
        return run(
                new Operation.Run(script.toString(), 0, TextExpectation.ANY, TextExpectation.ANY));
    }

    private Attempt run(Operation.Run run) throws InterruptedException {
        ScenarioContext.ScriptResult result = context.scripts().run(run.script());
        List<String> mismatches = new ArrayList<>();
        if (result.exitCode() != run.exit()) {
            mismatches.add("exit code " + run.exit());
        }
        mismatches.addAll(run.stdout().mismatches("stdout", result.stdout()));
        mismatches.addAll(run.stderr().mismatches("stderr", result.stderr()));
        if (mismatches.isEmpty()) {
            return Attempt.PASSED;
        }
        return new Attempt(
                String.join("; ", mismatches),
                "exit code "
                        + result.exitCode()
                        + section("stdout", result.stdout())
                        + section("stderr", result.stderr()));
    }

    private static String section(String name, String text) {
        return text.isBlank() ? "" : "\n" + name + ":\n" + text.stripTrailing();
    }

    private Attempt request(Operation.Request operation) throws InterruptedException {
        String host;
        int port;
        String path;
        switch (operation.target()) {
            case RequestTarget.Url(String text) -> {
                String url = context.scripts().expand(text);
                URI uri;
                try {
                    uri = URI.create(url);
                } catch (IllegalArgumentException e) {
                    return new Attempt("a URL", url);
                }
                if (uri.getHost() == null) {
                    return new Attempt("a URL with a host", url + " (from " + text + ")");
                }
                host = uri.getHost();
                port = uri.getPort() < 0 ? 80 : uri.getPort();
                String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                path = (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath()) + query;
            }
            case RequestTarget.GatewayService(String namespace, String name, int servicePort) -> {
                host = name + "." + namespace + ".svc.cluster.local";
                port = servicePort;
                path = operation.request().path();
            }
        }
        Map<String, String> headers = new LinkedHashMap<>();
        operation.request().host().ifPresent(value -> headers.put("Host", value));
        headers.putAll(operation.request().headers());
        HttpProbe.Outcome outcome =
                context.probe()
                        .send(
                                new ProbeRequest(
                                        operation.request().method(),
                                        host,
                                        port,
                                        path,
                                        headers,
                                        operation.request().body(),
                                        Duration.ofSeconds(10)));
        return compare(operation.expect(), outcome);
    }

    private static Attempt compare(ResponseExpectation expect, HttpProbe.Outcome outcome) {
        return switch (outcome) {
            case HttpProbe.Outcome.Refused(String reason) ->
                    expect.outcome() == Operation.Outcome.REFUSED
                            ? Attempt.PASSED
                            : new Attempt(wanted(expect), "the connection was refused: " + reason);
            case HttpProbe.Outcome.Closed(String reason) ->
                    expect.outcome() == Operation.Outcome.CLOSED
                            ? Attempt.PASSED
                            : new Attempt(
                                    wanted(expect),
                                    "the connection ended without answer: " + reason);
            case HttpProbe.Outcome.Response response -> {
                List<String> mismatches = mismatches(expect, response);
                yield mismatches.isEmpty()
                        ? Attempt.PASSED
                        : new Attempt(
                                String.join("; ", mismatches),
                                "status "
                                        + response.status()
                                        + section("headers", response.headers().toString())
                                        + section("body", response.body()));
            }
        };
    }

    private static String wanted(ResponseExpectation expect) {
        return switch (expect.outcome()) {
            case RESPONSE -> expect.status().map(status -> "status " + status).orElse("a response");
            case REFUSED -> "a refused connection";
            case CLOSED -> "a connection that ends without answer";
        };
    }

    private static List<String> mismatches(
            ResponseExpectation expect, HttpProbe.Outcome.Response response) {
        List<String> mismatches = new ArrayList<>();
        if (expect.outcome() != Operation.Outcome.RESPONSE) {
            mismatches.add(wanted(expect));
            return mismatches;
        }
        if (expect.status().isPresent() && expect.status().get() != response.status()) {
            mismatches.add("status " + expect.status().get());
        }
        expect.headers()
                .forEach(
                        (name, value) -> {
                            if (!response.headers().getOrDefault(name, List.of()).contains(value)) {
                                mismatches.add("header " + name + ": " + value);
                            }
                        });
        mismatches.addAll(expect.body().mismatches("body", response.body()));
        expect.json()
                .forEach(
                        (path, value) -> {
                            if (!value.equals(jsonValue(response.body(), path))) {
                                mismatches.add(path + " = " + value);
                            }
                        });
        return mismatches;
    }

    private static String jsonValue(String body, String path) {
        try {
            return String.valueOf(JsonPath.<Object>read(body, path));
        } catch (PathNotFoundException | IllegalArgumentException e) {
            return "";
        } catch (com.jayway.jsonpath.InvalidJsonException e) {
            return "";
        }
    }

    private Attempt assertObject(Operation.AssertObject assertion) {
        JsonNode expected = assertion.resource();
        String namespace = expected.path("metadata").path("namespace").asText();
        String name = expected.path("metadata").path("name").asText();
        GenericKubernetesResource found;
        try {
            var resources =
                    context.cluster()
                            .client()
                            .genericKubernetesResources(
                                    expected.path("apiVersion").asText(),
                                    expected.path("kind").asText());
            found =
                    namespace.isEmpty()
                            ? resources.withName(name).get()
                            : resources.inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException e) {
            return new Attempt(assertion.summary(), String.valueOf(e.getMessage()));
        }
        if (found == null) {
            return new Attempt(assertion.summary(), "no such object");
        }
        List<String> differences = PartialMatch.differences(expected, JSON.valueToTree(found));
        return differences.isEmpty()
                ? Attempt.PASSED
                : new Attempt(assertion.summary(), String.join("\n", differences));
    }
}
