package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.shell.SavedShell;
import dev.meshdojo.simulator.shell.Shell;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes a shell back and starts again what can be started again without harm: port-forwards and
 * proxies.
 */
final class ShellRestart {

    private static final Pattern HARMLESS =
            Pattern.compile("kubectl\\s(?:.*\\s)?(?:port-forward|proxy)\\b.*", Pattern.DOTALL);

    private ShellRestart() {}

    /**
     * Goes back.
     *
     * @param out where jobs that start again write to
     * @return what the user should know of jobs that had ended, one sentence each
     */
    static List<String> restore(Shell shell, SavedShell saved, OutputStream out, OutputStream err) {
        List<String> notes = new ArrayList<>();
        List<String> again = new ArrayList<>();
        for (String job : shell.restore(saved)) {
            if (HARMLESS.matcher(job).matches()) {
                again.add(job);
                notes.add("Started again: " + job + " &");
            } else {
                notes.add("Ran in the background and does not any more: " + job);
            }
        }
        again.forEach(job -> shell.run(job + " &", out, err));
        return notes;
    }
}
