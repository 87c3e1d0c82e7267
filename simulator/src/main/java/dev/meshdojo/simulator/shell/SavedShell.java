package dev.meshdojo.simulator.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a lab shell remembers from one command to the next, apart from the cluster, as it was at one
 * moment. Immutable; survives the shell. {@code KUBECONFIG} is left out where it is the shell's
 * own.
 *
 * @param directory the working directory
 * @param variables all variables
 * @param exported names of variables that programs see
 * @param readonly names of variables that cannot be set again
 * @param options names of {@code set -o} options
 * @param functions source by name
 * @param jobs what ran in the background
 */
public record SavedShell(
        String directory,
        Map<String, String> variables,
        Set<String> exported,
        Set<String> readonly,
        Set<String> options,
        Map<String, String> functions,
        List<SavedJob> jobs) {

    public SavedShell {
        variables = Map.copyOf(variables);
        exported = Set.copyOf(exported);
        readonly = Set.copyOf(readonly);
        options = Set.copyOf(options);
        functions = Map.copyOf(functions);
        jobs = List.copyOf(jobs);
    }

    /**
     * A background job.
     *
     * @param pid unique in the shell it ran in
     * @param source as typed, without {@code &}
     */
    public record SavedJob(int pid, String source) {}

    /** The working directory as a path. */
    public Path path() {
        return Path.of(directory);
    }
}
