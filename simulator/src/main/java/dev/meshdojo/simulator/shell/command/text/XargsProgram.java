package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code xargs}. */
final class XargsProgram {

    private XargsProgram() {}

    static int run(List<String> arguments, Invocation in) throws IOException, InterruptedException {
        Options options =
                Options.parse(
                        "+n:I:rt0P:L:d:",
                        Map.of(
                                "no-run-if-empty",
                                'r',
                                "max-args",
                                'n',
                                "null",
                                '0',
                                "replace",
                                'I',
                                "verbose",
                                't'),
                        arguments);
        List<String> command = options.operands().isEmpty() ? List.of("echo") : options.operands();
        String text = new String(in.stdin().readAllBytes(), StandardCharsets.UTF_8);
        List<List<String>> calls = new ArrayList<>();
        if (options.has('I')) {
            String mark = options.value('I', "{}");
            text.lines()
                    .map(String::strip)
                    .filter(l -> !l.isEmpty())
                    .forEach(
                            l -> calls.add(command.stream().map(w -> w.replace(mark, l)).toList()));
        } else {
            List<String> items = options.has('0') ? List.of(text.split("\0")) : words(text);
            int size =
                    (int) Math.max(1, options.number('n', options.number('L', Integer.MAX_VALUE)));
            for (int i = 0; i < items.size(); i += Math.min(size, items.size() - i)) {
                List<String> call = new ArrayList<>(command);
                call.addAll(
                        items.subList(
                                i, Math.min(items.size(), i + Math.min(size, items.size() - i))));
                calls.add(call);
            }
            if (items.isEmpty() && !options.has('r')) {
                calls.add(command);
            }
        }
        Invocation quiet = in.withStreams(InputStream.nullInputStream(), in.stdout(), in.stderr());
        int status = 0;
        for (List<String> call : calls) {
            if (options.has('t')) {
                in.stderr().print(String.join(" ", call) + "\n");
            }
            int ended = in.host().launch(call, quiet);
            if (ended == 127 || ended == 126) {
                return ended;
            }
            status = ended == 0 ? status : 123;
        }
        return status;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean open = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                open = true;
            } else if (c == '\\' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
                open = true;
            } else if (Character.isWhitespace(c)) {
                if (open) {
                    words.add(word.toString());
                    word.setLength(0);
                    open = false;
                }
            } else {
                word.append(c);
                open = true;
            }
        }
        if (quote != 0) {
            throw new UsageException(
                    1, "unmatched quote; quotes are special to xargs unless you use the -0 option");
        }
        if (open) {
            words.add(word.toString());
        }
        return words;
    }
}
