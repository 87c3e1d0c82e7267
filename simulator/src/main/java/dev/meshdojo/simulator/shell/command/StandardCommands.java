package dev.meshdojo.simulator.shell.command;

import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.ShellCommand;
import dev.meshdojo.simulator.shell.command.curl.CurlCommand;
import dev.meshdojo.simulator.shell.command.istioctl.IstioctlCommand;
import dev.meshdojo.simulator.shell.command.kubectl.KubectlCommand;
import dev.meshdojo.simulator.shell.command.openssl.OpensslCommand;
import dev.meshdojo.simulator.shell.command.text.EnvironmentPrograms;
import dev.meshdojo.simulator.shell.command.text.FilePrograms;
import dev.meshdojo.simulator.shell.command.text.LinePrograms;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The programs that every lab shell has. */
public final class StandardCommands {

    private StandardCommands() {}

    /** All of them. */
    public static List<ShellCommand> all() {
        List<ShellCommand> all = new ArrayList<>();
        all.addAll(FilePrograms.programs());
        all.addAll(LinePrograms.programs());
        all.addAll(EnvironmentPrograms.programs());
        all.add(Lsof.program());
        all.add(new KubectlCommand());
        all.add(new IstioctlCommand());
        all.add(new CurlCommand());
        all.add(new OpensslCommand());
        return List.copyOf(all);
    }

    /**
     * Opens a shell with all programs, as the labs and {@code meshdojo shell} use it.
     *
     * @param directory where it starts; labs use the repository's root
     */
    public static Shell open(Cluster cluster, Path directory) {
        String home = System.getProperty("user.home");
        String user = System.getProperty("user.name");
        Map<String, String> environment =
                Map.of(
                        "HOME",
                        home,
                        "USER",
                        user,
                        "SHELL",
                        "/bin/meshdojo",
                        "LANG",
                        "C.UTF-8",
                        "PATH",
                        "/usr/bin");
        return new Shell(cluster, directory, environment, all(), InstantSource.system());
    }
}
