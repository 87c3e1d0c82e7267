package dev.meshdojo.simulator.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The Kubernetes version that the API server behaves as. */
public final class ServerVersion {

    /** The release, as kubelets and {@code kubectl version} show it. */
    public static final String RELEASE = "v1.35.4";

    private ServerVersion() {}

    /** The answer to {@code /version}. */
    public static ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", "1")
                .put("minor", "35")
                .put("emulationMajor", "1")
                .put("emulationMinor", "35")
                .put("minCompatibilityMajor", "1")
                .put("minCompatibilityMinor", "34")
                .put("gitVersion", RELEASE)
                .put("gitCommit", "0000000000000000000000000000000000000000")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-04-15T00:00:00Z")
                .put("goVersion", "go1.25.8")
                .put("compiler", "gc")
                .put("platform", "linux/amd64");
    }
}
