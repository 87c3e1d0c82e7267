package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.io.IOException;
import java.net.Socket;

/**
 * The {@code grpc} probe. No sample workload serves gRPC's health protocol, so it tells whether the
 * port is open.
 */
final class GrpcProbe {

    private GrpcProbe() {}

    static String check(JsonNode probe, RunningContainer container) throws InterruptedException {
        int port = Fields.number(probe, "port");
        try (Socket socket = container.cluster().connect(null, container.pod().ip(), port)) {
            return socket.isConnected() ? "" : "not connected";
        } catch (IOException e) {
            return "timeout: failed to connect service \""
                    + container.pod().ip()
                    + ":"
                    + port
                    + "\" within 1s: context deadline exceeded";
        }
    }
}
