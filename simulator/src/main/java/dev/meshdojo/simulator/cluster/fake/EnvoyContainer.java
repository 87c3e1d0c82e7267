package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.gateway.AdminOptions;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.BootstrapFile;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.simulator.apps.Container;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoyproxy/envoy}: the gateway runtime with a bootstrap from {@code --config-yaml} or the
 * file that {@code -c} names, {@code /etc/envoy/envoy.yaml} by default. Static resources only.
 */
final class EnvoyContainer {

    private static final String DEFAULT_PATH = "/etc/envoy/envoy.yaml";
    private static final String DEFAULT_CONFIG =
            "admin: {address: {socket_address: {address: 0.0.0.0, port_value: 9901}}}";

    private EnvoyContainer() {}

    /** Whether the container's image is Envoy's own. */
    static boolean runs(Container container) {
        String image = container.image();
        String name = image.substring(image.lastIndexOf('/') + 1).split("[:@]", 2)[0];
        return name.equals("envoy") || name.equals("envoy-distroless");
    }

    /**
     * Starts.
     *
     * @param options the runtime's surroundings
     * @throws IOException when the configuration cannot be read or run; worded as Envoy does it
     */
    static AutoCloseable start(Container container, GatewayOptions options) throws IOException {
        try {
            return run(container, options, bootstrap(container));
        } catch (InvalidConfigException e) {
            throw new IOException("error initializing configuration: " + e.getMessage(), e);
        }
    }

    private static AutoCloseable run(
            Container container, GatewayOptions options, BootstrapFile file) throws IOException {
        Bootstrap bootstrap = file.proto();
        GatewayRuntime runtime =
                GatewayRuntime.start(
                        options.withAdmin(
                                new AdminOptions(admin(bootstrap), null, null, bootstrap, null)));
        boolean runs = false;
        try {
            Acknowledgement answer = runtime.run(file);
            if (!answer.accepted()) {
                Acknowledgement.Rejection first = answer.rejections().getFirst();
                throw new IOException(
                        "error initializing configuration: "
                                + first.resource()
                                + ": "
                                + first.reason());
            }
            container.log("all dependencies initialized. starting workers");
            runs = true;
            return runtime;
        } finally {
            if (!runs) {
                runtime.close();
            }
        }
    }

    private static BootstrapFile bootstrap(Container container) throws IOException {
        List<String> words = new ArrayList<>(container.command());
        words.addAll(container.args());
        String inline = option(words, "--config-yaml");
        if (inline != null) {
            return BootstrapFile.of(Path.of("--config-yaml"), inline);
        }
        String named = option(words, "-c", "--config-path");
        String path = named == null ? DEFAULT_PATH : named;
        byte[] file = container.files().read(path);
        if (file == null && named != null) {
            throw new IOException(
                    "error initializing configuration '"
                            + path
                            + "': unable to read file: "
                            + path);
        }
        String text = file == null ? DEFAULT_CONFIG : new String(file, StandardCharsets.UTF_8);
        return BootstrapFile.of(Path.of(path), text);
    }

    private static @Nullable String option(List<String> words, String... names) {
        for (int i = 0; i < words.size(); i++) {
            for (String name : names) {
                if (words.get(i).equals(name) && i + 1 < words.size()) {
                    return words.get(i + 1);
                }
                if (words.get(i).startsWith(name + "=")) {
                    return words.get(i).substring(name.length() + 1);
                }
            }
        }
        return null;
    }

    private static @Nullable InetSocketAddress admin(Bootstrap bootstrap) {
        if (!bootstrap.getAdmin().getAddress().hasSocketAddress()) {
            return null;
        }
        SocketAddress address = bootstrap.getAdmin().getAddress().getSocketAddress();
        return new InetSocketAddress(address.getAddress(), address.getPortValue());
    }
}
