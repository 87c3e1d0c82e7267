package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code awk} in the subset that labs use: patterns, {@code BEGIN} and {@code END}, {@code print},
 * {@code printf}, {@code if}, {@code next}, {@code exit}, variables, arithmetic, comparisons,
 * regular expressions, and the usual string functions. Not modelled: arrays, loops, user functions.
 */
final class Awk {

    private Awk() {}

    static int run(List<String> arguments, Invocation in) throws IOException {
        Options options = Options.parse("+F:v:f:", Map.of("field-separator", 'F'), arguments);
        List<String> operands = new ArrayList<>(options.operands());
        String text;
        if (options.has('f')) {
            text = Files.readString(in.file(options.value('f', "")));
        } else if (operands.isEmpty()) {
            throw new UsageException(
                    2, "no program given; usage: awk [-F sep] [-v name=value] 'program' [file]...");
        } else {
            text = operands.removeFirst();
        }
        AwkRun run = new AwkRun(in.stdout());
        run.assign("FS", options.value('F', " ").replace("\\t", "\t"));
        for (String assignment : options.values('v')) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new UsageException(2, "-v needs name=value, got " + assignment);
            }
            run.assign(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        List<AwkParser.Rule> rules = new AwkParser(text).parse();
        return run.execute(rules, Inputs.lines(operands, in));
    }
}
