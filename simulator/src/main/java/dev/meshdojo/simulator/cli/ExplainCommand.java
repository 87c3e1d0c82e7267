package dev.meshdojo.simulator.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.meshdojo.simulator.check.Finding;
import dev.meshdojo.simulator.check.SourceObject;
import dev.meshdojo.simulator.check.Sources;
import dev.meshdojo.simulator.explain.ExplainedRequest;
import dev.meshdojo.simulator.explain.Explainer;
import dev.meshdojo.simulator.explain.Explanation;
import dev.meshdojo.simulator.explain.ExplanationText;
import dev.meshdojo.simulator.explain.RefusedObjectsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code meshdojo explain}. */
@Command(
        name = "explain",
        description = {
            "Tells which route answers a request, and why no other does.",
            "Applies the files to a cluster of its own, sends the request through its gateway, and prints"
                    + " what the gateway looked at, with file and line."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  meshdojo explain -f manifests/ --request 'GET http://shop.example.com/cart' -H 'x-user: anna'"
        })
final class ExplainCommand implements Callable<Integer> {

    private enum Output {
        TEXT,
        JSON
    }

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR",
            required = true,
            arity = "1..*",
            description = "Kubernetes and Istio objects; - reads standard input.")
    private List<String> names = List.of();

    @Option(
            names = "--request",
            paramLabel = "REQUEST",
            required = true,
            description = "\"METHOD http://host/path\"; https sends the host as SNI.")
    private String request = "";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME: VALUE",
            description = "A header of the request; may be repeated.")
    private List<String> headers = List.of();

    @Option(
            names = "--gateway",
            paramLabel = "NS/NAME",
            description = "The gateway's Service. Default: the one that has a route.")
    private @Nullable String gateway;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "text or json. Default: ${DEFAULT-VALUE}")
    private Output output = Output.TEXT;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        try {
            Explanation explanation =
                    Explainer.explain(objects(), ExplainedRequest.parse(request, headers), gateway);
            if (output == Output.JSON) {
                out.println(
                        JsonMapper.builder()
                                .build()
                                .writerWithDefaultPrettyPrinter()
                                .writeValueAsString(explanation));
            } else {
                ExplanationText.of(explanation).forEach(out::println);
            }
            out.flush();
            return ExitCode.OK;
        } catch (RefusedObjectsException | IOException | IllegalArgumentException e) {
            throw new CliException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()));
        } catch (TimeoutException e) {
            throw new CliException(
                    ExitCode.ENVIRONMENT, "the gateway got no configuration: " + e.getMessage());
        }
    }

    private List<SourceObject> objects() throws IOException {
        Sources sources = new Sources();
        for (String name : names) {
            sources.read(name, System.in);
        }
        String unreadable =
                sources.findings().stream()
                        .filter(Finding::isError)
                        .map(
                                finding ->
                                        finding.file()
                                                + ":"
                                                + finding.line()
                                                + ": "
                                                + finding.message())
                        .collect(Collectors.joining("\n"));
        if (!unreadable.isEmpty()) {
            throw new IOException(unreadable);
        }
        return sources.objects();
    }
}
