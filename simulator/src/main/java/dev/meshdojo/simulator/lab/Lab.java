package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.scenario.Check;
import dev.meshdojo.simulator.scenario.Condition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A lab as read from {@code labs/NN/lab.yaml} and its step files. Immutable.
 *
 * @param name short name, such as {@code 03}
 * @param title what a list shows
 * @param summary one sentence
 * @param root the directory that holds {@code labs/}; commands run there
 * @param istio the Istio profile the cluster starts with
 * @param namespaces created before the first step
 * @param manifests applied before the first step
 * @param steps in order
 */
public record Lab(
        String name,
        String title,
        String summary,
        Path root,
        IstioProfile istio,
        List<String> namespaces,
        List<Manifests> manifests,
        List<Step> steps) {

    public Lab {
        namespaces = List.copyOf(namespaces);
        manifests = List.copyOf(manifests);
        steps = List.copyOf(steps);
    }

    /**
     * Manifests that a lab takes for granted.
     *
     * @param path a file or directory, relative to the lab's root
     * @param namespace where namespaced objects without one go
     */
    public record Manifests(Path path, String namespace) {}

    /**
     * One page of a lab.
     *
     * @param id the file's name without extension
     * @param title its first heading
     * @param when the step is left out unless this holds; always shown when absent
     * @param blocks text and commands, in order
     * @param checks what must hold after the commands
     */
    public record Step(
            String id,
            String title,
            Optional<Condition> when,
            List<LabBlock> blocks,
            List<Check> checks) {

        public Step {
            blocks = List.copyOf(blocks);
            checks = List.copyOf(checks);
        }

        /** The commands alone, in order. */
        public List<LabBlock.Command> commands() {
            return blocks.stream()
                    .filter(LabBlock.Command.class::isInstance)
                    .map(LabBlock.Command.class::cast)
                    .toList();
        }
    }
}
