package dev.meshdojo.simulator.apps.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code dig} and {@code host}, for addresses; and {@code ping}, which says that it cannot. */
final class DnsPrograms {

    private static final Set<String> TYPES =
            Set.of("A", "AAAA", "SRV", "CNAME", "ANY", "NS", "TXT", "MX");

    private DnsPrograms() {}

    static void register(Map<String, Program> programs) {
        programs.put("dig", DnsPrograms::dig);
        programs.put("host", DnsPrograms::host);
        programs.put("ping", DnsPrograms::ping);
    }

    private static List<String> lookup(Process process, String name) {
        return process.container().cluster().lookup(process.container().pod().namespace(), name);
    }

    /** Without {@code +search}, dig takes names as they are: a short one does not resolve. */
    private static int dig(Process process, List<String> args) throws IOException {
        String name = ".";
        String type = "A";
        boolean brief = args.contains("+short");
        boolean search = args.contains("+search");
        for (String arg : args) {
            if (TYPES.contains(arg.toUpperCase(java.util.Locale.ROOT))) {
                type = arg.toUpperCase(java.util.Locale.ROOT);
            } else if (!arg.startsWith("+") && !arg.startsWith("@") && !arg.startsWith("-")) {
                name = arg;
            }
        }
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        List<String> ips = lookup(process, search ? plain : plain + ".");
        List<String> shown = type.equals("A") || type.equals("ANY") ? ips : List.of();
        StringBuilder text = new StringBuilder();
        if (brief) {
            shown.forEach(ip -> text.append(ip).append('\n'));
            process.out(text.toString());
            return 0;
        }
        text.append("\n; <<>> DiG 9.18.25 <<>> ").append(String.join(" ", args)).append('\n');
        text.append(";; global options: +cmd\n;; Got answer:\n");
        text.append(";; ->>HEADER<<- opcode: QUERY, status: ")
                .append(ips.isEmpty() ? "NXDOMAIN" : "NOERROR")
                .append(", id: 4711\n;; flags: qr aa rd; QUERY: 1, ANSWER: ")
                .append(shown.size())
                .append(", AUTHORITY: 0, ADDITIONAL: 1\n\n;; QUESTION SECTION:\n;")
                .append(plain)
                .append(".\tIN\t")
                .append(type)
                .append("\n\n");
        if (!shown.isEmpty()) {
            text.append(";; ANSWER SECTION:\n");
            shown.forEach(
                    ip -> text.append(plain).append(".\t30\tIN\tA\t").append(ip).append('\n'));
            text.append('\n');
        }
        text.append(";; Query time: 0 msec\n;; SERVER: 10.96.0.10#53(10.96.0.10) (UDP)\n\n");
        process.out(text.toString());
        return 0;
    }

    private static int host(Process process, List<String> args) throws IOException {
        List<String> names = new ArrayList<>(args);
        names.removeIf(arg -> arg.startsWith("-"));
        if (names.isEmpty()) {
            return process.fail(1, "Usage: host [-v] hostname");
        }
        List<String> ips = lookup(process, names.getFirst());
        for (String ip : ips) {
            process.out(names.getFirst() + " has address " + ip + "\n");
        }
        if (ips.isEmpty()) {
            process.out("Host " + names.getFirst() + " not found: 3(NXDOMAIN)\n");
        }
        return ips.isEmpty() ? 1 : 0;
    }

    private static int ping(Process process, List<String> args) throws IOException {
        String target = args.isEmpty() ? "" : args.getLast();
        if (target.isEmpty()) {
            return process.fail(1, "ping: usage error: Destination address required");
        }
        List<String> ips = lookup(process, target);
        if (ips.isEmpty() && !target.matches("[0-9.]+|.*:.*")) {
            return process.fail(1, "ping: bad address '" + target + "'");
        }
        return process.fail(
                1,
                "ping: the simulated network carries TCP only, no ICMP; a Service's address would not"
                        + " answer a ping on a real cluster either. Try: nc -zv "
                        + target
                        + " PORT");
    }
}
