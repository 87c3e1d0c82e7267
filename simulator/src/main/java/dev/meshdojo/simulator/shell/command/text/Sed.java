package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code sed}: {@code s y p d q = a i c n}, addresses and ranges, {@code -n -E -i -e}. */
final class Sed {

    private Sed() {}

    static int run(List<String> arguments, Invocation in) throws IOException {
        List<String> words = arguments.stream().map(a -> a.matches("-i\\..*") ? "-i" : a).toList();
        Options options =
                Options.parse(
                        "nEriue:f:",
                        Map.of(
                                "quiet",
                                'n',
                                "silent",
                                'n',
                                "regexp-extended",
                                'E',
                                "in-place",
                                'i',
                                "expression",
                                'e'),
                        words);
        List<String> operands = new ArrayList<>(options.operands());
        List<String> scripts = new ArrayList<>(options.values('e'));
        for (String file : options.values('f')) {
            scripts.add(Files.readString(in.file(file)));
        }
        if (scripts.isEmpty()) {
            if (operands.isEmpty()) {
                throw new UsageException(
                        1, "no script given; usage: sed [-n] [-E] SCRIPT [FILE]...");
            }
            scripts.add(operands.removeFirst());
        }
        boolean extended = options.has('E') || options.has('r');
        List<SedCommand> program = new SedParser(String.join("\n", scripts), extended).parse();
        if (!options.has('i')) {
            String output = new SedRun(program, options.has('n')).edit(Inputs.lines(operands, in));
            in.stdout().print(output);
            return 0;
        }
        for (String name : operands) {
            List<String> lines = Inputs.lines(List.of(name), in);
            Files.writeString(in.file(name), new SedRun(program, options.has('n')).edit(lines));
        }
        return 0;
    }
}
