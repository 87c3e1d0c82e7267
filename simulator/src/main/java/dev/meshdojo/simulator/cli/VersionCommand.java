package dev.meshdojo.simulator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code meshdojo version}. */
@Command(
        name = "version",
        description = "Print the versions of Mesh Dojo and what it stands in for.")
final class VersionCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        for (String line : new Provider().getVersion()) {
            spec.commandLine().getOut().println(line);
        }
        return ExitCode.OK;
    }

    /** The lines of {@code version} and {@code --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "meshdojo " + (version == null ? "development build" : version),
                "kubernetes v1.35.4 (in-process API server)",
                "envoy 1.40 (behaviour of the gateway runtime)",
                "java " + Runtime.version()
            };
        }
    }
}
