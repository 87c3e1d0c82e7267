package dev.meshdojo.simulator.check;

import dev.meshdojo.simulator.analysis.Level;

/**
 * One thing to know about the files.
 *
 * @param level how bad it is; with an error {@code kubectl apply} fails or traffic will
 * @param code {@code syntax}, {@code invalid}, {@code badRequest}, {@code denied}, {@code warning},
 *     or an analyzer's code such as {@code IST0101}
 * @param file the file as named, {@code -} for standard input
 * @param line the line in the file, counted from 1
 * @param path JSON path in the object such as {@code spec.http[0].match}; empty when the finding is
 *     about the whole object
 * @param object {@code Kind namespace/name}; empty when the file could not be read
 * @param message what a cluster would say, word for word
 * @param remedy what to do about it
 */
public record Finding(
        Level level,
        String code,
        String file,
        int line,
        String path,
        String object,
        String message,
        String remedy) {

    /** Whether the objects cannot be applied, or will not work, as they are. */
    public boolean isError() {
        return level == Level.ERROR;
    }
}
