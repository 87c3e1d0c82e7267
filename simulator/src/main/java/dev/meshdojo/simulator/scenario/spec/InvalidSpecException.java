package dev.meshdojo.simulator.scenario.spec;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A lab or scenario file that cannot be used. The message has one line a problem, in file order.
 */
public final class InvalidSpecException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<SpecProblem> problems;

    public InvalidSpecException(List<SpecProblem> problems) {
        super(problems.stream().map(SpecProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in file order. */
    public List<SpecProblem> problems() {
        return problems;
    }
}
