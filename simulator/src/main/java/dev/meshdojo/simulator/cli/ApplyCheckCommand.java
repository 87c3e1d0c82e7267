package dev.meshdojo.simulator.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.check.ApplyCheck;
import dev.meshdojo.simulator.check.Finding;
import dev.meshdojo.simulator.check.Sources;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code meshdojo apply-check}. */
@Command(
        name = "apply-check",
        description =
                "Tells what a cluster with Istio would say of files: the API server's and istiod's"
                        + " verdicts and Istio's analysis, offline.")
final class ApplyCheckCommand implements Callable<Integer> {

    /** How to print. */
    enum Output {
        text,
        json
    }

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR",
            arity = "1..*",
            required = true,
            description = "Files or folders with objects; - reads standard input.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "How to print. Default: ${DEFAULT-VALUE}.")
    private Output output = Output.text;

    /** Returns 0 without errors, 1 with errors in readable files, 2 when a file cannot be read. */
    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Sources sources = new Sources();
        List<Finding> findings = new ArrayList<>();
        try {
            for (String name : names) {
                sources.read(name, System.in);
            }
            findings.addAll(sources.findings());
            findings.addAll(ApplyCheck.check(sources.objects()));
        } catch (IOException e) {
            throw new CliException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()));
        }
        if (output == Output.json) {
            out.println(json(findings, sources.objects().size()));
        } else {
            text(findings, sources.objects().size(), out);
        }
        out.flush();
        if (sources.findings().stream().anyMatch(Finding::isError)) {
            return ExitCode.BAD_INPUT;
        }
        return findings.stream().anyMatch(Finding::isError) ? ExitCode.CHECK_FAILED : ExitCode.OK;
    }

    private static void text(List<Finding> findings, int objects, PrintWriter out) {
        for (Finding finding : findings) {
            out.println(
                    finding.file()
                            + ":"
                            + finding.line()
                            + ": "
                            + finding.level().word()
                            + " ["
                            + finding.code()
                            + "]"
                            + (finding.object().isEmpty() ? "" : " " + finding.object())
                            + (finding.path().isEmpty() ? "" : " at " + finding.path()));
            finding.message().strip().lines().forEach(line -> out.println("    " + line));
            out.println("    -> " + finding.remedy());
        }
        long errors = findings.stream().filter(Finding::isError).count();
        out.println(
                objects
                        + (objects == 1 ? " object" : " objects")
                        + " checked: "
                        + errors
                        + (errors == 1 ? " error, " : " errors, ")
                        + (findings.size() - errors)
                        + " other findings");
    }

    private static String json(List<Finding> findings, int objects) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode report = mapper.createObjectNode();
        report.put("objects", objects);
        ArrayNode list = report.putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("level", finding.level().word())
                    .put("code", finding.code())
                    .put("file", finding.file())
                    .put("line", finding.line())
                    .put("path", finding.path())
                    .put("object", finding.object())
                    .put("message", finding.message())
                    .put("remedy", finding.remedy());
        }
        return report.toPrettyString();
    }
}
