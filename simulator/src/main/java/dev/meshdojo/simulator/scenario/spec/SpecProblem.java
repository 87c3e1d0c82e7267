package dev.meshdojo.simulator.scenario.spec;

/**
 * One mistake in a lab or scenario file.
 *
 * @param file the file as the user named it
 * @param line from 1
 * @param column from 1
 * @param path JSON path of the value, such as {@code $.spec.steps[2].file}
 * @param message what is wrong and what would be right
 */
public record SpecProblem(String file, int line, int column, String path, String message) {

    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + path + ": " + message;
    }
}
