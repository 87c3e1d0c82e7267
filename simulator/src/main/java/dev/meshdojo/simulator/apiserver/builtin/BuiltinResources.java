package dev.meshdojo.simulator.apiserver.builtin;

import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceDefinition.Subresource;
import dev.meshdojo.simulator.apiserver.ResourceDefinition.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of Kubernetes' own resources, read once per JVM and shared by all clusters. */
public final class BuiltinResources {

    private static final String TABLE = "resources.txt";
    private static final List<String> VERBS =
            List.of(
                    "create",
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "update",
                    "watch");

    private BuiltinResources() {}

    /** All built-in resources, in discovery's order. */
    public static List<ResourceDefinition> all() {
        return Table.RESOURCES;
    }

    private static final class Table {
        static final List<ResourceDefinition> RESOURCES = read();
    }

    private static List<ResourceDefinition> read() {
        InputStream in = BuiltinResources.class.getResourceAsStream(TABLE);
        if (in == null) {
            throw new IllegalStateException(
                    "the class path lacks " + TABLE + " beside " + BuiltinResources.class);
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(BuiltinResources::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ResourceDefinition parse(String line) {
        String[] cells = line.split("\\|", -1);
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cells[i].strip();
        }
        String group = cells[0];
        String kind = cells[2];
        List<String> verbs = VERBS;
        List<Subresource> subresources = new ArrayList<>();
        for (String word : words(cells[8], " ")) {
            if (word.startsWith("!")) {
                verbs = words(word.substring(1), ",");
            } else {
                subresources.add(subresource(word, kind));
            }
        }
        List<Version> versions = new ArrayList<>();
        for (String version : words(cells[1], ",")) {
            boolean stored = version.endsWith("*");
            String name = stored ? version.substring(0, version.length() - 1) : version;
            versions.add(new Version(name, true, stored, subresources, deprecation(group, kind)));
        }
        return new ResourceDefinition(
                group,
                kind,
                kind + "List",
                cells[3],
                cells[4],
                words(cells[6], ","),
                words(cells[7], ","),
                cells[5].equals("N"),
                verbs,
                versions,
                false,
                BuiltinStrategies.of(group, kind));
    }

    private static @Nullable String deprecation(String group, String kind) {
        return switch (group + "/" + kind) {
            case "/ComponentStatus" -> "v1 ComponentStatus is deprecated in v1.19+";
            case "/Endpoints" ->
                    "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
            default -> null;
        };
    }

    private static Subresource subresource(String word, String parentKind) {
        String[] typed = word.split("@");
        String[] named = typed[0].split(":");
        List<String> verbs =
                named.length > 1 ? words(named[1], ",") : List.of("get", "patch", "update");
        if (typed.length == 1) {
            return new Subresource(named[0], "", "", parentKind, verbs);
        }
        String[] gvk = typed[1].split("/", -1);
        return new Subresource(named[0], gvk[0], gvk[0].isEmpty() ? "" : gvk[1], gvk[2], verbs);
    }

    private static List<String> words(String text, String separator) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(separator));
    }
}
