package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.GoDuration;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import dev.meshdojo.simulator.shell.command.kubectl.print.TablePrinter;
import dev.meshdojo.simulator.shell.command.kubectl.rest.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** From {@code deploy/web}, {@code svc/web} or a pod's name to a pod. */
final class PodResolution {

    private PodResolution() {}

    /**
     * A pod, and the object it was found by.
     *
     * @param pod the pod
     * @param through what the user named; the pod itself when it was one
     */
    record Resolved(JsonNode pod, JsonNode through) {
        String name() {
            return pod.path("metadata").path("name").asText();
        }

        String namespace() {
            return pod.path("metadata").path("namespace").asText();
        }
    }

    /** The best pod; waits for one to run. */
    static Resolved one(Session session, String word) throws InterruptedException {
        JsonNode object = named(session, word);
        if (object.path("kind").asText().equals("Pod")) {
            return new Resolved(object, object);
        }
        Duration limit = GoDuration.parse(session.flags(), "pod-running-timeout", "1m0s");
        List<JsonNode> found = new ArrayList<>();
        boolean some =
                Polling.until(
                        session,
                        limit,
                        () -> {
                            found.clear();
                            found.addAll(pods(session, object));
                            return !found.isEmpty();
                        });
        if (!some) {
            throw KubectlException.error("timed out waiting for the condition");
        }
        found.sort(
                Comparator.comparing(PodResolution::running)
                        .thenComparing(PodResolution::ready)
                        .reversed()
                        .thenComparing(p -> p.path("metadata").path("creationTimestamp").asText()));
        return new Resolved(found.getFirst(), object);
    }

    /** The object that the word names; a bare word is a pod. */
    static JsonNode named(Session session, String word) throws InterruptedException {
        int slash = word.indexOf('/');
        Resource resource = session.resource(slash < 0 ? "pods" : word.substring(0, slash));
        return session.client().get(resource.path(session.namespace(), word.substring(slash + 1)));
    }

    /** All pods behind an object. */
    static List<JsonNode> pods(Session session, JsonNode object) throws InterruptedException {
        String selector = selector(object);
        Resource pods = session.resource("pods");
        String namespace = object.path("metadata").path("namespace").asText();
        List<JsonNode> found = new ArrayList<>();
        session.client()
                .get(pods.path(namespace) + "?labelSelector=" + Targets.encode(selector))
                .path("items")
                .forEach(found::add);
        return found;
    }

    private static String selector(JsonNode object) {
        JsonNode spec = object.path("spec");
        String kind = object.path("kind").asText();
        JsonNode selector = spec.path("selector");
        if (kind.equals("Service") || kind.equals("ReplicationController")) {
            if (selector.isEmpty()) {
                throw KubectlException.error(
                        "invalid service '"
                                + object.path("metadata").path("name").asText()
                                + "': Service is defined without a selector");
            }
            return TablePrinter.labels(selector);
        }
        if (!selector.has("matchLabels") && !selector.has("matchExpressions")) {
            throw KubectlException.error(
                    "cannot attach to *" + kind + ": selector for " + kind + " not implemented");
        }
        return dev.meshdojo.simulator.shell.command.kubectl.describe.SelectorText.of(selector);
    }

    private static boolean running(JsonNode pod) {
        return pod.path("status").path("phase").asText().equals("Running")
                && pod.path("metadata").path("deletionTimestamp").isMissingNode();
    }

    private static boolean ready(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }
}
