package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/** JSON as Go's encoder writes it: {@code <}, {@code >} and {@code &} escaped. */
final class Json {

    static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            new com.fasterxml.jackson.core.JsonFactoryBuilder()
                                    .characterEscapes(new GoEscapes())
                                    .build())
                    .enable(
                            com.fasterxml.jackson.databind.DeserializationFeature
                                    .USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private static final ObjectWriter WRITER = MAPPER.writer();
    private static final ObjectWriter PRETTY = MAPPER.writer(new GoPrinter());

    private Json() {}

    static byte[] write(JsonNode json) throws JsonProcessingException {
        return WRITER.writeValueAsBytes(json);
    }

    static String pretty(JsonNode json) throws JsonProcessingException {
        return PRETTY.writeValueAsString(json);
    }

    private static final class GoPrinter extends DefaultPrettyPrinter {
        private static final long serialVersionUID = 1L;

        GoPrinter() {
            super(
                    Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""));
            DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
            indentArraysWith(indenter);
            indentObjectsWith(indenter);
        }

        @Override
        public DefaultPrettyPrinter createInstance() {
            return new GoPrinter();
        }
    }

    private static final class GoEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        private static final SerializedString LESS = new SerializedString("\\u003c");
        private static final SerializedString GREATER = new SerializedString("\\u003e");
        private static final SerializedString AMPERSAND = new SerializedString("\\u0026");

        private final int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();

        GoEscapes() {
            for (char c : new char[] {'<', '>', '&'}) {
                codes[c] = CharacterEscapes.ESCAPE_CUSTOM;
            }
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return switch (c) {
                case '<' -> LESS;
                case '>' -> GREATER;
                case '&' -> AMPERSAND;
                case 0x2028, 0x2029 -> new SerializedString(String.format("\\u%04x", c));
                default -> null;
            };
        }
    }
}
