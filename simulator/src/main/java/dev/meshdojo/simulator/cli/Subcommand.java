package dev.meshdojo.simulator.cli;

/**
 * A subcommand that another module adds to {@code meshdojo}, found by {@link
 * java.util.ServiceLoader}. Implementations carry picocli's {@code @Command}.
 */
public interface Subcommand {}
