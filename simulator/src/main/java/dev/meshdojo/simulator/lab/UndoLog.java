package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.shell.SavedShell;
import dev.meshdojo.simulator.shell.Shell;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What was done to a cluster and a shell, so that it can be undone, the newest first: objects of
 * the cluster, variables, functions, working directory and jobs of the shell. Remembering costs
 * next to nothing. One thread at a time.
 *
 * @param <L> what names a thing done: a lab's step, a command line
 */
public final class UndoLog<L> {

    /** What neither undoing nor restoring brings back, for the user to read. */
    public static final String LOST =
            "Not brought back: logs and files of pods that had to start again, and files on this"
                    + " machine.";

    private static final int LIMIT = 100;

    private final Cluster cluster;
    private final Shell shell;
    private final OutputStream out;
    private final OutputStream err;
    private final Deque<Mark<L>> marks = new ArrayDeque<>();

    private record Mark<L>(L label, Cluster.Checkpoint cluster, SavedShell shell) {}

    /**
     * Something that was undone.
     *
     * @param label its name
     * @param notes what the user should know, one sentence each
     */
    public record Undone<L>(L label, List<String> notes) {
        public Undone {
            notes = List.copyOf(notes);
        }
    }

    /**
     * @param out where port-forwards that have to start again write to
     */
    public UndoLog(Cluster cluster, Shell shell, OutputStream out, OutputStream err) {
        this.cluster = cluster;
        this.shell = shell;
        this.out = out;
        this.err = err;
    }

    /**
     * Call before something is done. Beyond a hundred the oldest is forgotten.
     *
     * @return false where the kind of cluster cannot go back
     */
    public boolean remember(L label) {
        Optional<Cluster.Checkpoint> now = cluster.checkpoint();
        now.ifPresent(checkpoint -> marks.push(new Mark<>(label, checkpoint, shell.save())));
        if (marks.size() > LIMIT) {
            marks.removeLast();
        }
        return now.isPresent();
    }

    /** Forgets the newest when neither a client changed the cluster nor the shell changed since. */
    public void forgetUnchanged() {
        Mark<L> newest = marks.peek();
        if (newest != null && !newest.cluster().changed() && newest.shell().equals(shell.save())) {
            marks.pop();
        }
    }

    /** What can be undone, the newest first. */
    public List<L> labels() {
        return marks.stream().map(Mark::label).toList();
    }

    /** Undoes the newest; empty when there is none. */
    public Optional<Undone<L>> undo() throws InterruptedException {
        Mark<L> newest = marks.peek();
        if (newest == null) {
            return Optional.empty();
        }
        List<String> notes = new ArrayList<>();
        if (newest.cluster().changed()) {
            newest.cluster().restore();
            notes.add(LOST);
        }
        marks.pop();
        notes.addAll(ShellRestart.restore(shell, newest.shell(), out, err));
        return Optional.of(new Undone<>(newest.label(), notes));
    }
}
