package dev.meshdojo.simulator.shell.command.kubectl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.rest.Resource;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code TYPE NAME…}, {@code TYPE/NAME…}, {@code TYPE,TYPE}, and {@code -f}. */
public final class Targets {

    private final Session session;

    private Targets(Session session) {
        this.session = session;
    }

    /** The targets of these arguments, and of {@code -f}. */
    public static List<Target> of(Session session, List<String> arguments)
            throws InterruptedException {
        Targets targets = new Targets(session);
        if (Manifests.given(session.flags())) {
            return targets.files();
        }
        return targets.arguments(arguments);
    }

    private List<Target> files() throws InterruptedException {
        List<Target> targets = new ArrayList<>();
        for (Manifests.Manifest manifest : Manifests.read(session)) {
            targets.add(of(session, manifest));
        }
        return targets;
    }

    /** The target that a manifest names; checks {@code -n} against the object's own namespace. */
    public static Target of(Session session, Manifests.Manifest manifest)
            throws InterruptedException {
        Resource resource = kind(session, manifest);
        JsonNode metadata = manifest.object().path("metadata");
        String own = metadata.path("namespace").asText("");
        if (!resource.namespaced()) {
            return new Target(resource, "", manifest.name());
        }
        if (!own.isEmpty() && session.namespaceGiven() && !own.equals(session.namespace())) {
            throw KubectlException.error(
                    "the namespace from the provided object \""
                            + own
                            + "\" does not match the namespace \""
                            + session.namespace()
                            + "\". You must pass '--namespace="
                            + own
                            + "' to perform this operation.");
        }
        return new Target(resource, own.isEmpty() ? session.namespace() : own, manifest.name());
    }

    private static Resource kind(Session session, Manifests.Manifest manifest)
            throws InterruptedException {
        String apiVersion = manifest.object().path("apiVersion").asText("");
        Resource resource = session.discovery().ofKind(apiVersion, manifest.kind());
        if (resource == null) {
            throw KubectlException.error(
                    "resource mapping not found for name: \""
                            + manifest.name()
                            + "\" namespace: \""
                            + manifest.object().path("metadata").path("namespace").asText("")
                            + "\" from \""
                            + manifest.source()
                            + "\": no matches for kind \""
                            + manifest.kind()
                            + "\" in version \""
                            + apiVersion
                            + "\"\nensure CRDs are installed first");
        }
        return resource;
    }

    private List<Target> arguments(List<String> arguments) throws InterruptedException {
        List<Target> targets = new ArrayList<>();
        if (arguments.isEmpty()) {
            return targets;
        }
        boolean slashes = arguments.stream().anyMatch(a -> a.contains("/"));
        if (slashes) {
            for (String argument : arguments) {
                targets.add(slashed(argument, arguments));
            }
            return targets;
        }
        List<Resource> resources = types(arguments.getFirst());
        List<String> names = arguments.subList(1, arguments.size());
        if (names.isEmpty()) {
            resources.forEach(r -> targets.add(new Target(r, namespace(r), "")));
        }
        for (Resource resource : resources) {
            for (String name : names) {
                targets.add(new Target(resource, namespace(resource), name));
            }
        }
        return targets;
    }

    private Target slashed(String argument, List<String> all) throws InterruptedException {
        int slash = argument.indexOf('/');
        if (slash < 0) {
            throw KubectlException.error(
                    "there is no need to specify a resource type as a separate argument when passing"
                            + " arguments in resource/name form (e.g. '"
                            + session.flags().command()
                            + " resource/<resource_name>' instead of '"
                            + session.flags().command()
                            + " resource resource/<resource_name>'");
        }
        String name = argument.substring(slash + 1);
        boolean mixed = !all.getFirst().contains("/");
        if (slash == 0 || name.isEmpty() || name.contains("/") || mixed) {
            if (mixed) {
                return slashed(all.getFirst(), all);
            }
            throw KubectlException.error(
                    "arguments in resource/name form must have a single resource and name");
        }
        Resource resource = session.resource(argument.substring(0, slash));
        return new Target(resource, namespace(resource), name);
    }

    private List<Resource> types(String words) throws InterruptedException {
        List<Resource> resources = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            List<Resource> category =
                    session.discovery().find(word) == null
                            ? session.discovery().category(word)
                            : List.of();
            if (category.isEmpty()) {
                resources.add(session.resource(word));
            } else {
                resources.addAll(category);
            }
        }
        return resources;
    }

    private String namespace(Resource resource) {
        boolean all = session.flags().is("all-namespaces");
        return !resource.namespaced() || all ? "" : session.namespace();
    }

    /** The objects themselves: one GET a name, one list a collection, selectors applied. */
    public static List<Found> fetch(Session session, List<Target> targets)
            throws InterruptedException {
        List<Found> found = new ArrayList<>();
        for (Target target : targets) {
            if (!target.name().isEmpty()) {
                found.add(new Found(target, session.client().get(target.path())));
                continue;
            }
            JsonNode list;
            try {
                list = session.client().get(target.path() + query(session));
            } catch (StatusException e) {
                throw listing(session, target, e);
            }
            for (JsonNode item : list.path("items")) {
                com.fasterxml.jackson.databind.node.ObjectNode object = item.deepCopy();
                object.put("apiVersion", target.resource().apiVersion());
                object.put("kind", target.resource().kind());
                JsonNode metadata = item.path("metadata");
                found.add(
                        new Found(
                                new Target(
                                        target.resource(),
                                        metadata.path("namespace").asText(""),
                                        metadata.path("name").asText()),
                                object));
            }
        }
        return found;
    }

    /** The one object that the arguments name. */
    public static Found one(Session session, List<String> arguments) throws InterruptedException {
        List<Found> found = fetch(session, of(session, arguments));
        if (found.size() != 1) {
            throw KubectlException.error("exactly one resource is needed, got " + found.size());
        }
        return found.getFirst();
    }

    /** A target with its object. */
    public record Found(Target target, JsonNode object) {}

    /** How kubectl words a list that the server did not understand. */
    public static StatusException listing(Session session, Target target, StatusException e) {
        boolean wrapped = target.name().isEmpty() && (e.code() == 400 || e.code() == 404);
        if (!wrapped) {
            return e;
        }
        Flags flags = session.flags();
        Resource resource = target.resource();
        String shown =
                (resource.group().isEmpty() ? "" : resource.group())
                        + "/"
                        + resource.version()
                        + ", Resource="
                        + resource.plural();
        boolean selected = flags.given("selector") || flags.given("field-selector");
        return e.withMessage(
                selected
                        ? "Unable to find \""
                                + shown
                                + "\" that match label selector \""
                                + flags.value("selector")
                                + "\", field selector \""
                                + flags.value("field-selector")
                                + "\": "
                                + e.getMessage()
                        : "Unable to list \"" + shown + "\": " + e.getMessage());
    }

    /** Whether an object is there. */
    public static boolean exists(Session session, Target target) throws InterruptedException {
        try {
            session.client().get(target.path());
            return true;
        } catch (StatusException e) {
            if (e.code() == 404) {
                return false;
            }
            throw e;
        }
    }

    /** The selectors as a query string. */
    public static String query(Session session) {
        List<String> parts = new ArrayList<>();
        if (session.flags().given("selector")) {
            parts.add("labelSelector=" + encode(session.flags().value("selector")));
        }
        if (session.flags().given("field-selector")) {
            parts.add("fieldSelector=" + encode(session.flags().value("field-selector")));
        }
        return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }

    /** A query value. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
