package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;
import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.rest.ChannelSocket;
import dev.meshdojo.simulator.shell.command.kubectl.rest.RestClient;
import dev.meshdojo.simulator.shell.command.kubectl.rest.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A command's streams in a container, over the remote command protocol. */
final class RemoteCommand implements ChannelSocket.Receiver {

    private final Session session;
    private final InputStream stdin;
    private final OutputStream stdout;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile String status = "";
    private volatile String failure = "";

    /**
     * @param stdin what is sent; the null stream when nothing is
     * @param stdout where output goes
     */
    RemoteCommand(Session session, InputStream stdin, OutputStream stdout) {
        this.session = session;
        this.stdin = stdin;
        this.stdout = stdout;
    }

    /** Runs to the end and gives the exit code. */
    int run(String path, boolean sendsInput) throws InterruptedException {
        try (ChannelSocket socket =
                ChannelSocket.open(
                        session.client(), path, this, "v5.channel.k8s.io", "v4.channel.k8s.io")) {
            Thread input = sendsInput ? Thread.ofVirtual().start(() -> send(socket)) : null;
            try {
                done.await();
            } finally {
                if (input != null) {
                    input.interrupt();
                }
            }
            return exitCode();
        } catch (ChannelSocket.HandshakeException e) {
            throw refused(e);
        } catch (IOException e) {
            throw KubectlException.error("error dialing backend: " + e.getMessage());
        }
    }

    private RuntimeException refused(ChannelSocket.HandshakeException e) {
        try {
            JsonNode body = RestClient.JSON.readTree(String.valueOf(e.getMessage()));
            if (body != null && body.path("kind").asText().equals("Status")) {
                return new StatusException(body);
            }
        } catch (JsonProcessingException notJson) {
            return KubectlException.error("unable to upgrade connection: " + e.getMessage());
        }
        return KubectlException.error("unable to upgrade connection: " + e.getMessage());
    }

    private void send(ChannelSocket socket) {
        byte[] buffer = new byte[16 * 1024];
        try {
            int count = stdin.read(buffer);
            while (count >= 0) {
                socket.send(0, buffer, count);
                count = stdin.read(buffer);
            }
            if (socket.protocol().startsWith("v5")) {
                socket.send(255, new byte[] {0}, 1);
            }
        } catch (IOException ended) {
            failure = failure.isEmpty() ? String.valueOf(ended.getMessage()) : failure;
        }
    }

    private int exitCode() {
        if (status.isEmpty()) {
            if (!failure.isEmpty()) {
                throw KubectlException.error(failure);
            }
            return 0;
        }
        JsonNode answer;
        try {
            answer = RestClient.JSON.readTree(status);
        } catch (JsonProcessingException e) {
            throw KubectlException.error(status);
        }
        if (answer.path("status").asText().equals("Success")) {
            return 0;
        }
        if (answer.path("reason").asText().equals("NonZeroExitCode")) {
            for (JsonNode cause : answer.path("details").path("causes")) {
                if (cause.path("reason").asText().equals("ExitCode")) {
                    int code = cause.path("message").asInt(1);
                    session.out().flush();
                    session.err().print("command terminated with exit code " + code + "\n");
                    return code;
                }
            }
        }
        throw KubectlException.error(answer.path("message").asText(status));
    }

    @Override
    public void message(int channel, byte[] data) {
        try {
            switch (channel) {
                case 1 -> {
                    stdout.write(data);
                    stdout.flush();
                }
                case 2 -> {
                    session.err().write(data);
                    session.err().flush();
                }
                case 3 -> {
                    status = new String(data, StandardCharsets.UTF_8);
                    done.countDown();
                }
                default -> failure = "unexpected channel " + channel;
            }
        } catch (IOException | RuntimeException e) {
            failure = String.valueOf(e.getMessage());
            done.countDown();
        }
    }

    @Override
    public void closed(String reason) {
        failure = failure.isEmpty() ? reason : failure;
        done.countDown();
    }
}
