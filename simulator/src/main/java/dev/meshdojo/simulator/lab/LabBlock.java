package dev.meshdojo.simulator.lab;

/** A part of a step: text, something to run, or something to look at. */
public sealed interface LabBlock {

    /** Markdown between code blocks. */
    record Prose(String markdown) implements LabBlock {}

    /**
     * A code block followed by {@code {{exec}}}: a click runs it.
     *
     * @param script one or more lines for the lab shell
     * @param line where its first line stands in the step file, from 1
     */
    record Command(String script, int line) implements LabBlock {}

    /**
     * A code block that is only shown.
     *
     * @param language the word after the fence, possibly empty
     */
    record Listing(String language, String text) implements LabBlock {}
}
