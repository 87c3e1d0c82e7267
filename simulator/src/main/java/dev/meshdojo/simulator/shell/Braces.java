package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code a{b,c}d} and {@code {1..5}}, in the unquoted text of a word. */
final class Braces {

    private static final Pattern RANGE =
            Pattern.compile("(-?\\d+)\\.\\.(-?\\d+)(?:\\.\\.(-?\\d+))?");
    private static final Pattern LETTERS = Pattern.compile("([A-Za-z])\\.\\.([A-Za-z])");

    private Braces() {}

    static List<Word> expand(Word word) {
        for (int i = 0; i < word.parts().size(); i++) {
            if (word.parts().get(i) instanceof Word.Literal(String text) && text.contains("{")) {
                int open = text.indexOf('{');
                while (open >= 0) {
                    int close = closing(text, open);
                    List<String> choices =
                            close < 0 ? List.of() : choices(text.substring(open + 1, close));
                    if (!choices.isEmpty()) {
                        return spread(
                                word,
                                i,
                                text.substring(0, open),
                                choices,
                                text.substring(close + 1));
                    }
                    open = text.indexOf('{', open + 1);
                }
            }
        }
        return List.of(word);
    }

    private static List<Word> spread(
            Word word, int at, String before, List<String> choices, String after) {
        List<Word> words = new ArrayList<>();
        for (String choice : choices) {
            List<Word.Part> parts = new ArrayList<>(word.parts());
            parts.set(at, new Word.Literal(before + choice + after));
            words.addAll(expand(new Word(parts)));
        }
        return words;
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> choices(String body) {
        Matcher range = RANGE.matcher(body);
        if (range.matches()) {
            int from = Integer.parseInt(range.group(1));
            int to = Integer.parseInt(range.group(2));
            int step =
                    range.group(3) == null
                            ? 1
                            : Math.max(1, Math.abs(Integer.parseInt(range.group(3))));
            List<String> numbers = new ArrayList<>();
            for (int i = from; from <= to ? i <= to : i >= to; i += from <= to ? step : -step) {
                numbers.add(String.valueOf(i));
            }
            return numbers;
        }
        Matcher letters = LETTERS.matcher(body);
        if (letters.matches()) {
            char from = letters.group(1).charAt(0);
            char to = letters.group(2).charAt(0);
            List<String> list = new ArrayList<>();
            for (char c = from; from <= to ? c <= to : c >= to; c += (char) (from <= to ? 1 : -1)) {
                list.add(String.valueOf(c));
            }
            return list;
        }
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(body.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(body.substring(start));
        return parts.size() > 1 ? parts : List.of();
    }
}
