package dev.meshdojo.simulator.apiserver.stream;

import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.ContainerProcess;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.PodName;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.Stdio;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An exec or attach request. */
record CommandRequest(
        PodName pod,
        @Nullable String container,
        boolean attach,
        List<String> command,
        boolean stdin,
        boolean stdout,
        boolean stderr,
        boolean tty) {

    /** Reads and checks the parameters. */
    static CommandRequest of(StreamPath path, ApiRequest request) {
        boolean tty = StreamPath.flag(request, "tty");
        CommandRequest read =
                new CommandRequest(
                        path.pod(),
                        request.parameter("container"),
                        path.kind() == StreamPath.Kind.ATTACH,
                        StreamPath.all(request, "command"),
                        StreamPath.flag(request, "stdin"),
                        StreamPath.flag(request, "stdout"),
                        StreamPath.flag(request, "stderr") && !tty,
                        tty);
        if (!read.stdin && !read.stdout && !read.stderr) {
            throw Statuses.badRequest("you must specify at least 1 of stdin, stdout, stderr");
        }
        if (!read.attach && read.command.isEmpty()) {
            throw Statuses.badRequest("you must specify at least 1 command argument");
        }
        return read;
    }

    ContainerProcess start(PodStreams streams, CommandStreams client) {
        Stdio stdio =
                new Stdio(
                        stdin ? client.stdin() : null,
                        stdout ? client.stdout() : null,
                        stderr ? client.stderr() : null,
                        tty);
        return attach
                ? streams.attach(pod, container, stdio)
                : streams.exec(pod, container, command, stdio);
    }
}
