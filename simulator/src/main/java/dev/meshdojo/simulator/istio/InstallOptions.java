package dev.meshdojo.simulator.istio;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code istioctl install} was asked for.
 *
 * @param files texts of IstioOperator YAML, from {@code -f}, in order
 * @param set {@code path=value} from {@code --set}, in order
 * @param revision from {@code --revision}; empty for none
 * @param dryRun change nothing
 * @param skipWait do not wait until Deployments are ready
 * @param readinessTimeout how long to wait for them
 */
public record InstallOptions(
        List<String> files,
        List<String> set,
        String revision,
        boolean dryRun,
        boolean skipWait,
        Duration readinessTimeout) {

    /** istioctl's default patience. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    public InstallOptions {
        files = List.copyOf(files);
        set = List.copyOf(set);
    }

    /** A profile and nothing else. */
    public static InstallOptions profile(String name) {
        return new InstallOptions(
                List.of(), List.of("profile=" + name), "", false, false, PATIENCE);
    }

    /** All {@code --set} flags, with those that have an option of their own. */
    List<String> flags() {
        List<String> flags = new ArrayList<>(set);
        if (!revision.isEmpty()) {
            flags.add("revision=" + revision);
        }
        return flags;
    }
}
