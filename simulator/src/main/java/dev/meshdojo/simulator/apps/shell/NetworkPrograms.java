package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import java.io.IOException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;

/** Commands that look at the cluster's network. */
final class NetworkPrograms {

    private static final int ADMIN_PORT = 15000;

    private NetworkPrograms() {}

    static int nslookup(Process process, List<String> args) throws IOException {
        if (args.isEmpty()) {
            return process.fail(1, "nslookup: missing host");
        }
        String host = args.getFirst();
        List<String> ips = lookup(process, host);
        process.out("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n");
        if (ips.isEmpty()) {
            process.out("** server can't find " + host + ": NXDOMAIN\n\n");
            return 1;
        }
        for (String ip : ips) {
            process.out("Name:\t" + found(process, host) + "\nAddress: " + ip + "\n");
        }
        process.out("\n");
        return 0;
    }

    /** The name that the search list made of a short one. */
    private static String found(Process process, String host) {
        String zone = "svc.cluster.local";
        String namespace = process.container().pod().namespace();
        for (String name :
                List.of(
                        host + "." + namespace + "." + zone,
                        host + "." + zone,
                        host + ".cluster.local")) {
            if (!host.endsWith(".") && !lookup(process, name + ".").isEmpty()) {
                return name;
            }
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    static int getent(Process process, List<String> args) throws IOException {
        if (args.size() < 2 || !args.getFirst().equals("hosts")) {
            return 1;
        }
        List<String> ips = lookup(process, args.get(1));
        for (String ip : ips) {
            process.out("%-15s %s%n".formatted(ip, args.get(1)));
        }
        return ips.isEmpty() ? 2 : 0;
    }

    private static List<String> lookup(Process process, String host) {
        return process.container().cluster().lookup(process.container().pod().namespace(), host);
    }

    /** {@code nc -z HOST PORT}: whether something listens; without {@code -z} carries bytes. */
    static int netcat(Process process, List<String> args) throws IOException {
        List<String> target = args.stream().filter(arg -> !arg.startsWith("-")).toList();
        boolean verbose = args.stream().anyMatch(arg -> arg.matches("-[a-z]*v[a-z]*"));
        boolean probe = args.stream().anyMatch(arg -> arg.matches("-[a-z]*z[a-z]*"));
        if (target.size() < 2) {
            return process.fail(1, "nc: usage: nc [-vz] HOST PORT");
        }
        String host = target.get(target.size() - 2);
        String port = target.getLast();
        try (Socket socket = connect(process, host, Integer.parseInt(port))) {
            if (verbose) {
                process.fail(0, host + " (" + host + ":" + port + ") open");
            }
            if (!probe) {
                socket.getOutputStream().write(process.stdin().readAllBytes());
                socket.shutdownOutput();
                socket.getInputStream().transferTo(process.stdout());
                process.stdout().flush();
            }
            return 0;
        } catch (UnknownHostException e) {
            return process.fail(1, "nc: bad address '" + host + "'");
        } catch (IOException e) {
            return process.fail(
                    1, "nc: " + host + " (" + host + ":" + port + "): " + e.getMessage());
        }
    }

    static Socket connect(Process process, String host, int port) throws IOException {
        return process.container().cluster().connect(process.container().network(), host, port);
    }

    /** {@code pilot-agent request METHOD PATH}: asks the proxy's admin port. */
    static int pilotAgent(Process process, List<String> args) throws IOException {
        if (args.size() < 3 || !args.getFirst().equals("request")) {
            return process.fail(1, "Error: expected: pilot-agent request <method> <path> [<body>]");
        }
        String path = args.get(2).startsWith("/") ? args.get(2) : "/" + args.get(2);
        try (Socket socket = connect(process, "127.0.0.1", ADMIN_PORT)) {
            HttpClient.Answer answer =
                    HttpClient.exchange(
                            socket,
                            args.get(1),
                            path,
                            List.of(
                                    new HttpApp.Header("Host", "localhost:15000"),
                                    new HttpApp.Header("Connection", "close")),
                            new byte[0]);
            process.stdout().write(answer.body());
            process.stdout().flush();
            return 0;
        } catch (IOException e) {
            return process.fail(
                    255,
                    "Error: failed to execute command on Envoy: Get \"http://localhost:15000"
                            + path
                            + "\": dial tcp 127.0.0.1:15000: connect: "
                            + e.getMessage());
        }
    }
}
