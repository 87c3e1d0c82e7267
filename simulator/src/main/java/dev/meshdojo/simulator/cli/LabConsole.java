package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.lab.Lab;
import dev.meshdojo.simulator.lab.LabBlock;
import dev.meshdojo.simulator.lab.LabListener;
import dev.meshdojo.simulator.lab.LabResult;
import dev.meshdojo.simulator.scenario.CheckResult;
import dev.meshdojo.simulator.scenario.CheckResult.Status;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** Prints a running lab: titles, commands, their output as it comes, checks, and a summary. */
final class LabConsole implements LabListener {

    private final Lab lab;
    private final PrintWriter out;
    private final boolean coloured;
    private boolean lineOpen;

    LabConsole(Lab lab, PrintWriter out, boolean coloured) {
        this.lab = lab;
        this.out = out;
        this.coloured = coloured;
    }

    @Override
    public synchronized void progress(String message) {
        line(paint("2", message));
    }

    @Override
    public synchronized void stepStarted(Lab.Step step) {
        line("");
        line(paint("1", number(step) + " " + step.title()));
    }

    @Override
    public synchronized void stepResumed(Lab.Step step) {
        line(paint("2", number(step) + " " + step.title() + " (done before)"));
    }

    @Override
    public synchronized void stepSkipped(Lab.Step step, String reason) {
        line("");
        line(paint("2", number(step) + " " + step.title() + " (left out: " + reason + ")"));
    }

    @Override
    public synchronized void commandStarted(Lab.Step step, LabBlock.Command command) {
        line("");
        command.script().lines().forEach(text -> line(paint("36", "$ " + text)));
    }

    @Override
    public synchronized void output(byte[] bytes, int offset, int length, boolean stderr) {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        out.print(text);
        lineOpen = !text.endsWith("\n");
        out.flush();
    }

    @Override
    public synchronized void checkEnded(Lab.Step step, CheckResult result) {
        switch (result.status()) {
            case PASSED -> line(paint("32", "✔ ") + result.name());
            case SKIPPED -> line(paint("2", "- " + result.name() + " (does not apply)"));
            case FAILED -> {
                line(paint("31", "✘ ") + result.name());
                line("    at:       " + result.location());
                line("    did:      " + result.operation());
                line("    expected: " + indented(result.expected()));
                line("    saw:      " + indented(result.seen()));
            }
        }
    }

    /** The last lines. */
    synchronized void summary(LabResult result) {
        line("");
        long failed = result.checks(Status.FAILED);
        String counts =
                result.checks(Status.PASSED)
                        + " checks hold, "
                        + failed
                        + " failed, "
                        + result.checks(Status.SKIPPED)
                        + " did not apply";
        line(
                paint(failed == 0 ? "1;32" : "1;31", "Lab " + result.lab() + ": " + counts)
                        + " ("
                        + seconds(result.elapsed())
                        + ")");
        for (LabResult.StepResult step : result.steps()) {
            for (CheckResult check : step.checks()) {
                if (check.status() == Status.FAILED) {
                    line("  " + step.id() + ": " + check.name());
                }
            }
        }
    }

    private String number(Lab.Step step) {
        return "Step " + (lab.steps().indexOf(step) + 1) + "/" + lab.steps().size() + ":";
    }

    private void line(String text) {
        if (lineOpen) {
            out.println();
            lineOpen = false;
        }
        out.println(text);
        out.flush();
    }

    private static String indented(String text) {
        return text.strip().replace("\n", "\n              ");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }

    private String paint(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
