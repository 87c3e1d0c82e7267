package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.scenario.CheckResult;
import java.time.Duration;
import java.util.List;

/**
 * Told what a running lab does, in order and on one thread at a time. Methods should return
 * quickly.
 */
public interface LabListener {

    /** Something takes a moment: the cluster boots, apps become ready. */
    default void progress(String message) {}

    /** A step begins. */
    default void stepStarted(Lab.Step step) {}

    /** A step's condition does not hold on this cluster. */
    default void stepSkipped(Lab.Step step, String reason) {}

    /** A command begins. */
    default void commandStarted(Lab.Step step, LabBlock.Command command) {}

    /** A command, or a background job of an earlier one, wrote something. */
    default void output(byte[] bytes, int offset, int length, boolean stderr) {}

    /** A command ended. */
    default void commandEnded(
            Lab.Step step, LabBlock.Command command, int exitCode, Duration elapsed) {}

    /** A step was done on an earlier day, and the run goes on behind it. */
    default void stepResumed(Lab.Step step) {}

    /** A step was undone; {@code notes} say what did not come back, one sentence each. */
    default void stepUndone(Lab.Step step, List<String> notes) {}

    /** A check ended. */
    default void checkEnded(Lab.Step step, CheckResult result) {}
}
