package dev.meshdojo.simulator.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a step file into blocks. The dialect is Killercoda's: a fenced block whose closing fence
 * is followed by {@code {{exec}}} can be run. CommonMark allows nothing behind a closing fence, so
 * blocks are cut before markdown is rendered.
 */
public final class LabMarkdown {

    private static final String FENCE = "```";

    private LabMarkdown() {}

    /** The blocks of a file, in order; an unclosed fence ends with the file. */
    public static List<LabBlock> parse(String text) {
        List<LabBlock> blocks = new ArrayList<>();
        StringBuilder prose = new StringBuilder();
        List<String> lines = text.lines().toList();
        int i = 0;
        while (i < lines.size()) {
            String line = lines.get(i++);
            if (!line.startsWith(FENCE)) {
                prose.append(line).append('\n');
                continue;
            }
            addProse(blocks, prose);
            String language = line.substring(FENCE.length()).strip();
            int first = i;
            StringBuilder code = new StringBuilder();
            while (i < lines.size() && !lines.get(i).startsWith(FENCE)) {
                code.append(lines.get(i)).append('\n');
                i++;
            }
            String closing = i < lines.size() ? lines.get(i++).substring(FENCE.length()) : "";
            blocks.add(
                    closing.startsWith("{{exec")
                            ? new LabBlock.Command(code.toString(), first + 1)
                            : new LabBlock.Listing(language, code.toString()));
        }
        addProse(blocks, prose);
        return blocks;
    }

    /** The first heading of the text, without its marks; {@code fallback} when there is none. */
    public static String title(String text, String fallback) {
        return text.lines()
                .filter(line -> line.startsWith("#"))
                .findFirst()
                .map(line -> line.replaceFirst("^#+\\s*", "").strip())
                .orElse(fallback);
    }

    private static void addProse(List<LabBlock> blocks, StringBuilder prose) {
        if (!prose.toString().isBlank()) {
            blocks.add(new LabBlock.Prose(prose.toString().strip() + "\n"));
        }
        prose.setLength(0);
    }
}
