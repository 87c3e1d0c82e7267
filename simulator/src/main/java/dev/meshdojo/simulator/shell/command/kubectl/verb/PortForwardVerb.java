package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.Invocation.ListeningPort;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** {@code kubectl port-forward}: listens on 127.0.0.1 and ::1 until interrupted. */
final class PortForwardVerb {

    static final Verb VERB =
            Verb.of("port-forward", "address= pod-running-timeout=", PortForwardVerb::run);

    private final Session session;
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final List<ListeningPort> announced = new ArrayList<>();
    private final Set<Forwarding> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch over = new CountDownLatch(1);

    private PortForwardVerb(Session session) {
        this.session = session;
    }

    /** A pair of ports. */
    private record Ports(int local, int remote) {}

    private static int run(Session session) throws InterruptedException {
        return new PortForwardVerb(session).run();
    }

    private int run() throws InterruptedException {
        List<String> words = session.flags().arguments();
        if (words.size() < 2) {
            throw KubectlException.error(
                    "TYPE/NAME and list of ports are required for port-forward\nSee 'kubectl port-forward -h' for help and examples");
        }
        PodResolution.Resolved resolved = PodResolution.one(session, words.getFirst());
        List<Ports> ports = new ArrayList<>();
        for (String word : words.subList(1, words.size())) {
            ports.add(parse(word, resolved));
        }
        String phase = resolved.pod().path("status").path("phase").asText();
        if (!phase.equals("Running")) {
            throw KubectlException.error(
                    "unable to forward port because pod is not running. Current status=" + phase);
        }
        try {
            for (Ports pair : ports) {
                listen(pair, resolved);
            }
            over.await();
            throw KubectlException.error("lost connection to pod");
        } finally {
            close();
        }
    }

    private Ports parse(String word, PodResolution.Resolved resolved) {
        String[] parts = word.split(":", -1);
        if (parts.length > 2 || word.isEmpty()) {
            throw KubectlException.error("error parsing port string '" + word + "'");
        }
        String remote = parts[parts.length - 1];
        int number = remote(remote, resolved);
        if (parts.length == 1) {
            return new Ports(remote.matches("\\d+") ? Integer.parseInt(remote) : number, number);
        }
        if (parts[0].isEmpty()) {
            return new Ports(0, number);
        }
        if (!parts[0].matches("\\d{1,5}") || Integer.parseInt(parts[0]) > 65535) {
            throw KubectlException.error(
                    "error parsing local port '"
                            + parts[0]
                            + "': strconv.ParseUint: parsing \""
                            + parts[0]
                            + "\": invalid syntax");
        }
        return new Ports(Integer.parseInt(parts[0]), number);
    }

    private static int remote(String text, PodResolution.Resolved resolved) {
        JsonNode through = resolved.through();
        if (through.path("kind").asText().equals("Service")) {
            return servicePort(text, through, resolved.pod());
        }
        if (text.matches("\\d+")) {
            return Integer.parseInt(text);
        }
        int named = containerPort(resolved.pod(), text);
        if (named < 0) {
            throw KubectlException.error(
                    "Pod '" + resolved.name() + "' does not have a named port '" + text + "'");
        }
        return named;
    }

    private static int servicePort(String text, JsonNode service, JsonNode pod) {
        for (JsonNode port : service.path("spec").path("ports")) {
            boolean match =
                    port.path("port").asText().equals(text)
                            || port.path("name").asText().equals(text);
            if (!match) {
                continue;
            }
            if (service.path("spec").path("clusterIP").asText().equals("None")) {
                return port.path("port").asInt();
            }
            JsonNode target = port.path("targetPort");
            if (target.isNumber()) {
                return target.asInt() == 0 ? port.path("port").asInt() : target.asInt();
            }
            if (target.isMissingNode()) {
                return port.path("port").asInt();
            }
            int named = containerPort(pod, target.asText());
            if (named >= 0) {
                return named;
            }
            throw KubectlException.error(
                    "Pod '"
                            + pod.path("metadata").path("name").asText()
                            + "' does not have a named port '"
                            + target.asText()
                            + "'");
        }
        throw KubectlException.error(
                "Service "
                        + service.path("metadata").path("name").asText()
                        + " does not have a service port "
                        + text);
    }

    private static int containerPort(JsonNode pod, String name) {
        for (JsonNode container : pod.path("spec").path("containers")) {
            for (JsonNode port : container.path("ports")) {
                if (port.path("name").asText().equals(name)) {
                    return port.path("containerPort").asInt();
                }
            }
        }
        return -1;
    }

    private void listen(Ports pair, PodResolution.Resolved resolved) {
        List<String> errors = new ArrayList<>();
        int local = pair.local();
        int bound = 0;
        for (String address : addresses(session.flags())) {
            String family = address.contains(":") ? "tcp6" : "tcp4";
            String shown = address.contains(":") ? "[" + address + "]" : address;
            try {
                ServerSocket server = new ServerSocket();
                server.setReuseAddress(true);
                server.bind(new InetSocketAddress(InetAddress.getByName(address), local), 128);
                listeners.add(server);
                local = server.getLocalPort();
                bound++;
                session.println("Forwarding from " + shown + ":" + local + " -> " + pair.remote());
                session.out().flush();
                ListeningPort port = new ListeningPort("kubectl", address, local);
                announced.add(port);
                accept(server, new Ports(local, pair.remote()), resolved);
                session.invocation().job().ports().add(port);
            } catch (IOException e) {
                errors.add(
                        "unable to create listener: Error listen "
                                + family
                                + " "
                                + shown
                                + ":"
                                + local
                                + ": bind: "
                                + String.valueOf(e.getMessage())
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replaceAll(" \\(.*", ""));
            }
        }
        if (bound == 0) {
            session.err()
                    .print(
                            "Unable to listen on port "
                                    + pair.local()
                                    + ": Listeners failed to create with the following errors: ["
                                    + String.join(" ", errors)
                                    + "]\n");
            throw KubectlException.error(
                    "unable to listen on any of the requested ports: [{"
                            + pair.local()
                            + " "
                            + pair.remote()
                            + "}]");
        }
    }

    private static List<String> addresses(Flags flags) {
        List<String> given = flags.given("address") ? flags.list("address") : List.of("localhost");
        List<String> addresses = new ArrayList<>();
        for (String address : given) {
            if (address.equals("localhost")) {
                addresses.add("127.0.0.1");
                addresses.add("::1");
            } else {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private void accept(ServerSocket server, Ports pair, PodResolution.Resolved resolved) {
        Thread.ofVirtual()
                .name("port-forward-" + pair.local())
                .start(
                        () -> {
                            while (!server.isClosed()) {
                                try {
                                    Socket socket = server.accept();
                                    session.println("Handling connection for " + pair.local());
                                    session.out().flush();
                                    forward(socket, pair, resolved);
                                } catch (IOException closed) {
                                    return;
                                }
                            }
                        });
    }

    private void forward(Socket socket, Ports pair, PodResolution.Resolved resolved) {
        Forwarding forwarding =
                new Forwarding(
                        session,
                        socket,
                        resolved.namespace(),
                        resolved.name(),
                        pair.local(),
                        pair.remote());
        open.add(forwarding);
        Thread.ofVirtual()
                .name("forward-" + pair.local())
                .start(
                        () -> {
                            try (forwarding) {
                                boolean lost = forwarding.run();
                                if (lost) {
                                    over.countDown();
                                }
                            } finally {
                                open.remove(forwarding);
                            }
                        });
    }

    private void close() {
        session.invocation().job().ports().removeAll(announced);
        for (ServerSocket listener : listeners) {
            try {
                listener.close();
            } catch (IOException e) {
                session.err().print("error: " + e.getMessage() + "\n");
            }
        }
        open.forEach(Forwarding::close);
    }
}
