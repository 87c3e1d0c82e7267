package dev.meshdojo.simulator.apiserver.stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.ContainerProcess;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command for a client from start to the final Status. The process dies with the connection.
 */
final class CommandSession implements Runnable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PodStreams streams;
    private final CommandRequest request;
    private final CommandStreams client;
    private final Channel connection;
    private final StatusForm form;

    /** How the final word is written. */
    enum StatusForm {
        /** A Status object, from protocol version 4 on. */
        JSON,
        /** An error's text, or nothing. */
        TEXT
    }

    CommandSession(
            PodStreams streams,
            CommandRequest request,
            CommandStreams client,
            Channel connection,
            StatusForm form) {
        this.streams = streams;
        this.request = request;
        this.client = client;
        this.connection = connection;
        this.form = form;
    }

    /** Runs to the end; on a virtual thread. */
    @Override
    public void run() {
        try {
            client.error().write(finalWord(execute()));
            client.error().flush();
        } catch (IOException e) {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.close();
        } finally {
            client.close().run();
        }
    }

    private ObjectNode execute() throws InterruptedException {
        ContainerProcess process;
        try {
            process = request.start(streams, client);
        } catch (ApiException e) {
            return e.status();
        }
        connection.closeFuture().addListener(done -> process.close());
        Thread resizer = followSize(process);
        try {
            return exited(process.await());
        } catch (ApiException e) {
            return e.status();
        } finally {
            process.close();
            if (resizer != null) {
                resizer.interrupt();
            }
        }
    }

    private @Nullable Thread followSize(ContainerProcess process) {
        InputStream sizes = client.resize();
        if (sizes == null) {
            return null;
        }
        return Thread.startVirtualThread(
                () -> {
                    try (JsonParser parser = JSON.createParser(sizes)) {
                        var values = JSON.readValues(parser, JsonNode.class);
                        while (values.hasNextValue()) {
                            JsonNode size = values.nextValue();
                            process.resize(size.path("Width").asInt(), size.path("Height").asInt());
                        }
                    } catch (IOException e) {
                        // the client sends no sizes any more
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /** The Status of a process that ended with that code. */
    static ObjectNode exited(int code) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.putObject("metadata");
        if (code == 0) {
            return status.put("status", "Success");
        }
        status.put("status", "Failure")
                .put(
                        "message",
                        "command terminated with non-zero exit code: command terminated with exit"
                                + " code "
                                + code)
                .put("reason", "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(code));
        return status;
    }

    private byte[] finalWord(ObjectNode status) throws IOException {
        if (form == StatusForm.JSON) {
            return JSON.writeValueAsBytes(status);
        }
        return status.path("message").asText("").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
