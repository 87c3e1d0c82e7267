package dev.meshdojo.simulator.analysis;

/** One question asked of a set of objects. Stateless. */
@FunctionalInterface
public interface Analyzer {

    /** Reports what is wrong with the objects of a context. */
    void analyze(AnalysisContext context);
}
