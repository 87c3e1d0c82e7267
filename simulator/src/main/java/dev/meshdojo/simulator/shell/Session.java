package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.cluster.Cluster;
import java.time.InstantSource;
import java.util.NavigableMap;

/** What all subshells of a shell share. */
record Session(
        Cluster cluster,
        NavigableMap<String, ShellCommand> programs,
        JobTable jobs,
        InstantSource clock,
        int pid) {}
