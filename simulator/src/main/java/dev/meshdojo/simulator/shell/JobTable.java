package dev.meshdojo.simulator.shell;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Running and ended tasks of one shell. Thread-safe. */
final class JobTable {

    private static final int FIRST_PID = 1001;

    private final AtomicInteger pids = new AtomicInteger(FIRST_PID);
    private final ConcurrentSkipListMap<Integer, Task> tasks = new ConcurrentSkipListMap<>();

    int nextPid() {
        return pids.getAndIncrement();
    }

    Task foreground(String source) {
        Task task = new Task(0, nextPid(), source);
        tasks.put(task.identity().pid(), task);
        return task;
    }

    synchronized Task background(String source) {
        int number = background().stream().mapToInt(Task::number).max().orElse(0) + 1;
        Task task = new Task(number, nextPid(), source);
        tasks.put(task.identity().pid(), task);
        return task;
    }

    void forget(Task task) {
        tasks.remove(task.identity().pid());
    }

    /** Background jobs by number, ended ones included until they are told of. */
    List<Task> background() {
        return tasks.values().stream().filter(t -> t.number() > 0).toList();
    }

    Collection<Task> all() {
        return tasks.values();
    }

    @Nullable Task byPid(int pid) {
        return tasks.get(pid);
    }

    /** {@code %1}, {@code %%}, {@code %+}, {@code %-}, {@code %name}. */
    @Nullable Task bySpec(String spec) {
        List<Task> jobs = background();
        String key = spec.substring(1);
        if (jobs.isEmpty()) {
            return null;
        }
        if (key.isEmpty() || key.equals("%") || key.equals("+")) {
            return jobs.getLast();
        }
        if (key.equals("-")) {
            return jobs.size() > 1 ? jobs.get(jobs.size() - 2) : jobs.getLast();
        }
        for (Task job : jobs) {
            if (key.equals(String.valueOf(job.number())) || job.source().startsWith(key)) {
                return job;
            }
        }
        return null;
    }
}
