package dev.meshdojo.simulator.apps.shell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Commands that print, read and filter text. */
final class TextPrograms {

    private TextPrograms() {}

    static void register(Map<String, Program> programs) {
        programs.put("echo", TextPrograms::echo);
        programs.put("printf", TextPrograms::printf);
        programs.put("cat", TextPrograms::cat);
        programs.put("head", (process, args) -> ends(process, args, true));
        programs.put("tail", (process, args) -> ends(process, args, false));
        programs.put("grep", TextPrograms::grep);
        programs.put("wc", TextPrograms::wc);
        programs.put("seq", TextPrograms::seq);
        programs.put("tee", TextPrograms::tee);
        programs.put("test", (process, args) -> test(process, args));
        programs.put("[", TextPrograms::bracket);
    }

    private static int echo(Process process, List<String> args) throws IOException {
        int at = 0;
        boolean newline = true;
        boolean escapes = false;
        while (at < args.size() && args.get(at).matches("-[neE]+")) {
            newline &= !args.get(at).contains("n");
            escapes |= args.get(at).contains("e");
            at++;
        }
        String text = String.join(" ", args.subList(at, args.size()));
        process.out((escapes ? unescape(text) : text) + (newline ? "\n" : ""));
        return 0;
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\r", "\r")
                .replace("\\033", "\033")
                .replace("\\\\", "\\");
    }

    private static int printf(Process process, List<String> args) throws IOException {
        if (args.isEmpty()) {
            return process.fail(2, "printf: usage: printf format [arguments]");
        }
        String format = unescape(args.getFirst());
        int next = 1;
        do {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < format.length(); i++) {
                char c = format.charAt(i);
                if (c != '%' || i + 1 == format.length()) {
                    out.append(c);
                    continue;
                }
                char kind = format.charAt(++i);
                String value = next < args.size() ? args.get(next) : "";
                if (kind == '%') {
                    out.append('%');
                } else {
                    next++;
                    out.append(kind == 'd' && value.isEmpty() ? "0" : value);
                }
            }
            process.out(out.toString());
        } while (next > 1 && next < args.size());
        return 0;
    }

    /** Standard input, or the files one after the other; the failures are told as they come. */
    static int read(Process process, String name, List<String> files, ByteArrayOutputStream into)
            throws IOException {
        if (files.isEmpty() || files.equals(List.of("-"))) {
            process.stdin().transferTo(into);
            return 0;
        }
        int code = 0;
        for (String file : files) {
            byte[] content = process.container().files().read(process.path(file));
            if (content == null) {
                code =
                        process.fail(
                                1,
                                process.container().files().isDirectory(process.path(file))
                                        ? name + ": read error: Is a directory"
                                        : name
                                                + ": can't open '"
                                                + file
                                                + "': No such file or directory");
            } else {
                into.writeBytes(content);
            }
        }
        return code;
    }

    private static int cat(Process process, List<String> args) throws IOException {
        if (args.isEmpty() || args.equals(List.of("-"))) {
            InputStream in = process.stdin();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                process.stdout().write(buffer, 0, n);
                process.stdout().flush();
            }
            return 0;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int code = read(process, "cat", args, all);
        all.writeTo(process.stdout());
        process.stdout().flush();
        return code;
    }

    private static List<String> lines(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    private static int ends(Process process, List<String> args, boolean head)
            throws IOException, InterruptedException {
        int count = 10;
        boolean follow = false;
        boolean bytes = false;
        List<String> files = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if ((arg.equals("-n") || arg.equals("-c")) && i + 1 < args.size()) {
                bytes = arg.equals("-c");
                count = Integer.parseInt(args.get(++i).replace("+", ""));
            } else if (arg.matches("-[nc]?\\d+")) {
                bytes = arg.startsWith("-c");
                count = Integer.parseInt(arg.replaceAll("[^0-9]", ""));
            } else if (arg.equals("-f") || arg.equals("-F")) {
                follow = true;
            } else {
                files.add(arg);
            }
        }
        if (follow && files.equals(List.of("/dev/null"))) {
            new java.util.concurrent.CountDownLatch(1).await();
        }
        if (head && !bytes && files.isEmpty()) {
            return firstLines(process, count);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int code = read(process, head ? "head" : "tail", files, all);
        if (bytes) {
            byte[] content = all.toByteArray();
            int n = Math.min(count, content.length);
            process.stdout().write(content, head ? 0 : content.length - n, n);
            return code;
        }
        List<String> lines = lines(all.toByteArray());
        int n = Math.min(count, lines.size());
        List<String> kept =
                head ? lines.subList(0, n) : lines.subList(lines.size() - n, lines.size());
        for (String line : kept) {
            process.out(line + "\n");
        }
        if (follow) {
            new java.util.concurrent.CountDownLatch(1).await();
        }
        return code;
    }

    /** Stops reading as soon as it has its lines. */
    private static int firstLines(Process process, int count) throws IOException {
        for (int lines = 0; lines < count; ) {
            int b = process.stdin().read();
            if (b < 0) {
                break;
            }
            process.stdout().write(b);
            lines += b == '\n' ? 1 : 0;
        }
        process.stdout().flush();
        return 0;
    }

    private static int grep(Process process, List<String> args) throws IOException {
        StringBuilder flags = new StringBuilder();
        List<String> rest = new ArrayList<>();
        for (String arg : args) {
            if (arg.startsWith("-") && arg.length() > 1 && !arg.equals("-e")) {
                flags.append(arg.substring(1));
            } else if (!arg.equals("-e")) {
                rest.add(arg);
            }
        }
        if (rest.isEmpty()) {
            return process.fail(2, "grep: no pattern given");
        }
        String options = flags.toString();
        String expression =
                options.contains("F") ? Pattern.quote(rest.getFirst()) : rest.getFirst();
        Pattern pattern =
                Pattern.compile(expression, options.contains("i") ? Pattern.CASE_INSENSITIVE : 0);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int code = read(process, "grep", rest.subList(1, rest.size()), all);
        int count = 0;
        for (String line : lines(all.toByteArray())) {
            if (pattern.matcher(line).find() != options.contains("v")) {
                count++;
                if (!options.contains("q") && !options.contains("c")) {
                    process.out(line + "\n");
                }
            }
        }
        if (options.contains("c")) {
            process.out(count + "\n");
        }
        return code != 0 ? 2 : count > 0 ? 0 : 1;
    }

    private static int wc(Process process, List<String> args) throws IOException {
        List<String> files = args.stream().filter(arg -> !arg.startsWith("-")).toList();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int code = read(process, "wc", files, all);
        String text = all.toString(StandardCharsets.UTF_8);
        long lines = text.chars().filter(c -> c == '\n').count();
        long words = text.isBlank() ? 0 : text.strip().split("\\s+").length;
        String flags = String.join("", args.stream().filter(arg -> arg.startsWith("-")).toList());
        String result =
                switch (flags) {
                    case "-l" -> Long.toString(lines);
                    case "-w" -> Long.toString(words);
                    case "-c", "-m" -> Integer.toString(all.size());
                    default -> "%9d%10d%10d".formatted(lines, words, all.size());
                };
        process.out(result + (files.isEmpty() ? "" : " " + files.getFirst()) + "\n");
        return code;
    }

    private static int seq(Process process, List<String> args) throws IOException {
        if (args.isEmpty() || !args.stream().allMatch(arg -> arg.matches("-?\\d{1,9}"))) {
            return process.fail(1, "seq: invalid argument");
        }
        int first = args.size() > 1 ? Integer.parseInt(args.getFirst()) : 1;
        int step = args.size() > 2 ? Integer.parseInt(args.get(1)) : 1;
        int last = Integer.parseInt(args.getLast());
        for (int i = first; step > 0 ? i <= last : i >= last; i += step == 0 ? 1 : step) {
            process.out(i + "\n");
        }
        return 0;
    }

    private static int tee(Process process, List<String> args) throws IOException {
        byte[] content = process.stdin().readAllBytes();
        process.stdout().write(content);
        process.stdout().flush();
        boolean append = args.contains("-a");
        for (String file : args) {
            if (!file.equals("-a")) {
                try (var out = Userland.open(process, process.path(file), append)) {
                    new ByteArrayInputStream(content).transferTo(out);
                }
            }
        }
        return 0;
    }

    private static int bracket(Process process, List<String> args) throws IOException {
        if (args.isEmpty() || !args.getLast().equals("]")) {
            return process.fail(2, "sh: [: missing ]");
        }
        return test(process, args.subList(0, args.size() - 1));
    }

    private static int test(Process process, List<String> args) throws IOException {
        if (!args.isEmpty() && args.getFirst().equals("!")) {
            int code = test(process, args.subList(1, args.size()));
            return code > 1 ? code : 1 - code;
        }
        return switch (args.size()) {
            case 0 -> 1;
            case 1 -> args.getFirst().isEmpty() ? 1 : 0;
            case 2 -> unary(process, args.getFirst(), args.get(1)) ? 0 : 1;
            case 3 -> binary(process, args);
            default -> process.fail(2, "sh: [: too many arguments");
        };
    }

    private static boolean unary(Process process, String operator, String operand) {
        var files = process.container().files();
        return switch (operator) {
            case "-n" -> !operand.isEmpty();
            case "-t" ->
                    operand.matches("[0-2]")
                            && process.terminalAt(Integer.parseInt(operand)) != null;
            case "-z" -> operand.isEmpty();
            case "-f", "-r" -> files.read(process.path(operand)) != null;
            case "-d" -> files.isDirectory(process.path(operand));
            case "-e" ->
                    files.read(process.path(operand)) != null
                            || files.isDirectory(process.path(operand));
            case "-s" -> {
                byte[] content = files.read(process.path(operand));
                yield content != null && content.length > 0;
            }
            default -> false;
        };
    }

    private static int binary(Process process, List<String> args) throws IOException {
        String a = args.getFirst();
        String b = args.get(2);
        String operator = args.get(1);
        if (operator.equals("=") || operator.equals("==")) {
            return a.equals(b) ? 0 : 1;
        }
        if (operator.equals("!=")) {
            return a.equals(b) ? 1 : 0;
        }
        if (!a.matches("-?\\d{1,18}") || !b.matches("-?\\d{1,18}")) {
            return process.fail(2, "sh: [: " + a + ": bad number");
        }
        int order = Long.compare(Long.parseLong(a), Long.parseLong(b));
        boolean holds =
                switch (operator) {
                    case "-eq" -> order == 0;
                    case "-ne" -> order != 0;
                    case "-lt" -> order < 0;
                    case "-le" -> order <= 0;
                    case "-gt" -> order > 0;
                    case "-ge" -> order >= 0;
                    default -> false;
                };
        return holds ? 0 : 1;
    }
}
