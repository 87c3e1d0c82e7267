package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code grep}. Lines are printed as they are found. */
final class Grep {

    private static final Map<String, Character> LONG =
            Map.ofEntries(
                    Map.entry("ignore-case", 'i'),
                    Map.entry("invert-match", 'v'),
                    Map.entry("count", 'c'),
                    Map.entry("line-number", 'n'),
                    Map.entry("quiet", 'q'),
                    Map.entry("silent", 'q'),
                    Map.entry("only-matching", 'o'),
                    Map.entry("extended-regexp", 'E'),
                    Map.entry("fixed-strings", 'F'),
                    Map.entry("word-regexp", 'w'),
                    Map.entry("line-regexp", 'x'),
                    Map.entry("files-with-matches", 'l'),
                    Map.entry("recursive", 'r'),
                    Map.entry("max-count", 'm'),
                    Map.entry("after-context", 'A'),
                    Map.entry("before-context", 'B'),
                    Map.entry("context", 'C'),
                    Map.entry("regexp", 'e'),
                    Map.entry("no-filename", 'h'),
                    Map.entry("color", 'K'),
                    Map.entry("perl-regexp", 'P'));

    private final Options options;
    private final Invocation in;
    private final Pattern pattern;
    private final long before;
    private final long after;
    private final boolean names;
    private final Deque<String> earlier = new ArrayDeque<>();
    private long trailing;
    private long lastPrinted;
    private long number;
    private long found;
    private boolean matched;

    private Grep(Options options, Invocation in, Pattern pattern, boolean names) {
        this.options = options;
        this.in = in;
        this.pattern = pattern;
        this.names = names;
        this.before = options.number('B', options.number('C', 0));
        this.after = options.number('A', options.number('C', 0));
    }

    static int run(List<String> arguments, Invocation in) throws IOException {
        List<String> words =
                arguments.stream().map(a -> a.equals("--color") ? "--color=auto" : a).toList();
        Options options = Options.parse("ivcnqoEFPGwxlrsRhHm:A:B:C:e:K:", LONG, words);
        List<String> operands = new ArrayList<>(options.operands());
        List<String> patterns = new ArrayList<>(options.values('e'));
        if (patterns.isEmpty()) {
            if (operands.isEmpty()) {
                throw new UsageException(
                        2, "no pattern given; usage: grep [OPTION]... PATTERNS [FILE]...");
            }
            patterns.addAll(List.of(operands.removeFirst().split("\n", -1)));
        }
        boolean recursive = options.has('r') || options.has('R');
        List<String> files = recursive ? tree(operands, in) : operands;
        boolean names = options.has('H') || ((files.size() > 1 || recursive) && !options.has('h'));
        Grep grep = new Grep(options, in, compile(patterns, options), names);
        return grep.search(files);
    }

    private static List<String> tree(List<String> operands, Invocation in) throws IOException {
        List<String> files = new ArrayList<>();
        for (String root : operands.isEmpty() ? List.of(".") : operands) {
            Path start = in.file(root);
            try (Stream<Path> walk = Files.walk(start)) {
                walk.filter(Files::isRegularFile)
                        .sorted()
                        .forEach(
                                f -> {
                                    String below = start.relativize(f).toString();
                                    files.add(
                                            below.isEmpty()
                                                    ? root
                                                    : root.replaceAll("/$", "") + "/" + below);
                                });
            }
        }
        return files;
    }

    private static Pattern compile(List<String> patterns, Options options) {
        List<String> alternatives = new ArrayList<>();
        for (String pattern : patterns) {
            String regex;
            if (options.has('F')) {
                regex = Pattern.quote(pattern);
            } else if (options.has('P')) {
                regex = pattern;
            } else {
                regex = PosixRegex.compile(pattern, options.has('E'), false).pattern();
            }
            if (options.has('w')) {
                regex = "\\b(?:" + regex + ")\\b";
            }
            if (options.has('x')) {
                regex = "^(?:" + regex + ")$";
            }
            alternatives.add(patterns.size() > 1 ? "(?:" + regex + ")" : regex);
        }
        int flags = options.has('i') ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
        return Pattern.compile(String.join("|", alternatives), flags);
    }

    private int search(List<String> files) throws IOException {
        boolean failed = false;
        for (String name : files.isEmpty() ? List.of("-") : files) {
            try {
                searchFile(name);
            } catch (java.io.InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failed = true;
                if (!options.has('s')) {
                    in.stderr().println("grep: " + Program.reason(e));
                }
            }
            if (matched && options.has('q')) {
                return 0;
            }
        }
        return failed ? 2 : matched ? 0 : 1;
    }

    private void searchFile(String name) throws IOException {
        String label = name.equals("-") ? "(standard input)" : name;
        number = 0;
        found = 0;
        trailing = 0;
        earlier.clear();
        long limit = options.number('m', Long.MAX_VALUE);
        LinePrograms.each(
                name,
                in,
                line -> {
                    number++;
                    boolean hit = pattern.matcher(line).find() != options.has('v');
                    if (hit) {
                        found++;
                        matched = true;
                    }
                    boolean quiet = options.has('q') || options.has('l') || options.has('c');
                    if (quiet) {
                        return !(hit && !options.has('c')) && found < limit;
                    }
                    show(line, hit, label);
                    return found < limit || trailing > 0;
                });
        if (options.has('c') && !options.has('q')) {
            in.stdout().print((names ? label + ":" : "") + found + "\n");
        } else if (options.has('l') && found > 0 && !options.has('q')) {
            in.stdout().print(label + "\n");
        }
    }

    private void show(String line, boolean hit, String label) {
        if (!hit) {
            if (trailing > 0) {
                trailing--;
                print(line, number, '-', label);
            } else if (before > 0) {
                earlier.addLast(line);
                if (earlier.size() > before) {
                    earlier.removeFirst();
                }
            }
            return;
        }
        if (options.has('o') && !options.has('v')) {
            Matcher matcher = pattern.matcher(line);
            while (matcher.find()) {
                if (!matcher.group().isEmpty()) {
                    print(matcher.group(), number, ':', label);
                }
            }
            return;
        }
        long first = number - earlier.size();
        boolean context = before > 0 || after > 0;
        if (context && lastPrinted > 0 && first > lastPrinted + 1) {
            in.stdout().print("--\n");
        }
        while (!earlier.isEmpty()) {
            print(earlier.removeFirst(), first++, '-', label);
        }
        print(line, number, ':', label);
        trailing = after;
    }

    private void print(String line, long at, char mark, String label) {
        StringBuilder text = new StringBuilder();
        if (names) {
            text.append(label).append(mark);
        }
        if (options.has('n')) {
            text.append(at).append(mark);
        }
        in.stdout().print(text.append(line).append('\n'));
        in.stdout().flush();
        lastPrinted = at;
    }
}
