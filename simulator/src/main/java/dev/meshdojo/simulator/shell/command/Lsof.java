package dev.meshdojo.simulator.shell.command;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.Invocation.ListeningPort;
import dev.meshdojo.simulator.shell.ShellCommand;
import dev.meshdojo.simulator.shell.command.text.Program;
import dev.meshdojo.simulator.shell.command.text.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code lsof -i}: the ports that the shell's jobs listen on, in lsof's columns. */
final class Lsof {

    private static final Pattern ADDRESS =
            Pattern.compile("(?:4|6)?(?:[tT][cC][pP]|[uU][dD][pP])?(?:@([^:]*))?(?::(.+))?");
    private static final Path SERVICES = Path.of("/etc/services");
    private static final int FIRST_DESCRIPTOR = 8;

    private Lsof() {}

    static ShellCommand program() {
        return new Program("lsof", "shows which job listens on a port", Lsof::run);
    }

    private record Row(int pid, String command, ListeningPort port, int descriptor) {}

    private static int run(List<String> arguments, Invocation in) throws IOException {
        String filter = null;
        boolean ports = false;
        boolean numeric = false;
        boolean terse = false;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("-i")) {
                boolean value = i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("-");
                filter = value ? arguments.get(++i) : "";
            } else if (argument.startsWith("-i")) {
                filter = argument.substring(2);
            } else if (argument.matches("-[nPt]+")) {
                numeric |= argument.contains("n");
                ports |= argument.contains("P");
                terse |= argument.contains("t");
            } else if (argument.matches("-[nP]+i.*")) {
                numeric |= argument.substring(0, argument.indexOf('i')).contains("n");
                ports |= argument.substring(0, argument.indexOf('i')).contains("P");
                filter = argument.substring(argument.indexOf('i') + 1);
                if (filter.isEmpty() && i + 1 < arguments.size()) {
                    filter = arguments.get(++i);
                }
            } else if (!argument.startsWith("-s")) {
                throw new UsageException(
                        1,
                        argument
                                + " is not supported; use lsof -i, lsof -i :PORT, with -n, -P, -t");
            }
        }
        if (filter == null) {
            throw new UsageException(1, "only ports are listed here; use lsof -i or lsof -i :PORT");
        }
        List<Row> rows = rows(in, filter);
        if (terse) {
            rows.stream().map(Row::pid).distinct().forEach(pid -> in.stdout().print(pid + "\n"));
        } else {
            print(rows, in, numeric, ports);
        }
        return rows.isEmpty() ? 1 : 0;
    }

    private static List<Row> rows(Invocation in, String filter) {
        Matcher matcher = ADDRESS.matcher(filter);
        if (!matcher.matches()) {
            throw new UsageException(1, "unacceptable port specification in: -i " + filter);
        }
        String wanted = matcher.group(2);
        List<Row> rows = new ArrayList<>();
        for (Invocation.Job job : in.host().jobs()) {
            List<ListeningPort> ports = new ArrayList<>(job.ports());
            ports.sort(
                    Comparator.comparingInt(ListeningPort::port)
                            .thenComparing(p -> p.address().contains(":")));
            int descriptor = FIRST_DESCRIPTOR;
            for (ListeningPort port : ports) {
                boolean family =
                        filter.startsWith("6")
                                ? port.address().contains(":")
                                : !filter.startsWith("4") || !port.address().contains(":");
                if (family && (wanted == null || matches(wanted, port.port()))) {
                    rows.add(new Row(job.pid(), port.command(), port, descriptor));
                }
                descriptor++;
            }
        }
        return rows;
    }

    private static boolean matches(String wanted, int port) {
        for (String part : wanted.split(",", -1)) {
            int dash = part.indexOf('-');
            try {
                int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
                int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
                if (port >= from && port <= to) {
                    return true;
                }
            } catch (NumberFormatException e) {
                throw new UsageException(1, "unknown service " + part + " in: -i :" + wanted);
            }
        }
        return false;
    }

    private static void print(List<Row> rows, Invocation in, boolean numeric, boolean ports)
            throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        String user = in.environment().getOrDefault("USER", "root");
        int commandWidth =
                Math.max(
                        7,
                        rows.stream()
                                .mapToInt(r -> Math.min(9, r.command().length()))
                                .max()
                                .orElse(0));
        int pidWidth =
                Math.max(
                        3,
                        rows.stream()
                                .mapToInt(r -> String.valueOf(r.pid()).length())
                                .max()
                                .orElse(0));
        int userWidth = Math.max(4, user.length());
        String format =
                "%-"
                        + commandWidth
                        + "s %"
                        + pidWidth
                        + "s %"
                        + userWidth
                        + "s %4s %4s %6s %8s %4s %s\n";
        in.stdout()
                .printf(
                        format,
                        "COMMAND",
                        "PID",
                        "USER",
                        "FD  ",
                        "TYPE",
                        "DEVICE",
                        "SIZE/OFF",
                        "NODE",
                        "NAME");
        for (Row row : rows) {
            boolean six = row.port().address().contains(":");
            String host =
                    numeric ? (six ? "[::1]" : "127.0.0.1") : (six ? "ip6-localhost" : "localhost");
            String port = ports ? String.valueOf(row.port().port()) : service(row.port().port());
            int device = 400_000 + row.pid() * 10 + row.descriptor();
            in.stdout()
                    .printf(
                            format,
                            row.command().substring(0, Math.min(9, row.command().length())),
                            row.pid(),
                            user,
                            row.descriptor() + "u ",
                            six ? "IPv6" : "IPv4",
                            device,
                            "0t0",
                            "TCP",
                            host + ":" + port + " (LISTEN)");
        }
    }

    /** The name in the system's list of services, as lsof prints it. */
    private static String service(int port) throws IOException {
        if (Files.isReadable(SERVICES)) {
            Pattern entry = Pattern.compile("^(\\S+)\\s+" + port + "/tcp\\b");
            for (String line : Files.readAllLines(SERVICES)) {
                Matcher matcher = entry.matcher(line);
                if (matcher.find()) {
                    return matcher.group(1);
                }
            }
        }
        return String.valueOf(port);
    }
}
