package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.GoDuration;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Targets;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code exec}, {@code attach} and {@code logs}. */
final class StreamVerbs {

    static final List<Verb> VERBS =
            List.of(
                    Verb.of(
                            "exec",
                            "container:c= stdin:i tty:t quiet:q pod-running-timeout= filename:f=",
                            StreamVerbs::exec),
                    Verb.of(
                            "attach",
                            "container:c= stdin:i tty:t quiet:q pod-running-timeout=",
                            StreamVerbs::attach),
                    Verb.of(
                            "logs|log",
                            "container:c= follow:f previous:p tail= since= since-time= timestamps"
                                    + " all-containers prefix selector:l= limit-bytes= all-pods"
                                    + " ignore-errors max-log-requests= pod-running-timeout=",
                            StreamVerbs::logs));

    private StreamVerbs() {}

    private static int exec(Session session) throws InterruptedException {
        Flags flags = session.flags();
        List<String> words = flags.arguments();
        int dash = flags.dashDash();
        if (words.isEmpty() || dash == 0) {
            throw KubectlException.error(
                    "pod, type/name or --filename must be specified\nSee 'kubectl exec -h' for help and examples");
        }
        if (dash < 0 && words.size() > 1) {
            throw KubectlException.error(
                    "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\n"
                            + "See 'kubectl exec -h' for help and examples");
        }
        List<String> command = dash < 0 ? List.of() : words.subList(dash, words.size());
        if (command.isEmpty()) {
            throw KubectlException.error("you must specify at least one command for the container");
        }
        PodResolution.Resolved resolved = PodResolution.one(session, words.getFirst());
        String container = container(session, resolved.pod());
        String phase = resolved.pod().path("status").path("phase").asText();
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            throw KubectlException.error(
                    "cannot exec into a container in a completed pod; current phase is " + phase);
        }
        StringBuilder query = new StringBuilder();
        command.forEach(
                c ->
                        query.append(query.isEmpty() ? "" : "&")
                                .append("command=")
                                .append(Targets.encode(c)));
        return stream(session, resolved, "exec", query + "&container=" + container);
    }

    private static int attach(Session session) throws InterruptedException {
        List<String> words = session.flags().arguments();
        if (words.isEmpty()) {
            throw KubectlException.error("at least 1 argument is required for attach");
        }
        PodResolution.Resolved resolved = PodResolution.one(session, words.getFirst());
        String container = container(session, resolved.pod());
        if (!session.flags().is("quiet")) {
            session.err().print("If you don't see a command prompt, try pressing enter.\n");
        }
        return stream(session, resolved, "attach", "container=" + container);
    }

    private static int stream(
            Session session, PodResolution.Resolved resolved, String verb, String query)
            throws InterruptedException {
        boolean input = session.flags().is("stdin");
        if (session.flags().is("tty") && !session.flags().is("quiet")) {
            session.err()
                    .print(
                            "Unable to use a TTY - input is not a terminal or the right kind of file\n");
        }
        String path =
                "/api/v1/namespaces/"
                        + resolved.namespace()
                        + "/pods/"
                        + resolved.name()
                        + "/"
                        + verb
                        + "?"
                        + query
                        + "&stdout=true&stderr=true"
                        + (input ? "&stdin=true" : "");
        return new RemoteCommand(session, session.invocation().stdin(), session.out())
                .run(path, input);
    }

    /** The container to use; says so when there was a choice. */
    static String container(Session session, JsonNode pod) {
        String wanted = session.flags().value("container");
        List<String> names = names(pod, "containers");
        String name = pod.path("metadata").path("name").asText();
        if (!wanted.isEmpty()) {
            boolean known =
                    names.contains(wanted)
                            || names(pod, "initContainers").contains(wanted)
                            || names(pod, "ephemeralContainers").contains(wanted);
            if (!known) {
                throw KubectlException.error("container " + wanted + " not found in pod " + name);
            }
            return wanted;
        }
        String preferred =
                pod.path("metadata")
                        .path("annotations")
                        .path("kubectl.kubernetes.io/default-container")
                        .asText("");
        if (names.contains(preferred)) {
            return preferred;
        }
        List<String> all = new ArrayList<>(names);
        names(pod, "initContainers").forEach(n -> all.add(n + " (init)"));
        if (all.size() > 1 && !session.flags().is("quiet")) {
            session.err()
                    .print(
                            "Defaulted container \""
                                    + names.getFirst()
                                    + "\" out of: "
                                    + String.join(", ", all)
                                    + "\n");
        }
        return names.getFirst();
    }

    private static List<String> names(JsonNode pod, String list) {
        List<String> names = new ArrayList<>();
        pod.path("spec").path(list).forEach(c -> names.add(c.path("name").asText()));
        return names;
    }

    private static int logs(Session session) throws InterruptedException {
        Flags flags = session.flags();
        List<String> words = new ArrayList<>(flags.arguments());
        boolean selected = flags.given("selector");
        if (words.isEmpty() && !selected) {
            throw KubectlException.error(
                    """
                    expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
                    POD or TYPE/NAME is a required argument for the logs command
                    See 'kubectl logs -h' for help and examples\
                    """);
        }
        List<JsonNode> pods = new ArrayList<>();
        if (selected) {
            Targets.fetch(session, Targets.of(session, List.of("pods")))
                    .forEach(f -> pods.add(f.object()));
            if (pods.isEmpty()) {
                session.err()
                        .print("No resources found in " + session.namespace() + " namespace.\n");
            }
        } else {
            pods.add(pod(session, words.getFirst()));
        }
        String container = words.size() > 1 ? words.get(1) : "";
        for (JsonNode pod : pods) {
            logs(session, pod, container, selected);
        }
        return 0;
    }

    private static JsonNode pod(Session session, String word) throws InterruptedException {
        JsonNode object = PodResolution.named(session, word);
        if (object.path("kind").asText().equals("Pod")) {
            return object;
        }
        int count = PodResolution.pods(session, object).size();
        PodResolution.Resolved resolved = PodResolution.one(session, word);
        if (count > 1) {
            session.err().print("Found " + count + " pods, using pod/" + resolved.name() + "\n");
        }
        return resolved.pod();
    }

    private static void logs(Session session, JsonNode pod, String given, boolean selected)
            throws InterruptedException {
        Flags flags = session.flags();
        List<String> containers = new ArrayList<>();
        if (flags.is("all-containers")) {
            containers.addAll(names(pod, "initContainers"));
            containers.addAll(names(pod, "containers"));
        } else {
            containers.add(given.isEmpty() ? container(session, pod) : given);
        }
        String name = pod.path("metadata").path("name").asText();
        for (String container : containers) {
            String path =
                    "/api/v1/namespaces/"
                            + pod.path("metadata").path("namespace").asText()
                            + "/pods/"
                            + name
                            + "/log?container="
                            + container
                            + query(flags, selected);
            String prefix = flags.is("prefix") ? "[pod/" + name + "/" + container + "] " : "";
            copy(session, path, prefix);
        }
    }

    private static String query(Flags flags, boolean selected) {
        StringBuilder query = new StringBuilder();
        if (flags.is("follow")) {
            query.append("&follow=true");
        }
        if (flags.is("previous")) {
            query.append("&previous=true");
        }
        if (flags.is("timestamps")) {
            query.append("&timestamps=true");
        }
        Integer tail = flags.integer("tail");
        if (tail != null && tail >= 0) {
            query.append("&tailLines=").append(tail);
        } else if (tail == null && selected) {
            query.append("&tailLines=10");
        }
        Duration since = GoDuration.parse(flags, "since", "0s");
        if (!since.isZero()) {
            query.append("&sinceSeconds=").append(Math.max(1, since.toSeconds()));
        }
        if (flags.given("since-time")) {
            query.append("&sinceTime=").append(Targets.encode(flags.value("since-time")));
        }
        if (flags.given("limit-bytes")) {
            query.append("&limitBytes=").append(flags.value("limit-bytes"));
        }
        return query.toString();
    }

    private static void copy(Session session, String path, String prefix)
            throws InterruptedException {
        try (InputStream stream = session.client().stream(path, "*/*")) {
            byte[] buffer = new byte[8192];
            boolean start = true;
            int count = stream.read(buffer);
            while (count >= 0) {
                if (prefix.isEmpty()) {
                    session.out().write(buffer, 0, count);
                } else {
                    for (int i = 0; i < count; i++) {
                        if (start) {
                            session.out().print(prefix);
                        }
                        session.out().write(buffer[i]);
                        start = buffer[i] == '\n';
                    }
                }
                session.out().flush();
                count = stream.read(buffer);
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw KubectlException.error(String.valueOf(e.getMessage()));
        }
    }
}
