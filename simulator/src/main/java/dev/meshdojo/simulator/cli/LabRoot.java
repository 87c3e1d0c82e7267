package dev.meshdojo.simulator.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where labs are looked for: the working directory when it has {@code labs/}, otherwise this
 * installation.
 */
final class LabRoot {

    private LabRoot() {}

    static Path find() {
        Path here = Path.of("").toAbsolutePath();
        if (Files.isDirectory(here.resolve("labs"))) {
            return here;
        }
        String home = System.getProperty("meshdojo.home");
        if (home != null && Files.isDirectory(Path.of(home, "labs"))) {
            return Path.of(home);
        }
        throw new CliException(
                ExitCode.BAD_INPUT,
                "no directory labs/ in " + here + "; change to the one that holds your labs");
    }
}
