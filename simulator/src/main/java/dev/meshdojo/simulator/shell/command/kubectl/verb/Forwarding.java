package dev.meshdojo.simulator.shell.command.kubectl.verb;

import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import dev.meshdojo.simulator.shell.command.kubectl.rest.ChannelSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * One forwarded connection: a WebSocket of its own whose channel 0 carries data and channel 1
 * errors; the first message of each names the port.
 */
final class Forwarding implements ChannelSocket.Receiver, AutoCloseable {

    private static final DateTimeFormatter KLOG =
            DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS", Locale.ROOT);

    private final Session session;
    private final Socket local;
    private final String namespace;
    private final String pod;
    private final int localPort;
    private final int remotePort;
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean dataPortSeen;
    private volatile boolean errorPortSeen;

    Forwarding(
            Session session,
            Socket local,
            String namespace,
            String pod,
            int localPort,
            int remotePort) {
        this.session = session;
        this.local = local;
        this.namespace = namespace;
        this.pod = pod;
        this.localPort = localPort;
        this.remotePort = remotePort;
    }

    /** Carries bytes until an end closes; true when the pod is gone for good. */
    boolean run() {
        String path =
                "/api/v1/namespaces/"
                        + namespace
                        + "/pods/"
                        + pod
                        + "/portforward?ports="
                        + remotePort;
        try (ChannelSocket stream =
                ChannelSocket.open(
                        session.client(), path, this, "v4.channel.k8s.io", "portforward.k8s.io")) {
            Thread upstream = Thread.ofVirtual().start(() -> copy(stream));
            done.await();
            boolean failed = report();
            local.close();
            upstream.interrupt();
            return failed;
        } catch (ChannelSocket.HandshakeException e) {
            log(
                    "error creating error stream for port "
                            + localPort
                            + " -> "
                            + remotePort
                            + ": "
                            + e.getMessage());
            return e.code() == 404;
        } catch (IOException e) {
            log(
                    "error creating error stream for port "
                            + localPort
                            + " -> "
                            + remotePort
                            + ": "
                            + e.getMessage());
            return false;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void copy(ChannelSocket stream) {
        byte[] buffer = new byte[32 * 1024];
        try {
            InputStream in = local.getInputStream();
            int count = in.read(buffer);
            while (count >= 0) {
                stream.send(0, buffer, count);
                count = in.read(buffer);
            }
        } catch (IOException closed) {
            done.countDown();
            return;
        }
        done.countDown();
    }

    /** Tells of an error the pod reported; like kubectl, the whole command ends then. */
    private boolean report() {
        String text;
        synchronized (error) {
            text = error.toString(StandardCharsets.UTF_8);
        }
        if (!text.isEmpty()) {
            log("an error occurred forwarding " + localPort + " -> " + remotePort + ": " + text);
        }
        return !text.isEmpty();
    }

    private void log(String message) {
        String time =
                KLOG.format(
                        session.invocation()
                                .host()
                                .clock()
                                .instant()
                                .atZone(ZoneId.systemDefault()));
        int pid = session.invocation().job().pid();
        session.err()
                .print(
                        "E%s %7d portforward.go:424] \"Unhandled Error\" err=%s\n"
                                .formatted(time, pid, quoted(message)));
        session.err().flush();
    }

    private static String quoted(String message) {
        boolean multi = message.strip().contains("\n");
        return multi
                ? "<\n\t" + message.strip().replace("\n", "\n\t") + "\n >"
                : "\""
                        + message.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                        + "\"";
    }

    @Override
    public void message(int channel, byte[] data) {
        if (channel == 0) {
            if (!dataPortSeen) {
                dataPortSeen = true;
                return;
            }
            write(data);
        } else if (!errorPortSeen) {
            errorPortSeen = true;
        } else {
            synchronized (error) {
                error.writeBytes(data);
            }
            done.countDown();
        }
    }

    private void write(byte[] data) {
        try {
            OutputStream out = local.getOutputStream();
            out.write(data);
            out.flush();
        } catch (IOException closed) {
            done.countDown();
        }
    }

    @Override
    public void closed(String failure) {
        done.countDown();
    }

    @Override
    public void close() {
        done.countDown();
        try {
            local.close();
        } catch (IOException e) {
            log(String.valueOf(e.getMessage()));
        }
    }
}
