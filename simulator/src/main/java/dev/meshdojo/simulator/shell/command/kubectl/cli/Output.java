package dev.meshdojo.simulator.shell.command.kubectl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.print.JsonPathException;
import dev.meshdojo.simulator.shell.command.kubectl.print.ObjectPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The {@code -o} flag. */
public final class Output {

    /** The flags that belong to it. */
    public static final String FLAGS =
            "output:o= template= allow-missing-template-keys show-managed-fields";

    private static final String ALLOWED =
            "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,"
                    + "jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml";

    private Output() {}

    /**
     * A printer of whole objects; null for tables ({@code -o wide} or nothing).
     *
     * @throws KubectlException in kubectl's words
     */
    public static @Nullable ObjectPrinter printer(Session session) {
        Flags flags = session.flags();
        String output = flags.value("output");
        if (output.isEmpty() && flags.given("template")) {
            output = "go-template";
        }
        if (output.isEmpty() || output.equals("wide")) {
            return null;
        }
        int equals = output.indexOf('=');
        String name = equals < 0 ? output : output.substring(0, equals);
        String argument = equals < 0 ? flags.value("template") : output.substring(equals + 1);
        if (name.endsWith("-file") || name.equals("templatefile")) {
            argument = read(session, argument);
            name = name.replace("-file", "").replace("templatefile", "go-template");
        }
        boolean headers = !flags.is("no-headers");
        boolean managed = flags.is("show-managed-fields");
        try {
            return new ObjectPrinter(
                    format(name, output, argument), argument, managed, headers, Output::name);
        } catch (JsonPathException e) {
            throw KubectlException.error(
                    name.startsWith("jsonpath")
                            ? "error parsing jsonpath " + argument + ", " + e.getMessage()
                            : e.getMessage());
        }
    }

    private static ObjectPrinter.Format format(String name, String output, String argument) {
        ObjectPrinter.Format format =
                switch (name) {
                    case "yaml", "kyaml" -> ObjectPrinter.Format.YAML;
                    case "json" -> ObjectPrinter.Format.JSON;
                    case "name" -> ObjectPrinter.Format.NAME;
                    case "jsonpath" -> ObjectPrinter.Format.JSONPATH;
                    case "jsonpath-as-json" -> ObjectPrinter.Format.JSONPATH_AS_JSON;
                    case "go-template", "template" -> ObjectPrinter.Format.TEMPLATE;
                    case "custom-columns" -> ObjectPrinter.Format.COLUMNS;
                    default ->
                            throw KubectlException.error(
                                    "unable to match a printer suitable for the output format \""
                                            + output
                                            + "\", allowed formats are: "
                                            + ALLOWED);
                };
        if (argument.isEmpty() && (name.startsWith("jsonpath") || name.endsWith("template"))) {
            throw KubectlException.error("template format specified but no template given");
        }
        return format;
    }

    private static String read(Session session, String name) {
        try {
            return Files.readString(session.file(name)).strip();
        } catch (IOException e) {
            throw KubectlException.error(
                    "error reading --template "
                            + name
                            + ", open "
                            + name
                            + ": no such file or directory");
        }
    }

    /** {@code deployment.apps/web}. */
    public static String name(JsonNode object) {
        String apiVersion = object.path("apiVersion").asText("");
        int slash = apiVersion.indexOf('/');
        String kind = object.path("kind").asText("").toLowerCase(Locale.ROOT);
        String group = slash < 0 ? "" : "." + apiVersion.substring(0, slash);
        return kind + group + "/" + object.path("metadata").path("name").asText();
    }
}
