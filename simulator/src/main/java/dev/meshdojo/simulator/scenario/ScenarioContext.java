package dev.meshdojo.simulator.scenario;

import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;

/**
 * What operations act on. Owns nothing.
 *
 * @param cluster the cluster under test
 * @param loadBalancer who answers for Services of type LoadBalancer, as far as the run knows
 * @param scripts runs lab-shell scripts in the lab's own shell
 * @param probe sends requests
 */
public record ScenarioContext(
        Cluster cluster, LoadBalancer loadBalancer, Scripts scripts, HttpProbe probe) {

    /** The lab shell, as far as operations need it. */
    public interface Scripts {

        /** Runs a script and keeps what it wrote. */
        ScriptResult run(String script) throws InterruptedException;

        /** The text with the shell's variables replaced, as in double quotes. */
        String expand(String text) throws InterruptedException;
    }

    /** What a script wrote, and its exit code. */
    public record ScriptResult(int exitCode, String stdout, String stderr) {}
}
