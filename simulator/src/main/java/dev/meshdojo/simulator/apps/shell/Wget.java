package dev.meshdojo.simulator.apps.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code wget}, as BusyBox has it, in terms of {@link Curl}. */
final class Wget implements Program {

    @Override
    public int run(Process process, List<String> args) throws IOException, InterruptedException {
        List<String> curl = new ArrayList<>(List.of("-s", "-S", "-L", "-f", "-A", "Wget"));
        String url = "";
        String output = "";
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            boolean more = i + 1 < args.size();
            if (arg.matches("-[qS]*O.*")) {
                String attached = arg.substring(arg.indexOf('O') + 1);
                output = attached.isEmpty() && more ? args.get(++i) : attached;
            } else if (arg.equals("-T") && more) {
                curl.addAll(List.of("-m", args.get(++i)));
            } else if (arg.startsWith("--timeout=")) {
                curl.addAll(List.of("-m", arg.substring("--timeout=".length())));
            } else if (arg.equals("--header") && more) {
                curl.addAll(List.of("-H", args.get(++i)));
            } else if (arg.startsWith("--header=")) {
                curl.addAll(List.of("-H", arg.substring("--header=".length())));
            } else if (arg.equals("--post-data") && more) {
                curl.addAll(List.of("-d", args.get(++i)));
            } else if (arg.equals("--no-check-certificate")) {
                curl.add("-k");
            } else if (!arg.startsWith("-")) {
                url = arg;
            }
        }
        if (url.isEmpty()) {
            return process.fail(1, "wget: missing URL");
        }
        if (output.isEmpty()) {
            String name = ContainerShell.baseName(url.replaceFirst("^[a-z]+://[^/]*/?", ""));
            output = name.isEmpty() ? "index.html" : name;
        }
        if (!output.equals("-")) {
            curl.addAll(List.of("-o", output));
        }
        curl.add(url);
        return new Curl().run(process, curl) == 0 ? 0 : 1;
    }
}
