package dev.meshdojo.simulator.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/**
 * The kubeconfig that transcripts were recorded with: one context {@code lab} of cluster {@code
 * lab}, user {@code admin} and namespace {@code lab}.
 *
 * @param yaml the file's content
 * @param server the API server's URL
 */
record LabKubeconfig(String yaml, String server) {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /**
     * Keeps cluster and user of the current context and renames them.
     *
     * @throws IllegalArgumentException when the text is no kubeconfig with a current context
     */
    static LabKubeconfig from(String kubeconfig) {
        try {
            JsonNode given = YAML.readTree(kubeconfig);
            JsonNode context =
                    named(given, "contexts", given.path("current-context").asText())
                            .path("context");
            JsonNode cluster =
                    named(given, "clusters", context.path("cluster").asText()).path("cluster");
            JsonNode user = named(given, "users", context.path("user").asText()).path("user");
            ObjectNode config = YAML.createObjectNode();
            config.put("apiVersion", "v1").put("kind", "Config").put("current-context", "lab");
            config.putArray("clusters").addObject().put("name", "lab").set("cluster", cluster);
            config.putArray("users").addObject().put("name", "admin").set("user", user);
            config.putArray("contexts")
                    .addObject()
                    .put("name", "lab")
                    .putObject("context")
                    .put("cluster", "lab")
                    .put("user", "admin")
                    .put("namespace", "lab");
            return new LabKubeconfig(
                    YAML.writeValueAsString(config), cluster.path("server").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a kubeconfig: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonNode named(JsonNode config, String list, String name) {
        for (JsonNode entry : config.path(list)) {
            if (entry.path("name").asText().equals(name)) {
                return entry;
            }
        }
        throw new IllegalArgumentException(
                "the kubeconfig's current context needs an entry \"" + name + "\" in " + list);
    }
}
