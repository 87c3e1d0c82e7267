package dev.meshdojo.simulator.apiserver.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meshdojo.simulator.apiserver.model.Field.ListType;
import dev.meshdojo.simulator.apiserver.model.Field.PatchStrategy;
import dev.meshdojo.simulator.apiserver.model.FieldType.ListOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.MapOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.Ref;
import dev.meshdojo.simulator.apiserver.model.FieldType.Scalar;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parsed facts table, {@code kubernetes-types.txt}; its head explains the format. */
final class FactsTable {

    private static final String RESOURCE = "kubernetes-types.txt";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, TypeFacts> types = new HashMap<>();
    private final List<KindDefinition> kinds = new ArrayList<>();
    private final Map<String, String> definitions = new HashMap<>();

    private FactsTable() {}

    static FactsTable load() {
        InputStream in = FactsTable.class.getResourceAsStream(RESOURCE);
        if (in == null) {
            throw new IllegalStateException(
                    "the class path lacks " + RESOURCE + " beside " + FactsTable.class.getName());
        }
        FactsTable table = new FactsTable();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            table.read(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    @Nullable TypeFacts of(String shortName) {
        return types.get(shortName);
    }

    @Nullable String definitionOf(String group, String version, String kind) {
        return definitions.get(group + "/" + version + "/" + kind);
    }

    List<KindDefinition> kinds() {
        return List.copyOf(kinds);
    }

    private void read(List<String> lines) {
        String type = "";
        boolean atomic = false;
        Entries entries = new Entries();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("kind ")) {
                addKind(line.split(" "));
            } else if (line.startsWith(" ")) {
                entries.add(line.strip());
            } else {
                put(type, atomic, entries);
                String[] words = line.split(" ");
                type = words[0];
                atomic = words.length > 1 && words[1].equals("atomic");
                entries = new Entries();
            }
        }
        put(type, atomic, entries);
    }

    private void put(String type, boolean atomic, Entries entries) {
        if (!type.isEmpty()) {
            types.put(
                    type,
                    new TypeFacts(
                            atomic,
                            Map.copyOf(entries.fields),
                            Map.copyOf(entries.types),
                            Set.copyOf(entries.removed)));
        }
    }

    /** {@code kind GROUP|core VERSION KIND SHORT-DEFINITION}. */
    private void addKind(String[] words) {
        String group = words[1].equals("core") ? "" : words[1];
        KindDefinition kind =
                new KindDefinition(group, words[2], words[3], Definitions.fullName(words[4]));
        kinds.add(kind);
        definitions.put(group + "/" + words[2] + "/" + words[3], kind.definition());
    }

    private static final class Entries {
        final Map<String, Field> fields = new LinkedHashMap<>();
        final Map<String, FieldType> types = new LinkedHashMap<>();
        final Set<String> removed = new HashSet<>();

        void add(String line) {
            String[] words = line.split(" ");
            String name = words[0];
            if (name.startsWith("-")) {
                removed.add(name.substring(1));
                return;
            }
            Field field = ModelReflection.plain(name, Scalar.RAW);
            for (int i = 1; i < words.length; i++) {
                String word = words[i];
                if (word.startsWith(":")) {
                    types.put(name, parseType(word.substring(1)));
                } else {
                    field = with(field, word);
                }
            }
            fields.put(name, field);
        }

        private static Field with(Field f, String word) {
            int eq = word.indexOf('=');
            String key = eq < 0 ? word : word.substring(0, eq);
            String value = eq < 0 ? "" : word.substring(eq + 1);
            boolean required = f.required();
            ListType listType = f.listType();
            List<String> keys = f.listMapKeys();
            boolean atomic = f.atomic();
            Set<PatchStrategy> strategies = f.patchStrategies();
            String mergeKey = f.patchMergeKey();
            List<String> values = f.enumValues();
            JsonNode defaultValue = f.defaultValue();
            Field.Wire wire = f.wire();
            if (word.startsWith("#")) {
                key = "#";
                wire = wire(word.substring(1));
            }
            switch (key) {
                case "#" -> {}
                case "required" -> required = true;
                case "set" -> listType = ListType.SET;
                case "map" -> {
                    listType = ListType.MAP;
                    keys = List.of(value.split(","));
                }
                case "atomic" -> atomic = true;
                case "patch" -> strategies = parseStrategies(value);
                case "key" -> mergeKey = value;
                case "enum" -> values = List.of(value.replace("%20", " ").split(",", -1));
                case "default" -> defaultValue = json(value);
                default ->
                        throw new IllegalStateException(
                                RESOURCE + " " + f.name() + ": unknown word \"" + word + "\"");
            }
            return new Field(
                    f.name(),
                    f.type(),
                    required,
                    listType,
                    keys,
                    atomic,
                    strategies,
                    mergeKey,
                    values,
                    defaultValue,
                    wire);
        }

        private static Set<PatchStrategy> parseStrategies(String value) {
            Set<PatchStrategy> strategies = new HashSet<>();
            for (String strategy : value.split(",")) {
                strategies.add(
                        switch (strategy) {
                            case "merge" -> PatchStrategy.MERGE;
                            case "retainKeys" -> PatchStrategy.RETAIN_KEYS;
                            default -> PatchStrategy.REPLACE;
                        });
            }
            return strategies;
        }

        private static Field.Wire wire(String text) {
            boolean keepsZero = text.endsWith("+");
            String path = keepsZero ? text.substring(0, text.length() - 1) : text;
            List<Integer> numbers = new ArrayList<>();
            for (String number : path.split("\\.")) {
                numbers.add(Integer.valueOf(number));
            }
            return new Field.Wire(numbers, keepsZero);
        }

        private static JsonNode json(String value) {
            try {
                return JSON.readTree(value);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(RESOURCE + ": not JSON: " + value, e);
            }
        }

        private static FieldType parseType(String text) {
            if (text.startsWith("list:")) {
                return new ListOf(parseType(text.substring(5)));
            }
            if (text.startsWith("map:")) {
                return new MapOf(parseType(text.substring(4)));
            }
            return text.indexOf('.') > 0
                    ? new Ref(Definitions.fullName(text))
                    : Scalar.valueOf(text);
        }
    }
}
