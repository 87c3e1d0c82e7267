package dev.meshdojo.simulator.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.scenario.CheckResult;
import dev.meshdojo.simulator.scenario.CheckResult.Status;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes what became of a lab: {@code lab-NN.json} for programs, {@code TEST-lab-NN.xml} (JUnit's
 * form) for CI servers.
 */
public final class LabReports {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private LabReports() {}

    /** Writes both files; creates the directory. */
    public static void write(LabResult result, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("lab-" + result.lab() + ".json"),
                JSON.writeValueAsString(json(result)) + "\n");
        Files.writeString(directory.resolve("TEST-lab-" + result.lab() + ".xml"), junit(result));
    }

    static ObjectNode json(LabResult result) {
        ObjectNode root = JSON.createObjectNode();
        root.put("lab", result.lab());
        root.put("title", result.title());
        root.put("started", result.started().toString());
        root.put("elapsedMillis", result.elapsed().toMillis());
        root.put("passed", result.passed());
        ArrayNode steps = root.putArray("steps");
        for (LabResult.StepResult step : result.steps()) {
            ObjectNode stepNode = steps.addObject();
            stepNode.put("id", step.id());
            stepNode.put("title", step.title());
            if (!step.skipped().isEmpty()) {
                stepNode.put("skipped", step.skipped());
            }
            ArrayNode commands = stepNode.putArray("commands");
            for (LabResult.CommandResult command : step.commands()) {
                commands.addObject()
                        .put("script", command.script())
                        .put("exitCode", command.exitCode())
                        .put("output", command.output())
                        .put("elapsedMillis", command.elapsed().toMillis());
            }
            ArrayNode checks = stepNode.putArray("checks");
            for (CheckResult check : step.checks()) {
                ObjectNode checkNode = checks.addObject();
                checkNode.put("name", check.name());
                checkNode.put("location", check.location());
                checkNode.put("status", check.status().name().toLowerCase(Locale.ROOT));
                checkNode.put("operation", check.operation());
                checkNode.put("elapsedMillis", check.elapsed().toMillis());
                if (check.status() == Status.FAILED) {
                    checkNode.put("expected", check.expected());
                    checkNode.put("seen", check.seen());
                }
            }
        }
        return root;
    }

    static String junit(LabResult result) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "lab " + result.lab() + ": " + result.title());
            xml.writeAttribute("timestamp", result.started().toString());
            xml.writeAttribute("time", seconds(result.elapsed()));
            xml.writeAttribute(
                    "tests",
                    String.valueOf(result.steps().stream().mapToInt(s -> s.checks().size()).sum()));
            xml.writeAttribute("failures", String.valueOf(result.checks(Status.FAILED)));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", String.valueOf(result.checks(Status.SKIPPED)));
            for (LabResult.StepResult step : result.steps()) {
                for (CheckResult check : step.checks()) {
                    testCase(xml, result.lab(), step, check);
                }
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing XML to memory failed", e);
        }
        return text + "\n";
    }

    private static void testCase(
            XMLStreamWriter xml, String lab, LabResult.StepResult step, CheckResult check)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "lab-" + lab + "." + step.id());
        xml.writeAttribute("name", check.name());
        xml.writeAttribute("time", seconds(check.elapsed()));
        switch (check.status()) {
            case PASSED -> {}
            case SKIPPED -> xml.writeEmptyElement("skipped");
            case FAILED -> {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", "expected " + printable(check.expected()));
                xml.writeCharacters(
                        check.location()
                                + "\n"
                                + printable(check.operation())
                                + "\nexpected: "
                                + printable(check.expected())
                                + "\nseen: "
                                + printable(check.seen()));
                xml.writeEndElement();
            }
        }
        xml.writeEndElement();
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
    }

    /** Without the control characters that XML 1.0 cannot carry. */
    private static String printable(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "\uFFFD");
    }
}
