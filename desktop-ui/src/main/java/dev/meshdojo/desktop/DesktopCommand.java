package dev.meshdojo.desktop;

import dev.meshdojo.simulator.cli.Subcommand;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import javafx.application.Application;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code meshdojo desktop}. */
@Command(
        name = "desktop",
        description = "Open the desktop app on a lab.",
        mixinStandardHelpOptions = true)
public final class DesktopCommand implements Subcommand, Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--lab",
            paramLabel = "LAB",
            description = "The lab to open. Default: ${DEFAULT-VALUE}")
    private String lab = "03";

    @Option(
            names = "--load-balancer",
            paramLabel = "MODE",
            description = "none or metallb. Default: ${DEFAULT-VALUE}")
    private LoadBalancer loadBalancer = LoadBalancer.NONE;

    @Override
    public Integer call() {
        Path here = Path.of("").toAbsolutePath();
        Path root =
                Files.isDirectory(here.resolve("labs"))
                        ? here
                        : Path.of(System.getProperty("meshdojo.home", "."));
        if (!Files.isRegularFile(root.resolve("labs").resolve(lab).resolve("lab.yaml"))) {
            spec.commandLine()
                    .getErr()
                    .println("meshdojo: no lab \"" + lab + "\"; see: meshdojo lab list");
            return 2;
        }
        if (needsDisplay() && System.getenv("DISPLAY") == null) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "meshdojo: there is no screen (DISPLAY is not set). Start it in a desktop"
                                    + " session, under xvfb-run, or run the lab in the terminal: meshdojo lab run "
                                    + lab);
            return 3;
        }
        Application.launch(
                MeshDojoApp.class,
                "--root=" + root,
                "--lab=" + lab,
                "--load-balancer=" + loadBalancer.name().toLowerCase(Locale.ROOT));
        return 0;
    }

    private static boolean needsDisplay() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return os.contains("linux") && !"Headless".equals(System.getProperty("glass.platform"));
    }
}
