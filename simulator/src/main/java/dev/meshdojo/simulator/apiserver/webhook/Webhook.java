package dev.meshdojo.simulator.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One webhook of a configuration.
 *
 * @param uid tells it from all others
 * @param spec as configured, with defaults
 */
record Webhook(String uid, JsonNode spec) {

    private static final String GROUP = "admissionregistration.k8s.io";
    private static final int TIMEOUT_SECONDS = 10;

    /** All webhooks of a kind of configuration, in the order in which they are called. */
    static List<Webhook> all(ResourceApi api, String plural) {
        List<Webhook> webhooks = new ArrayList<>();
        for (ObjectNode configuration : api.list(GROUP, plural, "", "").items()) {
            String name = configuration.path("metadata").path("name").asText();
            Map<String, Integer> seen = new HashMap<>();
            for (JsonNode spec : configuration.path("webhooks")) {
                String own = spec.path("name").asText();
                int number = seen.merge(own, 1, Integer::sum) - 1;
                webhooks.add(new Webhook(name + "/" + own + "/" + number, spec));
            }
        }
        return webhooks;
    }

    String name() {
        return spec.path("name").asText();
    }

    JsonNode client() {
        return spec.path("clientConfig");
    }

    boolean failsOpen() {
        return spec.path("failurePolicy").asText().equals("Ignore");
    }

    boolean matchesEquivalent() {
        return !spec.path("matchPolicy").asText().equals("Exact");
    }

    boolean reinvocable() {
        return spec.path("reinvocationPolicy").asText().equals("IfNeeded");
    }

    boolean dryRunnable() {
        String effects = spec.path("sideEffects").asText();
        return effects.equals("None") || effects.equals("NoneOnDryRun");
    }

    int timeoutSeconds() {
        return spec.path("timeoutSeconds").asInt(TIMEOUT_SECONDS);
    }
}
