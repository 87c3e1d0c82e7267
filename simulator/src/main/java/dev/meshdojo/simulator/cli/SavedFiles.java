package dev.meshdojo.simulator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files that a state is kept in, as options name them. */
final class SavedFiles {

    private SavedFiles() {}

    /** Reads one. */
    interface Reader<T> {
        T read(Path file) throws IOException;
    }

    /**
     * An old state is not overwritten by a new one, except by the one that goes on from it.
     *
     * @throws CliException when it would be
     */
    static void checkTarget(
            String option, @Nullable Path file, String otherOption, @Nullable Path from) {
        if (file == null || !Files.exists(file)) {
            return;
        }
        boolean goesOn =
                from != null
                        && from.toAbsolutePath()
                                .normalize()
                                .equals(file.toAbsolutePath().normalize());
        if (!goesOn) {
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    option
                            + ": "
                            + file
                            + " exists; add "
                            + otherOption
                            + " "
                            + file
                            + " to go on from it, or remove it");
        }
    }

    /**
     * Reads a state.
     *
     * @throws CliException when it cannot be read
     */
    static <T> T load(String option, Path file, Reader<T> reader) {
        try {
            return reader.read(file);
        } catch (NoSuchFileException e) {
            throw new CliException(
                    ExitCode.BAD_INPUT, option + ": no file " + file + "; check the name");
        } catch (IOException e) {
            throw new CliException(ExitCode.BAD_INPUT, option + ": " + e.getMessage());
        }
    }
}
