package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.ContainerFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code find [PATH...] [-maxdepth N] [-mindepth N] [-name GLOB] [-iname GLOB] [-type f|d]
 * [-print]}.
 */
final class Find implements Program {

    private record Filter(int most, int least, Pattern name, String type) {}

    @Override
    public int run(Process process, List<String> args) throws IOException {
        List<String> starts = new ArrayList<>();
        int at = 0;
        while (at < args.size() && !args.get(at).startsWith("-")) {
            starts.add(args.get(at++));
        }
        Filter filter = new Filter(Integer.MAX_VALUE, 0, Pattern.compile(".*"), "");
        for (; at < args.size(); at++) {
            String option = args.get(at);
            if (option.equals("-print")) {
                continue;
            }
            if (at + 1 == args.size()) {
                return process.fail(1, "find: unrecognized: " + option);
            }
            String value = args.get(++at);
            switch (option) {
                case "-maxdepth" ->
                        filter =
                                new Filter(
                                        Integer.parseInt(value),
                                        filter.least(),
                                        filter.name(),
                                        filter.type());
                case "-mindepth" ->
                        filter =
                                new Filter(
                                        filter.most(),
                                        Integer.parseInt(value),
                                        filter.name(),
                                        filter.type());
                case "-name" -> filter = named(filter, value, 0);
                case "-iname" -> filter = named(filter, value, Pattern.CASE_INSENSITIVE);
                case "-type" ->
                        filter = new Filter(filter.most(), filter.least(), filter.name(), value);
                default -> {
                    return process.fail(1, "find: unrecognized: " + option);
                }
            }
        }
        int code = 0;
        for (String start : starts.isEmpty() ? List.of(".") : starts) {
            ContainerFiles files = process.container().files();
            String path = process.path(start);
            if (files.read(path) == null && !files.isDirectory(path)) {
                code = process.fail(1, "find: " + start + ": No such file or directory");
            } else {
                walk(process, start, path, 0, filter);
            }
        }
        return code;
    }

    private static Filter named(Filter filter, String glob, int flags) {
        String regex = Pattern.quote(glob).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return new Filter(
                filter.most(), filter.least(), Pattern.compile(regex, flags), filter.type());
    }

    private static void walk(Process process, String shown, String path, int depth, Filter filter)
            throws IOException {
        ContainerFiles files = process.container().files();
        boolean file = files.read(path) != null;
        String name = ContainerShell.baseName(shown);
        if (depth >= filter.least()
                && (filter.type().isEmpty() || filter.type().equals(file ? "f" : "d"))
                && filter.name().matcher(name.isEmpty() ? shown : name).matches()) {
            process.out(shown + "\n");
        }
        if (!file && depth < filter.most()) {
            String prefix = shown.endsWith("/") ? shown : shown + "/";
            for (String child : files.list(path)) {
                walk(
                        process,
                        prefix + child,
                        ContainerFiles.normal(path + "/" + child),
                        depth + 1,
                        filter);
            }
        }
    }
}
