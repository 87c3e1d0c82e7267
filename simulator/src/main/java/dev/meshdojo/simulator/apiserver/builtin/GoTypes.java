package dev.meshdojo.simulator.apiserver.builtin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Go types of the built-in kinds: field order, presence when empty, names in error texts. */
final class GoTypes {

    private static final String TABLE = "go-types.txt";

    private static final class Shared {
        static final GoTypes INSTANCE = new GoTypes();
    }

    private final Map<String, Struct> structs = new HashMap<>();
    private final Map<String, String> named = new HashMap<>();

    private GoTypes() {
        InputStream in = GoTypes.class.getResourceAsStream(TABLE);
        if (in == null) {
            throw new IllegalStateException(
                    "the class path lacks " + TABLE + " beside " + GoTypes.class);
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(this::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The types of this JVM. */
    static GoTypes shared() {
        return Shared.INSTANCE;
    }

    /** The struct of a kind, or null. */
    @Nullable Struct kind(String group, String version, String kind) {
        String pkg = group.isEmpty() ? "core" : group;
        int dot = pkg.indexOf('.');
        return structs.get((dot < 0 ? pkg : pkg.substring(0, dot)) + "." + version + "." + kind);
    }

    private void read(String line) {
        String[] words = line.split(" ");
        if (words[1].equals("=")) {
            named.put(words[0], words[2]);
            return;
        }
        Map<String, Field> fields = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int eq = words[i].indexOf('=');
            String type = words[i].substring(eq + 1);
            boolean always = type.endsWith("!");
            boolean omitZero = type.endsWith("?");
            String plain = always || omitZero ? type.substring(0, type.length() - 1) : type;
            String[] name = words[i].substring(0, eq).split("@");
            String goPath = name.length == 1 ? name[0] : name[1] + "." + name[0];
            fields.put(
                    name[0], new Field(name[0], goPath, new Type(this, plain), always, omitZero));
        }
        structs.put(words[0], new Struct(words[0], fields));
    }

    /**
     * A struct.
     *
     * @param name such as {@code core.v1.PodSpec}
     * @param fields in order of encoding
     */
    record Struct(String name, Map<String, Field> fields) {
        /** The name without its package. */
        String simpleName() {
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }

    /**
     * A field.
     *
     * @param name in JSON
     * @param type its Go type
     * @param always whether it is encoded when empty
     * @param goPath the name as error texts have it, behind the embedded structs it is promoted
     *     from
     * @param omitZero whether a zero struct is left out
     */
    record Field(String name, String goPath, Type type, boolean always, boolean omitZero) {}

    /** A Go type, resolved as far as it is looked at. Its kind is worked out once. */
    static final class Type {
        private final GoTypes types;
        private final String text;
        private volatile @Nullable Resolved resolved;

        Type(GoTypes types, String text) {
            this.types = types;
            this.text = text;
        }

        Resolved resolve() {
            Resolved known = resolved;
            if (known == null) {
                known = Resolved.of(types, text);
                resolved = known;
            }
            return known;
        }
    }

    /** What kind of type it is. */
    enum Kind {
        STRUCT,
        LIST,
        MAP,
        STRING,
        BOOL,
        INT,
        FLOAT,
        BYTES,
        TIME,
        MICRO_TIME,
        QUANTITY,
        INT_OR_STRING,
        ANY
    }

    /**
     * A resolved type.
     *
     * @param kind what it is
     * @param pointer whether a zero value is kept
     * @param struct for structs
     * @param element for lists and maps
     * @param display as error texts name it
     */
    record Resolved(
            Kind kind,
            boolean pointer,
            @Nullable Struct struct,
            @Nullable Type element,
            String display) {

        static Resolved of(GoTypes types, String text) {
            if (text.startsWith("*")) {
                Resolved target = of(types, text.substring(1));
                return new Resolved(
                        target.kind, true, target.struct, target.element, target.display);
            }
            if (text.equals("[]byte")) {
                return new Resolved(Kind.BYTES, false, null, null, "[]uint8");
            }
            if (text.startsWith("[]")) {
                return new Resolved(
                        Kind.LIST,
                        false,
                        null,
                        new Type(types, text.substring(2)),
                        "[]" + display(text.substring(2)));
            }
            if (text.startsWith("{}")) {
                return new Resolved(
                        Kind.MAP,
                        false,
                        null,
                        new Type(types, text.substring(2)),
                        "map[string]" + display(text.substring(2)));
            }
            String alias = types.named.get(text);
            if (alias != null) {
                Resolved target = of(types, alias);
                return new Resolved(
                        target.kind, false, target.struct, target.element, display(text));
            }
            Struct struct = types.structs.get(text);
            if (struct != null) {
                return new Resolved(Kind.STRUCT, false, struct, null, display(text));
            }
            Kind kind =
                    switch (text) {
                        case "string" -> Kind.STRING;
                        case "bool" -> Kind.BOOL;
                        case "int32", "int64", "int" -> Kind.INT;
                        case "float64" -> Kind.FLOAT;
                        case "Time", "meta.v1.Time" -> Kind.TIME;
                        case "MicroTime", "meta.v1.MicroTime" -> Kind.MICRO_TIME;
                        case "Quantity" -> Kind.QUANTITY;
                        case "IntOrString" -> Kind.INT_OR_STRING;
                        default -> Kind.ANY;
                    };
            return new Resolved(kind, false, null, null, display(text));
        }

        /** {@code core.v1.PodSpec} is {@code v1.PodSpec} in Go's texts. */
        private static String display(String text) {
            if (text.startsWith("*")) {
                return "*" + display(text.substring(1));
            }
            if (text.equals("[]byte")) {
                return "[]uint8";
            }
            if (text.startsWith("[]")) {
                return "[]" + display(text.substring(2));
            }
            if (text.startsWith("{}")) {
                return "map[string]" + display(text.substring(2));
            }
            int first = text.indexOf('.');
            return first == text.lastIndexOf('.') ? text : text.substring(first + 1);
        }
    }
}
