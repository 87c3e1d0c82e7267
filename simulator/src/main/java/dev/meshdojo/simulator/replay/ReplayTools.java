package dev.meshdojo.simulator.replay;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the real tools are.
 *
 * @param kubectl the program
 * @param helm the program, when there is one
 */
public record ReplayTools(Path kubectl, Optional<Path> helm) {

    /**
     * Looks at {@code MESHDOJO_KUBECTL} and {@code MESHDOJO_HELM}, then along {@code PATH}.
     *
     * @return empty when there is no kubectl
     */
    public static Optional<ReplayTools> find(Map<String, String> environment) {
        return program(environment, "kubectl")
                .map(kubectl -> new ReplayTools(kubectl, program(environment, "helm")));
    }

    private static Optional<Path> program(Map<String, String> environment, String name) {
        String named = environment.get("MESHDOJO_" + name.toUpperCase(java.util.Locale.ROOT));
        if (named != null && Files.isExecutable(Path.of(named))) {
            return Optional.of(Path.of(named).toAbsolutePath());
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    /** A search path that finds these tools first. */
    String searchPath(String rest) {
        Set<String> folders = new LinkedHashSet<>();
        folders.add(String.valueOf(kubectl.getParent()));
        helm.ifPresent(program -> folders.add(String.valueOf(program.getParent())));
        folders.add(rest);
        return String.join(File.pathSeparator, folders);
    }
}
